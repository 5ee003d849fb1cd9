"""Checks of machines: hosts, disks, images."""
