"""Machines without agents: block sources, volumes, file systems and the facts read from them."""
