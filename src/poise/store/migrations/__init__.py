"""Migrations of the store, one file a version; run by :mod:`poise.store.migrate` inside one transaction."""
