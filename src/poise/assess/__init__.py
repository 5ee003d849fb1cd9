"""Runs checks over an inventory."""
