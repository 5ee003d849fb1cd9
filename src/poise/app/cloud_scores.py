"""The risk-based score of what is stored, its configuration, and what a change of it would do before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter
from poise.model.moments import RiskShape
from poise.model.viewer import sees_parts
from poise.score.attribution import state_of
from poise.score.cloud import Bases, CloudRules, CloudScore, Reading, cloud_rules, cloud_score
from poise.score.estate import Estate
from poise.store import Deed

SETTING = "score"
STORED = "the stored settings"


class CloudPreview(msgspec.Struct, frozen=True):
    """Today's score as it is, and as it would be."""

    rules: CloudRules
    before: CloudScore
    after: CloudScore
    is_fixed: bool
    """Whether the settings file says how it is computed: it wins, and nothing else can be saved."""


class InForce(msgspec.Struct, frozen=True):
    """What the risk-based score is computed with, and who says so."""

    rules: CloudRules
    bases: Bases
    """The bases that hold: those of the reading, or your own."""
    is_fixed: bool
    """Whether the settings file says so: it wins over what is saved."""


def in_force(workspace: Workspace) -> InForce:
    """Return what the risk-based score is computed with, and whether it can be changed here."""
    rules = rules_of(workspace)
    return InForce(rules, rules.used, _is_fixed(workspace))


def rules_of(workspace: Workspace) -> CloudRules:
    """Return what the risk-based score is computed with: the settings file, else what was saved, else as published."""
    return workspace.choices.cloud or cloud_rules(_stored(workspace), STORED)


def risk_score(workspace: Workspace, wanted: AssetFilter | None = None, reading: Reading | None = None) -> CloudScore:
    """Compute the risk-based score of the scopes that a filter names; ``reading`` stands in for the one that is set."""
    rules = rules_of(workspace)
    rules = rules if reading is None else msgspec.structs.replace(rules, reading=reading)
    return cloud_score(_shapes(workspace, wanted or AssetFilter()), rules)


def present(workspace: Workspace, wanted: AssetFilter) -> Estate:
    """Return the counts of the assets that groups hold now, each asset once."""
    now = max(workspace.clock(), workspace.store.now())
    return state_of(workspace.store.moments.between(workspace.viewer, wanted, now, now))


def preview(workspace: Workspace, tables: Mapping[str, Any]) -> CloudPreview:
    """Return today's score with other settings. Nothing is changed. Raises :class:`UsageError` for what cannot be."""
    rules = cloud_rules(tables, STORED)
    shapes = _shapes(workspace, AssetFilter())
    return CloudPreview(
        rules, cloud_score(shapes, rules_of(workspace)), cloud_score(shapes, rules), _is_fixed(workspace)
    )


def changed(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables that were saved with what is given in its place; another reading brings its own bases."""
    kept = _stored(workspace)
    if given.get("reading") and given["reading"] != kept.get("reading", Reading.IMPLIED.value):
        kept = {name: value for name, value in kept.items() if name != "bases"} | {"reading": given["reading"]}
    for table in ("bases", "weights"):
        if given.get(table):
            kept[table] = dict(kept.get(table, {})) | dict(given[table])
    return kept


def save(workspace: Workspace, tables: Mapping[str, Any], actor: str) -> CloudPreview:
    """Save settings of the risk-based score, noted in the audit log. Raises :class:`UsageError` for what cannot be."""
    if _is_fixed(workspace):
        raise UsageError(
            "The settings file sets how the risk-based score is computed.", "Change it there: it would win."
        )
    made = preview(workspace, tables)
    detail = {"before": _stored(workspace), "after": dict(tables)}
    value = msgspec.json.encode(dict(tables), order="sorted")
    workspace.store.kept.put(SETTING, value, Deed(actor, "score settings changed", SETTING, detail))
    return made


def _is_fixed(workspace: Workspace) -> bool:
    return workspace.choices.cloud is not None


def _shapes(workspace: Workspace, wanted: AssetFilter) -> Mapping[RiskShape, int]:
    if wanted.groups or sees_parts(workspace.viewer):
        return present(workspace, wanted).shapes()
    return workspace.store.scores.shapes(workspace.viewer, wanted)


def _stored(workspace: Workspace) -> dict[str, Any]:
    value = workspace.store.kept.get(SETTING)
    found: dict[str, Any] = msgspec.json.decode(value) if value else {}
    return found
