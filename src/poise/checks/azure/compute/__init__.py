"""Checks of Azure virtual machines."""
