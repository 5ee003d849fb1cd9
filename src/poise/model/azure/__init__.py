"""Records of Azure assets, one module a service."""
