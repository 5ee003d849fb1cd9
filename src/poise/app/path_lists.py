"""The list of attack paths as every door shows it: filters, rows with what people look for, counts of values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from poise.app import paths as attack_paths
from poise.app.deciding_facts import deciding_facts
from poise.app.parameters import Reading, scopes_of
from poise.app.workspace import Workspace
from poise.attackpaths.categories import PathCategory, categories_of
from poise.model.check import Check
from poise.model.kinds import by_kind
from poise.model.listings import FacetCount
from poise.model.verdict import Severity

Json = dict[str, Any]
PATH_PARAMETERS: Mapping[str, str] = {
    "q": "Words in title, way or fix",
    "risk": "critical, high, medium, low",
    "status": "open, reopened, exempt, fixed; open, reopened and exempt ones if nothing is said",
    "entry": "Class of the entry: internet, anyone, leaked credential ...",
    "target": "Class of the target: sensitive data, administration ...",
    "category": ", ".join(PathCategory),
    "provider": "aws, azure",
    "scope": "Account, subscription or project that a path crosses",
    "length": "Steps at most",
    "asset": "Id of an asset that a path passes",
    "check": "Id of a check with an open finding on a fact that a path rests on",
    "since": "First seen on this day or later, ISO 8601",
    "fixed": "yes for fixed ones, too",
}
"""Name -> what it takes, for lists of attack paths."""
SHOWN = 6
"""Names of a way that are told; those in the middle of a longer one are left out."""


class PathStatus(StrEnum):
    """What became of a path."""

    OPEN = "open"
    REOPENED = "reopened"
    EXEMPT = "exempt"
    FIXED = "fixed"


class PathFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which paths are wanted; what is empty takes all."""

    text: str = ""
    risks: frozenset[Severity] = frozenset()
    statuses: frozenset[PathStatus] = frozenset()
    entries: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    categories: frozenset[PathCategory] = frozenset()
    providers: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    longest: int = 0
    """Steps at most; 0 for any number."""
    assets: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    since: datetime | None = None
    with_fixed: bool = False
    """Whether fixed ones are shown although no status is named."""


def path_filter(reading: Reading) -> PathFilter:
    """Return the filter that parameters ask for."""
    return PathFilter(
        text=reading.word("q"),
        risks=reading.members("risk", Severity),
        statuses=reading.members("status", PathStatus),
        entries=reading.words("entry"),
        targets=reading.words("target"),
        categories=reading.members("category", PathCategory),
        providers=reading.words("provider"),
        scopes=scopes_of(reading),
        longest=reading.number("length", 0),
        assets=reading.words("asset"),
        checks=reading.words("check"),
        since=reading.moment("since"),
        with_fixed=bool(reading.truth("fixed")),
    )


def listed(workspace: Workspace, wanted: PathFilter) -> list[Json]:
    """Return the paths that are wanted, the riskiest first, each with its way, length, status and categories."""
    is_fixed = wanted.with_fixed or PathStatus.FIXED in wanted.statuses
    rows = [told(row) for row in attack_paths.paths(workspace, is_fixed, wanted.scopes)]
    kept = [row for row in rows if _takes(wanted, row)]
    if wanted.checks and kept:
        found = checks_by_path(workspace, kept)
        kept = [row for row in kept if found[row["id"]] & wanted.checks]
    return kept


def told(row: Json) -> Json:
    """Return a path with what a list shows besides: its way, the kinds of its steps, its length, its status."""
    signs = [step["rule"] for step in row["steps"]]
    counted = [step for step in row["steps"] if step["counts"]]
    return row | {
        "way": way(row),
        "how": list(dict.fromkeys(step["title"] for step in counted)),
        "length": len(counted),
        "categories": [one.value for one in categories_of(row["entry"]["class"], signs)],
        "providers": sorted({p for stage in row["members"] for one in stage if (p := _provider(one["kind"]))}),
        "status": PathStatus.EXEMPT.value if row["exemption"] and row["status"] != "fixed" else row["status"],
    }


def way(row: Json) -> list[str]:
    """Return the names that the way passes, in order; of a long one the first and the last."""
    steps = row["steps"]
    names = [steps[0]["from_name"], *(step["to_name"] for step in steps)] if steps else [row["entry"]["name"]]
    found = [name for place, name in enumerate(names) if not place or name != names[place - 1]]
    half = SHOWN // 2
    return found if len(found) <= SHOWN else [*found[:half], "…", *found[-half:]]


