"""Checks of machines: logging."""
