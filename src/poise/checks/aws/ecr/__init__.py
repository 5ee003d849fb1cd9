"""Checks of Amazon Elastic Container Registry."""
