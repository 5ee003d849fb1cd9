"""Findings x standards -> the state of every control, by counts alone: nothing here reads a verdict."""
