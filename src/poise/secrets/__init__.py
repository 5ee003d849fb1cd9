"""Finds secrets in texts, and keeps none of them."""
