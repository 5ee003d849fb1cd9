"""The tabs of an asset's page that ask the engines: Entitlements, Exposure and Graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from poise.app import entitlements
from poise.app.entitlement import Entitlement, Missing
from poise.app.exposure import is_exposable
from poise.app.graph import neighbourhood
from poise.app.judge import Groups
from poise.app.judges import judge_of
from poise.model.asset import Asset
from poise.model.aws.iam import IamRole, IamUser
from poise.model.errors import UsageError
from poise.model.listings import AssetDetail
from poise.web import lists
from poise.web.drawing import MOST_DRAWN, Drawn, drawn
from poise.web.visit import Visit

ACTING = (IamUser, IamRole)
WHO, WHAT = "who", "what"


@dataclass(frozen=True)
class Asking:
    """What the tab of entitlements shows."""

    ask: str
    """`what`: what the asset may do as a principal; `who`: who may do something to it."""
    choices: tuple[str, ...]
    """What may be asked of this asset."""
    actions: Sequence[tuple[str, str]]
    """Groups of actions that `who` may ask about: name, action."""
    action: str
    """The action that is asked about."""
    rows: Sequence[Any] = ()
    """Entitlements for `who`, groups for `what`; the page's part of them."""
    part: lists.Part | None = None
    total: int = 0
    asked: int = 0
    left_out: int = 0
    unread: Sequence[Missing] = ()


def tabs_of(visit: Visit, asset: Asset) -> tuple[str, ...]:
    """Return which of the three tabs mean something for an asset and may be answered to the viewer."""
    has_entitlements = visit.sees_whole_scopes and (isinstance(asset, ACTING) or bool(_actions(visit, asset)))
    return (*(("entitlements",) if has_entitlements else ()), *(("exposure",) if is_exposable(asset) else ()), "graph")


def around(visit: Visit, detail: AssetDetail) -> Drawn | None:
    """Draw what lies around an asset, by the `hops` of the address; None for one that is no longer there."""
    hops = 2 if visit.address.first("hops") == "2" else 1
    try:
        found = neighbourhood(visit.workspace, detail.asset.id, hops, MOST_DRAWN, visit.graphs)
    except UsageError:
        return None
    return drawn(found, visit.address)


def asking(visit: Visit, detail: AssetDetail) -> Asking:
    """Answer what the address asks about the entitlements of an asset."""
    actions = _actions(visit, detail.asset)
    choices = (*((WHAT,) if isinstance(detail.asset, ACTING) else ()), *((WHO,) if actions else ()))
    wanted = visit.address.first("ask")
    ask = wanted if wanted in choices else choices[0]
    if ask == WHAT:
        return _what(visit, detail, choices)
    return _who(visit, detail, choices, actions)


def _what(visit: Visit, detail: AssetDetail, choices: tuple[str, ...]) -> Asking:
    found = entitlements.what_can(visit.workspace, detail.asset.id)
    return Asking(
        WHAT,
        choices,
        (),
        "",
        rows=found.groups,
        total=len(found.groups),
        asked=found.asked,
        left_out=found.left_out,
        unread=found.unread,
    )


def _who(visit: Visit, detail: AssetDetail, choices: tuple[str, ...], actions: Sequence[tuple[str, str]]) -> Asking:
    wanted = visit.address.first("action")
    action = wanted if wanted in [one for _, one in actions] else actions[0][1]
    found = entitlements.who_can(visit.workspace, action, detail.asset.id)
    part = lists.part(visit.address, len(found.rows))
    return Asking(
        WHO,
        choices,
        actions,
        action,
        rows=found.rows[part.offset : part.offset + part.size],
        part=part,
        total=len(found.rows),
        asked=found.asked,
        unread=_unread(found.rows),
    )


def _unread(rows: Iterable[Entitlement]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(gap for row in rows for gap in row.unread))


def _actions(visit: Visit, asset: Asset) -> Sequence[tuple[str, str]]:
    if asset.PROVIDER not in ("aws", "azure"):
        return ()
    groups: Groups = judge_of(visit.workspace, asset.PROVIDER).groups
    return groups.get(type(asset), ())
