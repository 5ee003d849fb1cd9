"""Checks of machines: time."""
