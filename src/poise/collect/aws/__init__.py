"""Reads AWS accounts."""
