"""Check again: read the partitions of one asset, finding or check anew, through the door they came by, and judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from poise.app import queries
from poise.app.reopening import reopened
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import Workspace
from poise.collect.connector import Connector
from poise.model.errors import UsageError
from poise.model.finding import Finding
from poise.model.listing import Collected, PartitionKey, Read, Scope
from poise.model.listings import FindingFilter
from poise.model.verdict import State

Opener = Callable[[Workspace, str], Sequence[Connector]]
"""Gives the connectors of a source."""
MOST_PARTITIONS = 500
"""Partitions that are read again at once; for more, scan."""


class Turned(msgspec.Struct, frozen=True):
    """A verdict that is another one now."""

    check: str
    title: str
    asset: str
    """Id of the asset."""
    name: str
    before: State | None
    """None for one that there was not."""
    after: State | None
    reason: str


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """What checking again gave."""

    target: str
    scan: int
    partitions: tuple[str, ...]
    """What was read."""
    problems: tuple[str, ...]
    """What could not be read, and why."""
    turned: tuple[Turned, ...]
    same: int
    """Verdicts that are as they were."""
    is_gone: bool
    """Whether the asset is no longer there."""


@dataclass
class Part:
    """A connector that reads some partitions only."""

    inner: Connector
    keys: Sequence[PartitionKey]

    @property
    def source(self) -> str:
        """The door."""
        return self.inner.source

    def scopes(self) -> Sequence[Scope]:
        """Return the scopes of the partitions, of those that the door reaches."""
        wanted = {key.scope for key in self.keys}
        return tuple(scope for scope in self.inner.scopes() if scope.id in wanted)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return the partitions of a scope."""
        return tuple(key for key in self.keys if key.scope == scope.id)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of a partition."""
        return self.inner.reads(key)

    def read(self, key: PartitionKey) -> Collected:
        """Read a partition."""
        return self.inner.read(key)


def check_again(workspace: Workspace, id: str, opener: Opener = reopened) -> Again:
    """Read again what an asset, a finding or a check rests on; return what changed. Seconds, not a whole scan.

    A check is read again for its own kind; what it asks of other kinds stays as it was read. Raises
    :class:`UsageError` for an id that there is not and for a source that cannot be read again, and
    :class:`CredentialsError` if nobody is signed in; nothing is changed then.
    """
    target, wanted, keys = _target(workspace, id)
    parts = _parts(workspace, keys, opener)
    before = _verdicts(workspace, wanted)
    run = scan(workspace, parts, ScanOptions(command=f"check again {target}"))
    after = _verdicts(workspace, wanted)
    row = queries.scan(workspace, run.id)
    read = {str(key) for key in keys}
    gaps = row.coverage.gaps if row.coverage else ()
    return Again(
        target=target,
        scan=run.id,
        partitions=tuple(sorted(read)),
        problems=tuple(f"{gap.gap.call} in {gap.scope}: {gap.gap.reason}" for gap in gaps if not gap.gap.expected),
        turned=tuple(_turned(before, after)),
        same=sum(key in before and before[key].verdict is one.verdict for key, one in after.items()),
        is_gone=bool(wanted.asset_id) and _is_gone(workspace, wanted.asset_id),
    )


def _target(workspace: Workspace, id: str) -> tuple[str, FindingFilter, Sequence[PartitionKey]]:
    if id in workspace.checks:
        kind = workspace.checks[id].asset.KIND
        keys = workspace.store.scans.partitions_of(workspace.viewer, kind=kind)
        return id, FindingFilter(checks=frozenset({id}), kinds=frozenset({kind})), _few(keys, id)
    found = workspace.store.findings.get(workspace.viewer, id)
    asset = queries.asset(workspace, found.asset.id if found else id)
    asset_id = asset.row.asset.id
    keys = workspace.store.scans.partitions_of(workspace.viewer, asset=asset_id)
    return asset_id, FindingFilter(asset_id=asset_id), _few(keys, asset_id)


def _few(keys: Sequence[PartitionKey], target: str) -> Sequence[PartitionKey]:
    if not keys:
        raise UsageError(f"Nothing was read that {target} is about.", "Scan first.")
    if len(keys) > MOST_PARTITIONS:
        raise UsageError(f"{target} is about {len(keys):,} parts of the estate.", "Run a scan instead.")
    return keys


def _parts(workspace: Workspace, keys: Sequence[PartitionKey], opener: Opener) -> list[Part]:
    """Open every source before anything is read; each must reach the scopes that are meant."""
    by_source: dict[str, list[PartitionKey]] = defaultdict(list)
    for key in keys:
        by_source[key.source].append(key)
    parts: list[Part] = []
    for source, some in sorted(by_source.items()):
        opened = [_part(connector, some) for connector in opener(workspace, source)]
        reached = {key for part in opened for key in part.keys}
        for key in sorted(set(some) - reached):
            raise UsageError(f"{key} is not reached through {source} now.", "Sign in to it, or scan it as before.")
        parts += [part for part in opened if part.keys]
    return parts


def _part(connector: Connector, keys: Sequence[PartitionKey]) -> Part:
    wanted = {key.scope for key in keys}
    scopes = [scope for scope in connector.scopes() if scope.id in wanted]
    offered = {key for scope in scopes for key in connector.partitions(scope)}
    return Part(connector, [key for key in keys if key in offered])


def _verdicts(workspace: Workspace, wanted: FindingFilter) -> dict[tuple[str, str], Finding]:
    return {(one.asset.id, one.check): one for one in queries.all_verdicts(workspace, wanted)}


def _is_gone(workspace: Workspace, id: str) -> bool:
    found = workspace.store.assets.get(workspace.viewer, id)
    return found is None or found.row.gone_at is not None


def _turned(before: dict[tuple[str, str], Finding], after: dict[tuple[str, str], Finding]) -> list[Turned]:
    made = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        one = new or old
        if one is not None and (old is None or new is None or old.verdict is not new.verdict):
            states = (old.verdict if old else None, new.verdict if new else None)
            reason = new.reason if new else "the asset is no longer there"
            made.append(Turned(one.check, one.title, one.asset.id, one.asset.name, *states, reason))
    return made
