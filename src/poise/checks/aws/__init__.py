"""Checks of AWS assets."""
