"""Checks of machines: containers."""
