"""Checks of AWS IAM."""
