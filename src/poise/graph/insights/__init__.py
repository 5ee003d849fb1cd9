"""Insights: what is told of each node, by name."""
