"""Checks of machines: windows."""
