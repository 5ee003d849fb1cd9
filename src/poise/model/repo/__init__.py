"""Records of code repositories and their pipelines."""
