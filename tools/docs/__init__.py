"""Builds the documentation: hand-written pages, and a reference made from the objects themselves."""
