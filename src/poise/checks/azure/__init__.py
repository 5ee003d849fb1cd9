"""Checks of Azure assets."""