def nodes_of(row: Json) -> list[str]:
    """Return the ids of the nodes of a path that are named."""
    return list(dict.fromkeys(one["id"] for stage in row["members"] for one in stage))


def checks_by_path(workspace: Workspace, rows: Sequence[Json]) -> dict[str, frozenset[str]]:
    """Return path -> checks with an open finding on a fact that one of its steps rests on."""
    proofs = {row["id"]: set(_proofs(row)) for row in rows}
    ids = {asset for pairs in proofs.values() for asset, _ in pairs}
    found = workspace.store.findings.checks_on(workspace.viewer, ids)
    looked_at = {id: _looked_at(workspace.checks[id]) for id in {id for id, _ in found} if id in workspace.checks}
    on: dict[str, list[str]] = {}
    for check, asset in found:
        if check in looked_at:
            on.setdefault(asset, []).append(check)
    return {
        id: frozenset(check for asset, fact in told for check in on.get(asset, ()) if looked_at[check](fact))
        for id, told in proofs.items()
    }


def _looked_at(check: Check) -> Callable[[str], bool]:
    """Return what says whether a check looks at a fact; a name that is no fact of the record stands for all of it."""
    facts = frozenset(deciding_facts(check))
    return lambda fact: fact in facts or fact not in check.asset.FACTS


def _proofs(row: Json) -> Iterator[tuple[str, str]]:
    for step in row["steps"]:
        yield from ((one["asset"], one["field"]) for one in step["evidence"])


STANDING = frozenset({PathStatus.OPEN, PathStatus.REOPENED})
"""Statuses that count in numbers: exempt and fixed paths do not."""


def standing(workspace: Workspace, scopes: frozenset[str] = frozenset()) -> list[Json]:
    """Return the paths that count in numbers, of some scopes, none: of all."""
    return listed(workspace, PathFilter(statuses=STANDING, scopes=scopes))


def through(workspace: Workspace, asset: str) -> list[Json]:
    """Return the paths that pass an asset and count in numbers, the riskiest first."""
    rows = (told(row) for row in attack_paths.paths_of_node(workspace, asset))
    return [row for row in rows if row["status"] in STANDING]


def paths_by_check(workspace: Workspace, scopes: frozenset[str] = frozenset()) -> dict[str, int]:
    """Return check -> number of standing paths of which a step rests on a fact that it finds unhealthy."""
    found = checks_by_path(workspace, standing(workspace, scopes))
    return dict(Counter(check for checks in found.values() for check in checks))


def facet(workspace: Workspace, wanted: PathFilter, name: str) -> list[FacetCount]:
    """Return each value of a filter with the number of paths that it would leave; ``wanted`` is without it."""
    statuses = frozenset(PathStatus) if name == "status" else wanted.statuses
    rows = listed(workspace, msgspec.structs.replace(wanted, statuses=statuses))
    counts = Counter(value for row in rows for value in set(values_of(row, name)))
    return [FacetCount(value, count, False) for value, count in sorted(counts.items())]


def values_of(row: Json, name: str) -> Sequence[str]:
    """Return the values that a path has for a filter."""
    by_name: dict[str, Sequence[str]] = {
        "risk": (row["risk"]["level"],),
        "status": (row["status"],),
        "entry": (row["entry"]["class"],),
        "target": (row["target"]["class"],),
        "category": row["categories"],
        "provider": row["providers"],
    }
    return by_name[name]


def _takes(wanted: PathFilter, row: Json) -> bool:
    sets = {
        "risk": wanted.risks,
        "status": wanted.statuses,
        "entry": wanted.entries,
        "target": wanted.targets,
        "category": wanted.categories,
        "provider": wanted.providers,
    }
    return (
        all(not asked or asked & set(values_of(row, name)) for name, asked in sets.items())
        and (not wanted.longest or row["length"] <= wanted.longest)
        and (not wanted.assets or bool(wanted.assets & set(nodes_of(row))))
        and (wanted.since is None or datetime.fromisoformat(row["first_seen"]) >= wanted.since)
        and _says(row, wanted.text)
    )


def _says(row: Json, text: str) -> bool:
    told = " ".join((row["id"], row["title"], row["fix_summary"], *(step["story"] for step in row["steps"]))).lower()
    return all(word in told for word in text.lower().split())


def _provider(kind: str) -> str:
    record = by_kind().get(kind)
    return record.PROVIDER if record else ""
