"""Connectors: provider answers in, assets out."""
