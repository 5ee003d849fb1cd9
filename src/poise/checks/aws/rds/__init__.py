"""Checks of AWS RDS."""
