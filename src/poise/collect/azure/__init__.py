"""Reads Azure subscriptions."""
