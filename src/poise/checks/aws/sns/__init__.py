"""Checks of Amazon SNS."""
