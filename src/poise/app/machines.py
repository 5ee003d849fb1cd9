"""What is known of machines: which were scanned and how, what runs on them, and why others were not scanned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from poise.app.workspace import Workspace
from poise.model.asset import Asset
from poise.model.host.disk_scan import DiskScan
from poise.model.host.estate import Hosts
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listings import AssetFilter, AssetRow

CLOUD_KINDS = frozenset({"AWS::EC2::Instance", "Microsoft.Compute/virtualMachines", "compute.googleapis.com/Instance"})
"""Machines of clouds: what a disk scan may be asked of."""
MOST_PACKAGES = 2_000
"""Packages that a list shows."""
A = TypeVar("A", bound=Asset)
LEVELS = ("critical", "high", "medium", "low", "unknown")
NEVER = "not scanned: no disk scan was asked for"
UNTOUCHED = frozenset({"not_read", "excluded"})
"""States of a try that read nothing of a machine."""


class MachineRow(msgspec.Struct, frozen=True, kw_only=True):
    """One machine in a list."""

    id: str
    """Id of its record, or of the cloud asset or host that was not scanned."""
    name: str
    """What people call it."""
    scope: str
    """Account, subscription, project or list of hosts."""
    state: str
    """`ok`, `partial`, `failed` or `skipped`."""
    reason: str = ""
    """Why it is not `ok`."""
    read_at: datetime | None = None
    """When it was last read; None if never."""
    method: str = ""
    """What read it: the source of its record."""
    os: str = ""
    """Its system."""
    packages: int | None = None
    """Installed packages; None if they were not read."""
    vulnerabilities: Mapping[str, int] | None = None
    """Severity -> number; None if its software was compared with no advisory."""
    exploited: int = 0
    """Of them, known to be exploited."""
    secrets: int | None = None
    """Secrets on its disk; None if they were not looked for."""
    cloud_asset: str | None = None
    """Id of the cloud asset it is."""


class PackageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One package in one version, on all machines."""

    name: str
    """Package."""
    version: str
    """Version."""
    ecosystem: str
    """Kind: `deb`, `pypi`."""
    machines: tuple[str, ...]
    """Ids of the machines that have it, sorted."""
    vulnerabilities: tuple[str, ...]
    """CVE ids, sorted."""


class MachineDetail(msgspec.Struct, frozen=True, kw_only=True):
    """All records of one machine; each is None if it is not stored."""

    machine: Machine | None
    """Its configuration."""
    scan: DiskScan | None
    """The latest try to read its disks."""
    row: AssetRow
    """How its record was read; that of the latest try if there is none."""
    software: Software | None
    """What is installed."""
    vulnerabilities: Vulnerabilities | None
    """What is vulnerable."""
    secrets: Secrets | None
    """Secrets on its disk."""


def machines(workspace: Workspace, scopes: frozenset[str] = frozenset()) -> list[MachineRow]:
    """Return the machines that were scanned, those that failed, and machines of clouds that were never scanned."""
    tries = {one.machine: (row, one) for row, one in _records(workspace, DiskScan, scopes)}
    scanned = [_row(workspace, row, one) for row, one in _records(workspace, Machine, scopes)]
    named = {row.id for row in scanned}
    untouched = [_untouched(row, one) for machine, (row, one) in tries.items() if machine not in named]
    known = {row.cloud_asset for row in (*scanned, *untouched)}
    return [*scanned, *untouched, *_failed(workspace, scopes), *_never(workspace, scopes, known)]


