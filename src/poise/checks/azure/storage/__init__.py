"""Checks of Azure Storage."""
