"""Checks of machines: files."""