def software(workspace: Workspace, scopes: frozenset[str] = frozenset(), text: str = "") -> list[PackageRow]:
    """Return packages by name and version, those with vulnerabilities first; ``text`` is a part of the name."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for _, one in _records(workspace, Software, scopes):
        for package in one.packages if "packages" in one.known() else ():
            if text.lower() in package.name.lower():
                found.setdefault((package.name, package.version, package.ecosystem), set()).add(one.machine)
    flaws = _flaws(workspace, scopes)
    rows = [
        PackageRow(
            name=name,
            version=version,
            ecosystem=ecosystem,
            machines=tuple(sorted(where)),
            vulnerabilities=tuple(sorted({id for machine in where for id in flaws.get((machine, name), ())})),
        )
        for (name, version, ecosystem), where in found.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.vulnerabilities), row.name, row.version))[:MOST_PACKAGES]


def detail(workspace: Workspace, asset: Asset) -> MachineDetail | None:
    """Return the records of a machine, asked by itself, a try to read it, or the cloud asset it is; None if none is."""
    asked = asset.machine if isinstance(asset, DiskScan) else asset.id
    for id in (asked, f"host://{asked}"):
        found = workspace.store.assets.get(workspace.viewer, id)
        machine = found.asset if found is not None and isinstance(found.asset, Machine) else None
        tried = workspace.store.assets.get(workspace.viewer, f"{id}#disk_scan")
        scan = tried.asset if tried is not None and isinstance(tried.asset, DiskScan) else None
        read = found if machine is not None else tried if scan is not None else None
        if read is not None:
            software, flaws, secrets = (
                _companion(workspace, id, kind) for kind in (Software, Vulnerabilities, Secrets)
            )
            return MachineDetail(
                machine=machine,
                scan=scan,
                row=read.row,
                software=software if isinstance(software, Software) else None,
                vulnerabilities=flaws if isinstance(flaws, Vulnerabilities) else None,
                secrets=secrets if isinstance(secrets, Secrets) else None,
            )
    return None


def counts(found: Vulnerabilities | None) -> Mapping[str, int] | None:
    """Return severity -> number of vulnerabilities; None if nothing was compared with advisories."""
    if found is None or "found" not in found.known() or (not found.matched and found.unmatched):
        return None
    by_level = Counter(one.severity for one in found.found if one.booted)
    return {level: by_level[level] for level in LEVELS if by_level[level]}


def _records(workspace: Workspace, kind: type[A], scopes: frozenset[str]) -> Iterator[tuple[AssetRow, A]]:
    wanted = AssetFilter(kinds=frozenset({kind.KIND}), scopes=scopes)
    for row, one in workspace.store.assets.all(workspace.viewer, wanted):
        if isinstance(one, kind):
            yield row, one


def _companion(workspace: Workspace, id: str, kind: type[Asset]) -> Asset | None:
    found = workspace.store.assets.get(workspace.viewer, f"{id}#{kind.KIND.lower()}")
    return found.asset if found else None


def _row(workspace: Workspace, row: AssetRow, machine: Machine) -> MachineRow:
    seen = detail(workspace, machine)
    known = machine.known()
    gaps = [*_of_try(seen.scan if seen else None)]
    gaps += [f"{name}: {reason}" for name, reason in sorted(machine.unread.items())]
    software, secrets = (seen.software, seen.secrets) if seen else (None, None)
    flaws = seen.vulnerabilities if seen else None
    return MachineRow(
        id=machine.id,
        name=machine.name,
        scope=machine.scope,
        state="partial" if gaps else "ok",
        reason="; ".join(gaps[:3]) + (f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""),
        read_at=row.read_at,
        method=row.source,
        os=machine.os.name if "os" in known else "",
        packages=len(software.packages) if software and "packages" in software.known() else None,
        vulnerabilities=counts(flaws),
        exploited=sum(one.kev for one in flaws.found) if flaws and "found" in flaws.known() else 0,
        secrets=len(secrets.found) if secrets and "found" in secrets.known() else None,
        cloud_asset=machine.cloud_asset if "cloud_asset" in known else None,
    )


def _of_try(scan: DiskScan | None) -> Iterator[str]:
    """Yield what the latest try to read the disks did not read of a machine that is known from an earlier one."""
    if scan is not None and scan.state in UNTOUCHED:
        yield f"as of an earlier scan, the latest read nothing: {'; '.join(scan.reasons) or scan.state}"
    elif scan is not None:
        yield from scan.reasons


def _untouched(row: AssetRow, scan: DiskScan) -> MachineRow:
    """Return the row of a machine of which no scan has read anything so far."""
    return MachineRow(
        id=scan.id,
        name=scan.name,
        scope=scan.scope,
        state="skipped" if scan.state == "excluded" else "failed",
        reason="; ".join(scan.reasons),
        method=row.source,
        cloud_asset=scan.cloud_asset,
    )


def _failed(workspace: Workspace, scopes: frozenset[str]) -> Iterator[MachineRow]:
    for row, hosts in _records(workspace, Hosts, scopes):
        for one in hosts.not_scanned:
            yield MachineRow(
                id=one.machine,
                name=one.machine,
                scope=hosts.scope,
                state="failed",
                reason=one.reason,
                method=row.source,
            )


def _never(workspace: Workspace, scopes: frozenset[str], known: set[str | None]) -> Iterator[MachineRow]:
    wanted = AssetFilter(kinds=CLOUD_KINDS, scopes=scopes)
    for _, asset in workspace.store.assets.all(workspace.viewer, wanted):
        if asset.id not in known:
            yield MachineRow(id=asset.id, name=asset.name, scope=asset.scope, state="skipped", reason=NEVER)


def _flaws(workspace: Workspace, scopes: frozenset[str]) -> dict[tuple[str, str], Sequence[str]]:
    """Return machine and package -> ids of vulnerabilities."""
    found: dict[tuple[str, str], list[str]] = {}
    for _, one in _records(workspace, Vulnerabilities, scopes):
        for flaw in one.found if "found" in one.known() else ():
            found.setdefault((one.machine, flaw.package), []).append(flaw.id)
    return {key: tuple(ids) for key, ids in found.items()}
