"""Checks of Azure networks."""
