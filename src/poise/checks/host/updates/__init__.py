"""Checks of machines: updates."""
