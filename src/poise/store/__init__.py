"""Keeps inventories, verdicts and history in SQLite or PostgreSQL."""
