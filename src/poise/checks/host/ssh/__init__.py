"""Checks of machines: ssh."""
