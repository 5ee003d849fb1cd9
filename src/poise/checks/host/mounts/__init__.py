"""Checks of machines: mounts."""
