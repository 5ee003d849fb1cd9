"""Checks of AWS Lambda."""
