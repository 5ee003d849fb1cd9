"""Runs a scenario: records in, attack paths out; every near miss, the fix and its proof.

A case holds records as `poise list assets -o json` writes them; facts that it leaves out are those of the ordinary
asset of the kind (`poise/model/samples`).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from poise.app.estate_graph import Source, Sources
from poise.attackpaths.analysis import Analysis, analyse
from poise.attackpaths.choices import Choices
from poise.attackpaths.fix import Ground
from poise.attackpaths.proving import Prover
from poise.model.asset import Asset, build
from poise.model.kinds import by_kind
from poise.model.samples.ordinary import ordinary, places
from poise.score.risk_rules import RiskRules

Json = dict[str, Any]
HERE = Path(__file__).parent
IDENTITY = ("id", "name", "scope", "region")


class Case:
    """One scenario."""

    def __init__(self, folder: Path) -> None:
        self.number = folder.name
        self.content: Json = yaml.safe_load((folder / "case.yaml").read_text(encoding="utf-8"))

    @property
    def choices(self) -> Choices:
        return msgspec.convert(self.content.get("settings", {}), Choices)

    def rows(self, miss: str = "") -> list[Json]:
        """Return the records in the form of `list assets -o json`, with a near miss applied."""
        rows = [_row(one) for one in copy.deepcopy(self.content["assets"])]
        patch = self.content["near_misses"][miss] if miss else {}
        rows = [row for row in rows if row["id"] not in patch.get("remove", ())]
        for id, facts in patch.get("change", {}).items():
            meant = [row for row in rows if id in (row["id"], row["kind"])]
            assert meant, id
            for row in meant:
                row["record"].update(facts)
        return rows + [_row(one) for one in patch.get("add", ())]

    def expected(self, miss: str = "") -> list[Json]:
        """Return the paths that are there: none for a near miss that does not say otherwise."""
        return self.content["near_misses"][miss].get("paths", []) if miss else self.content["paths"]


def cases() -> Iterator[Case]:
    """Yield every scenario."""
    for folder in sorted(HERE.iterdir()):
        if (folder / "case.yaml").exists():
            yield Case(folder)


def sources(rows: Iterable[Json]) -> Sources:
    """Return the estate of some records; every listing counts as complete."""
    assets = tuple(map(asset, rows))
    listed = frozenset((kind, scope) for kind in by_kind() for scope in {one.scope for one in assets})
    return Sources((Source("scenario", assets, {}, listed),), RiskRules())


def asset(row: Json) -> Asset:
    """Return the record of a row."""
    facts = {**row["record"], "tags": row["tags"]}
    made = build(by_kind()[row["kind"]], {name: row[name] for name in IDENTITY}, facts, row.get("unread", {}))
    assert made.unread == row.get("unread", {}), made.unread
    return made


def search(case: Case, miss: str = "") -> Analysis:
    """Search a scenario, or a near miss of it."""
    return analyse(sources(case.rows(miss)).facts(), case.choices)


def unverified(case: Case, miss: str) -> list[str]:
    """Return the ends of paths that there may be: something that decides was not read."""
    choices = msgspec.structs.replace(case.choices, with_unknown=True)
    found = analyse(sources(case.rows(miss)).facts(), choices)
    return sorted(path.target.node for path in found.paths if path.state == "unknown")


def prove(case: Case) -> tuple[Ground, Prover]:
    """Return a scenario's estate, ready to have fixes proven."""
    estate = sources(case.rows())
    found = analyse(estate.facts(), case.choices)
    return Ground(found.facts, estate.assets), Prover(found, estate.facts)


def write(case: Case, folder: Path, miss: str = "") -> Path:
    """Write the records as a file that `poise scan files` reads."""
    file = folder / "assets.json"
    file.write_text(json.dumps([{"format_version": 1, **row} for row in case.rows(miss)], indent=1))
    return file


def _row(one: Mapping[str, Any]) -> Json:
    kind = by_kind()[one["kind"]]
    usual = ordinary(kind).known() if kind in places() else {}
    record = msgspec.to_builtins(usual) | dict(one.get("record", {}))
    unread = dict(one.get("unread", {}))
    return {
        "id": one["id"],
        "kind": one["kind"],
        "name": one.get("name", one["id"].rpartition("/")[2].rpartition(":")[2]),
        "provider": kind.PROVIDER,
        "scope": str(one["scope"]),
        "region": one.get("region", "eu-west-1"),
        "tags": one.get("tags", {}),
        "record": {name: value for name, value in record.items() if name not in unread},
        "unread": unread,
    }
