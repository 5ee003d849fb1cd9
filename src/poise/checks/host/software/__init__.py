"""Checks of the software on machines."""
