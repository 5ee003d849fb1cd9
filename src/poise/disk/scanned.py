"""What reading the disks of a machine gave."""

from __future__ import annotations

import msgspec

from poise.model.host.disk_scan import VolumeFacts
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software


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
    images: tuple[Software, ...] = ()
    """Packages of the container images in its store."""
    peak_memory_bytes: int = 0
    """Most memory that the reading process held."""

    @property
    def unread(self) -> tuple[str, ...]:
        """What could not be read: gaps, and volumes that hold files."""
        volumes = (f"{one.name}: {one.reason}" for one in self.volumes if one.reason and one.kind != "swap")
        return (*self.gaps, *volumes)
