"""Checks of Amazon VPC: networks and what filters their packets."""
