"""Checks of machines: accounts."""
