"""Checks of AWS KMS."""
