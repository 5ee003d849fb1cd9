"""Checks of AWS Secrets Manager."""
