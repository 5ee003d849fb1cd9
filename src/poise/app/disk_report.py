"""Scans one machine through its disks, matches what is installed, and sums up what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from poise.app import queries, shapes
from poise.app.disk import DiskConnector, DiskReading
from poise.app.reports import ScanReport, scan_report
from poise.app.scan import ScanOptions, scan
from poise.app.vulnerabilities_matching import StoredSoftware
from poise.app.workspace import Workspace
from poise.disk.facts.machine import Identity
from poise.model.asset import Asset
from poise.model.finding import Finding
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listings import FindingFilter
from poise.model.verdict import Severity, State
from poise.vulns.index import open_index
from poise.vulns.match import Matcher

SUFFIXES = ("", "#software", "#secrets", "#vulnerabilities")
"""Behind the id of a machine: its records."""


@dataclass(frozen=True)
class DiskReport:
    """What scanning one machine gave."""

    identity: Identity
    reading: DiskReading
    vulnerabilities: Vulnerabilities | None
    """None if the software could not be read."""
    findings: tuple[Finding, ...]
    """Open findings about the machine and its records."""
    scan: ScanReport

    @property
    def gaps(self) -> tuple[str, ...]:
        """What could not be read."""
        return self.reading.scanned.unread

    @property
    def is_matched(self) -> bool:
        """Whether packages were compared with advisories: with none, no vulnerability found means nothing."""
        found = self.vulnerabilities
        return found is not None and "matched" in found.known() and (found.matched > 0 or not found.unmatched)

    @property
    def worst(self) -> Severity | None:
        """Highest risk of an open unhealthy finding that counts."""
        return self.scan.worst

    def public(self) -> dict[str, Any]:
        """Return the JSON shape that scripts rely on. A part that could not be read is None."""
        scanned, counters = self.reading.scanned, self.reading.counters
        return {
            "machine": self.identity.id,
            "cloud_asset": self.identity.cloud_asset,
            "os": _field(scanned.machine, "os"),
            "packages": _field(scanned.software, "packages"),
            "vulnerabilities": _field(self.vulnerabilities, "found") if self.is_matched else None,
            "unmatched": _field(self.vulnerabilities, "unmatched"),
            "secrets": _field(scanned.secrets, "found"),
            "findings": [shapes.finding_json(one) for one in self.findings],
            "volumes": msgspec.to_builtins(scanned.volumes),
            "gaps": list(self.gaps),
            "unread": dict(scanned.machine.unread) if scanned.machine else {},
            "stats": {
                "blocks_read": counters.blocks_read,
                "bytes_read": counters.bytes_read,
                "requests": counters.requests,
                "seconds": round(self.reading.seconds, 3),
                "memory_bytes": scanned.peak_memory_bytes,
                "unchanged_since": list(self.reading.unchanged_since),
            },
        }


def scan_disk(workspace: Workspace, connector: DiskConnector, index: Path, options: ScanOptions) -> DiskReport:
    """Read a machine, judge and keep it, match its software with the index of advisories, and report."""
    identity = connector.targets[0].identity
    report = scan_report(workspace, scan(workspace, [connector], options))
    with open_index(index) as advisories:
        matching = StoredSoftware(workspace, connector.source, (identity.scope,), Matcher(advisories))
        scan(workspace, [matching], options)
    reading = connector.readings[identity.id]
    found = _vulnerabilities(workspace, connector.source, identity) if reading.scanned.software else None
    return DiskReport(identity, reading, found, tuple(_findings(workspace, identity)), report)


def _vulnerabilities(workspace: Workspace, source: str, identity: Identity) -> Vulnerabilities | None:
    wanted = identity.id + SUFFIXES[3]
    stored = workspace.store.assets.load(source, (identity.scope,), (Vulnerabilities.KIND,))
    return next((one for one in stored if isinstance(one, Vulnerabilities) and one.id == wanted), None)


def _findings(workspace: Workspace, identity: Identity) -> list[Finding]:
    every = (FindingFilter(asset_id=identity.id + suffix) for suffix in SUFFIXES)
    found = [one for wanted in every for one in queries.all_findings(workspace, wanted)]
    return sorted(found, key=lambda one: one.verdict is not State.UNHEALTHY)


def _field(record: Asset | None, name: str) -> Any:
    if record is None or name in record.unread:
        return None
    value: Mapping[str, Any] = msgspec.to_builtins({name: record.known()[name]})
    return value[name]
