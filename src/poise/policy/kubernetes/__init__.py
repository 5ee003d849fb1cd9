"""The judge of Kubernetes RBAC."""
