"""Who runs a command, for the audit log."""

from __future__ import annotations

import getpass


def actor() -> str:
    """Return the name of the user of this process."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):
        return "unknown user (command line)"
