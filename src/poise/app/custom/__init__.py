"""Tenants' own checks: where they are kept, and the process that evaluates their rules."""
