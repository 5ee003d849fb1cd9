"""Checks of Azure Key Vault."""
