"""Checks of Azure role-based access control."""
