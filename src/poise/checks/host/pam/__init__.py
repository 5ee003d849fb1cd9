"""Checks of machines: pam."""
