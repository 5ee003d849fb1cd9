"""Checks of machines: audit."""
