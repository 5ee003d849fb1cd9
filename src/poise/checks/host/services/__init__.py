"""Checks of machines: services."""
