"""Readers of package databases and of files that name packages."""
