"""Checks of machines: access control."""
