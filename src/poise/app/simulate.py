"""Says what a set of changes would open and close: attack paths, findings and the score, before anyone touches a cloud.

The records are changed on a copy. Paths are searched again over the graph; findings and the score come from a scan of
the same records, with and without the changes, into stores that are thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from poise.app import queries
from poise.app.estate_graph import Source
from poise.app.path_fixes import Estate, open_estate, outcome_json, proposal_named
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.seeing import require_whole
from poise.app.workspace import Workspace, open_workspace
from poise.attackpaths.analysis import analyse
from poise.attackpaths.proving import Changed
from poise.collect.assets_file import assets_of
from poise.collect.documents import load_json
from poise.collect.terraform.plan import Skipped, is_plan, read_plan
from poise.model.asset import Asset
from poise.model.errors import UsageError
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Read, Scope
from poise.model.listings import FindingFilter
from poise.model.verdict import State

Json = dict[str, Any]
REMOVE, FIX = "remove:", "fix:"
FORMS = (
    "A change is a Terraform plan as `terraform show -json` writes it, a file of assets as `poise list assets -o json` "
    "writes it, `remove:ASSET`, or `fix:PATH[:NUMBER]`."
)
SCAN_FIRST = "First scan the account that they are made in, with the same --db or --data-dir: `poise scan aws`."
UNHEALTHY = FindingFilter(states=frozenset({State.UNHEALTHY}))


def simulate(workspace: Workspace, changes: Sequence[str], documents: Iterable[Any] = ()) -> Json:
    """Return what changes would open and close. Raises :class:`UsageError` for one that cannot be read.

    It raises it also if nothing was scanned yet: there is nothing that a change could be compared with.
    ``documents`` are what files of changes hold, for a caller that has read them already.
    """
    require_whole(workspace, "A simulation")
    if not workspace.store.scans.scopes(None):
        raise UsageError("Nothing was scanned yet, so there is nothing to simulate changes on.", SCAN_FIRST)
    estate = open_estate(workspace)
    changed: dict[str, Asset | None] = {}
    skipped: list[Skipped] = []
    for text in changes:
        if text.startswith((REMOVE, FIX)):
            changed |= _named(estate, text)
        else:
            skipped += _take(estate, changed, _content(Path(text)), text)
    for number, value in enumerate(documents, 1):
        skipped += _take(estate, changed, value, f"document {number}")
    return {
        "changes": [_told(estate, id, after) for id, after in sorted(changed.items())],
        "not_simulated": [msgspec.to_builtins(one) for one in skipped],
        **_outcome(estate, changed),
        **_judged(workspace, estate, changed),
    }


def _outcome(estate: Estate, changed: Changed) -> Json:
    """Return what happens to paths; one that only rests on what is not told any more is unclear, not closed."""
    outcome = estate.prover.compare(changed)
    told = outcome_json(estate, outcome)
    unclear: set[str] = set()
    if any(_left_unread(estate, id, after) for id, after in changed.items()):
        choices = msgspec.structs.replace(estate.found.choices, with_unknown=True)
        after = analyse(estate.sources.facts(changed), choices, estate.found.priors)
        unclear = {path.id for path in after.paths}
    rows = told["closed"]
    told["closed"] = [row for row in rows if row["id"] not in unclear]
    return told | {"unclear": [row for row in rows if row["id"] in unclear]}


def _left_unread(estate: Estate, id: str, after: Asset | None) -> list[str]:
    """Return the facts of a record that were read and would not be told any more."""
    before = estate.sources.assets.get(id)
    known_before = frozenset(before.unread) if before else frozenset()
    return sorted(after.unread.keys() - known_before) if after else []


def _named(estate: Estate, text: str) -> dict[str, Asset | None]:
    """Return the changes that `remove:ASSET` or `fix:PATH` means."""
    if text.startswith(FIX):
        proposal = proposal_named(estate, text.removeprefix(FIX))
        return {one.before.id: one.after for one in proposal.changes}
    id = text.removeprefix(REMOVE)
    if id not in estate.sources.assets:
        raise UsageError(f"There is no asset {id!r} to remove.", "`poise list assets` shows their ids.")
    return {id: None}


def _content(path: Path) -> Any:
    if not path.is_file():
        raise UsageError(f"{str(path)!r} is no file.", FORMS)
    return load_json(path)


def _take(estate: Estate, changed: dict[str, Asset | None], value: Any, place: str) -> tuple[Skipped, ...]:
    """Add the changes of a document to those before it; return what of it cannot be told."""
    if is_plan(value):
        stored = {id: asset for id, asset in (estate.sources.assets | changed).items() if asset is not None}
        plan = read_plan(value, stored)
        changed |= plan.changed
        return plan.skipped
    if not isinstance(value, list):
        raise UsageError(f"{place} is neither a plan nor a list of assets.", FORMS)
    changed |= {asset.id: asset for asset in assets_of(value, place)}
    return ()


def _told(estate: Estate, id: str, after: Asset | None) -> Json:
    before = estate.sources.assets.get(id)
    what = "removed" if after is None else "added" if before is None else "changed"
    known = after or before
    facts = sorted(n for n in known.FACTS if _differs(before, after, n)) if known and before and after else []
    unread = _left_unread(estate, id, after)
    return {"asset": id, "kind": known.KIND if known else "", "change": what, "facts": facts, "unread": unread}


def _differs(before: Asset, after: Asset, name: str) -> bool:
    return before.known().get(name) != after.known().get(name)


@dataclass
class Stored:
    """A connector that reads what is stored already, with some records changed."""

    kept: Source
    changed: Changed
    workspace: Workspace

    @property
    def source(self) -> str:
        """The door."""
        return self.kept.name

    def scopes(self) -> Sequence[Scope]:
        """Return every scope that an asset lies in."""
        places = sorted({(asset.PROVIDER, asset.scope) for asset in self._assets()})
        return [Scope(scope, provider, scope, ()) for provider, scope in places]

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return the one partition of a scope."""
        return (PartitionKey(self.source, scope.provider, scope.id, "simulated", "global"),)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return nothing: it makes no calls."""
        return ()

    def read(self, key: PartitionKey) -> Collected:
        """Return the assets of a scope, and the listings as they were."""
        assets = tuple(a for a in self._assets() if (a.PROVIDER, a.scope) == (key.provider, key.scope))
        kinds = {kind for kind, scope in self.kept.listed if scope == key.scope} | {a.KIND for a in assets}
        listings = tuple(_listing(kind, self.kept.problems.get((kind, key.scope))) for kind in sorted(kinds))
        return Collected(key, assets, listings, (), self.workspace.clock())

    def _assets(self) -> list[Asset]:
        known = {asset.id for asset in self.kept.assets}
        homes = {(asset.PROVIDER, asset.scope) for asset in self.kept.assets}
        new = (a for id, a in self.changed.items() if id not in known and a and (a.PROVIDER, a.scope) in homes)
        kept = (self.changed.get(asset.id, asset) for asset in self.kept.assets)
        return [*(asset for asset in kept if asset is not None), *new]


def _listing(kind: str, problem: str | None) -> Listing:
    return Listing(kind, ListingState.PARTIAL, problem) if problem else Listing(kind, ListingState.COMPLETE)


def _judged(workspace: Workspace, estate: Estate, changed: Changed) -> Json:
    """Return the findings and the score with and without the changes, of the sources that they touch."""
    touched = [s for s in estate.sources.sources if _touches(s, changed)]
    before, score_before = _scanned(workspace, touched, {})
    after, score_after = _scanned(workspace, touched, changed)
    return {
        "checks_closed": [before[id] for id in sorted(before.keys() - after.keys())],
        "checks_opened": [after[id] for id in sorted(after.keys() - before.keys())],
        "score_before": score_before,
        "score_after": score_after,
    }


def _touches(source: Source, changed: Changed) -> bool:
    homes = {(asset.PROVIDER, asset.scope) for asset in source.assets}
    ids = {asset.id for asset in source.assets}
    return any(id in ids or (a is not None and (a.PROVIDER, a.scope) in homes) for id, a in changed.items())


def _scanned(workspace: Workspace, sources: Sequence[Source], changed: Changed) -> tuple[dict[str, Json], float]:
    with (
        tempfile.TemporaryDirectory(prefix="poise-simulate-") as folder,
        open_workspace(Path(folder) / "poise.db", workspace.settings, workspace.clock, workspace.choices) as scratch,
    ):
        for source in sources:
            options = ScanOptions(command="simulate", threads=1, finds_paths=False)
            scan(scratch, [Stored(source, changed, scratch)], options)
        rows = queries.all_findings(scratch, UNHEALTHY)
        found = {
            row.id: {
                "id": row.id,
                "check": row.check,
                "title": row.title,
                "asset": row.asset.id,
                "risk": row.risk.level.value,
            }
            for row in rows
        }
        return found, secure_score(scratch).overall.percentage
