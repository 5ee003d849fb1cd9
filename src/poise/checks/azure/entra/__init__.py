"""Checks of the Entra directory."""
