"""Checks that a tenant writes: definitions, and how they become checks like any other."""
