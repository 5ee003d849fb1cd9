"""Tenants' own checks: where they are kept, and the process that evaluates their rules."""

WRITTEN = "custom_checks"
"""Name under which the store keeps the checks that were written on the page or sent to the API."""
