"""Families of edges, one a module; see :mod:`poise.graph.family`."""
