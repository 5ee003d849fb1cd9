"""What reading the disks of a machine gave."""

from __future__ import annotations

import msgspec

from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software


class VolumeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A volume that was found on a disk, read or not."""

    name: str
    """`disk 1, partition 2`, `vg/root`."""
    container: str
    """Format of the image around it: `raw`, `vhd`, `vhdx`, `vmdk`, `qcow2`."""
    kind: str
    """What it holds: `ext4`, `xfs`, `btrfs`, `swap`; empty if that is not known."""
    size_bytes: int
    """Its length."""
    uuid: str
    """Id of its file system; empty for none."""
    label: str
    """Label of its file system; empty for none."""
    mounted_at: str
    """Where the machine mounts it; empty if it does not, or it was not read."""
    needs_recovery: bool | None
    """Whether its journal was not replayed: files changed in the last seconds may be stale. None: not known."""
    reason: str
    """Why it was not read; empty if it could be."""


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan of disks or of a folder gave."""

    machine: Machine | None
    """Configuration of the machine; None if no root was found or reading it failed."""
    software: Software | None
    """Its packages."""
    secrets: Secrets | None
    """Secrets in its files; None also if they were not asked for."""
    volumes: tuple[VolumeFacts, ...]
    """Every volume of its disks."""
    gaps: tuple[str, ...]
    """What could not be read, beside what the records themselves list."""
    peak_memory_bytes: int = 0
    """Most memory that the reading process held."""
