"""Poise: cloud security posture management that a team runs itself."""

__version__ = "0.1.0"
