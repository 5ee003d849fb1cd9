"""Checks of an AWS account as a whole."""
