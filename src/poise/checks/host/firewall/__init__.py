"""Checks of machines: firewall."""
