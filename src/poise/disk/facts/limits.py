"""How much of a disk is read: whatever a limit cuts off is recorded as a gap."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of one reading. A hostile disk reaches them, an ordinary one does not."""

    files: int = 3_000_000
    """Files and folders that the walk visits."""
    depth: int = 64
    """Folders inside each other that the walk enters."""
    text_bytes: int = 16 << 20
    """Of one configuration file or text database."""
    database_bytes: int = 512 << 20
    """Of one binary package database or registry hive."""
    packages: int = 500_000
    """Packages of one machine."""
    entries: int = 20_000
    """Lines, rules or files that one fact of the machine holds."""
    nested: int = 5
    """Archives inside each other that are opened."""
    members: int = 100_000
    """Members of one archive."""
    inflated_bytes: int = 512 << 20
    """Bytes that the members of one outermost archive may inflate to, together."""
    secret_file_bytes: int = 1 << 20
    """Of one file that is searched for secrets; a larger one is searched up to here."""
    secret_bytes: int = 2 << 30
    """Of all files that are searched for secrets."""
