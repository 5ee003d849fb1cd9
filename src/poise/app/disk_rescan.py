"""Uses the facts of an earlier scan again where no block that they were read from has changed.

A reader learns of a disk only by its size and the blocks that it asks for. If both are as they were, and the code and
the options too, it would read the same again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import structlog

from poise.app.code_digest import disk_digest
from poise.app.workspace import Workspace
from poise.disk.facts.machine import Identity
from poise.disk.sandbox import Bounds
from poise.disk.scanned import Scanned
from poise.disk.source.block import BlockUnread
from poise.disk.target import Target
from poise.disk.wire import IMAGE
from poise.model.asset import Asset, replace
from poise.model.host.disk_scan import DiskScan
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software

A = TypeVar("A", bound=Asset)
READ = "read"
KINDS = (DiskScan, Machine, Software, Secrets)
log = structlog.get_logger()


@dataclass(frozen=True)
class Known:
    """What an earlier scan has left of a machine."""

    scan: DiskScan
    machine: Machine
    software: Software
    secrets: Secrets | None
    images: tuple[Software, ...]

    def scanned(self, identity: Identity) -> Scanned:
        """Return it as a scan of now, under the name and tags of now."""
        return Scanned(
            machine=_named(self.machine, identity),
            software=_named(self.software, identity),
            secrets=_named(self.secrets, identity) if self.secrets else None,
            images=tuple(replace(image, region=identity.region, tags=dict(identity.tags)) for image in self.images),
            volumes=self.scan.volumes,
            gaps=(),
        )


Earlier = Callable[[Identity], Known | None]
"""Answers what is known of a machine."""


def nothing_known(identity: Identity) -> Known | None:
    """Say that nothing is."""
    return None


def stored(workspace: Workspace, source: str) -> Earlier:
    """Return the answer of a store."""

    def known(identity: Identity) -> Known | None:
        found: dict[type[Asset], Asset] = {}
        kinds = [kind.KIND for kind in KINDS]
        images = []
        for one in workspace.store.assets.load(source, (identity.scope,), kinds):
            if isinstance(one, Software) and one.id.startswith(identity.id + IMAGE):
                images.append(one)
            elif one.id.partition("#")[0] == identity.id:
                found[type(one)] = one
        scan, machine, software = found.get(DiskScan), found.get(Machine), found.get(Software)
        secrets = found.get(Secrets)
        if not (isinstance(scan, DiskScan) and isinstance(machine, Machine) and isinstance(software, Software)):
            return None
        return Known(scan, machine, software, secrets if isinstance(secrets, Secrets) else None, tuple(images))

    return known


def reader(bounds: Bounds, keys: int, *, has_secrets: bool) -> str:
    """Return the digest of the code and of the options that decide what is read."""
    options = msgspec.json.encode((bounds.limits, keys, has_secrets))
    return hashlib.sha256(disk_digest() + options).hexdigest()[:32]


@dataclass(frozen=True)
class Compared:
    """What comparing the snapshots of now with earlier ones gave."""

    unchanged: tuple[str, ...] = ()
    """The snapshots of now, if a scan of them would give what is known; none otherwise, or where it cannot be told."""
    requests: int = 0
    """Calls that it took."""


def compared(target: Target, known: Known, reader: str) -> Compared:
    """Compare the snapshots of now with those of which facts are known."""
    scan = known.scan
    if scan.state != READ or scan.reader != reader or not scan.snapshots:
        return Compared()
    try:
        newer = tuple(target.kept())
        if len(newer) != len(scan.snapshots):
            return Compared()
        changed = target.changed(scan.snapshots, newer)
    except BlockUnread as problem:
        log.info("what changed on a machine cannot be told", machine=scan.machine, reason=problem.reason)
        return Compared()
    is_same = all(
        one.size == size and one.blocks.isdisjoint(numbers(text))
        for one, size, text in zip(changed, scan.sizes, scan.blocks, strict=True)
    )
    return Compared(newer if is_same else (), sum(one.requests for one in changed))


def ranges(numbers: Iterable[int]) -> str:
    """Return numbers as ranges: `0-3,17`."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in found)


def numbers(text: str) -> set[int]:
    """Return the numbers of ranges."""
    found: set[int] = set()
    for part in text.split(",") if text else ():
        low, _, high = part.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return found


def _named(asset: A, identity: Identity) -> A:
    return replace(asset, name=identity.name, region=identity.region, tags=dict(identity.tags))
