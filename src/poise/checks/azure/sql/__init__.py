"""Checks of Azure SQL."""
