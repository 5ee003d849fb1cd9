"""Records of AWS assets, one module a service."""
