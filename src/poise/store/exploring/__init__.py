"""Runs the explorer's queries on the stored graph, as SQL."""

from poise.store.exploring.run import Exploring, TooSlow

__all__ = ["Exploring", "TooSlow"]
