"""Checks of machines: sudo."""
