"""Checks of machines: kernel."""
