"""Checks of Amazon Elastic Kubernetes Service."""
