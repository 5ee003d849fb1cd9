"""Findings in, secure score out."""
