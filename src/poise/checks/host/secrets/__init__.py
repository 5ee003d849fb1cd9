"""Checks of machines: secrets on their disks."""
