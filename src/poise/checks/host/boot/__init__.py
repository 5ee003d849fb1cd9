"""Checks of machines: boot."""
