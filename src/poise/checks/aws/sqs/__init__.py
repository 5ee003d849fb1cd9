"""Checks of Amazon SQS."""
