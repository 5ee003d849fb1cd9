"""Facts of a machine, read from a tree of its files: packages, configuration, secrets."""

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import MachineFacts, read_machine

__all__ = ["Limits", "MachineFacts", "read_machine"]
