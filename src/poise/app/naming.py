"""Finding the one asset that a person means: by its id, or by a name that only one bears."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from poise.app import queries
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.finding import AssetRef
from poise.model.listings import AssetDetail, AssetFilter, Order, Paging

MOST_NAMED = 5
"""Assets of one name that are told before the list ends."""
MOST_BEARERS = 100
MOST_COMPARED = 2000
"""Names that a mistyped one is compared with."""
MACHINES = "host://"
"""What ids of machines begin with whose disks were read."""


def named(
    workspace: Workspace, text: str, kinds: Iterable[str] = (), *, action: str = "", rather: Iterable[str] = ()
) -> AssetDetail:
    """Return the asset that a text names, of some kinds (none: any).

    Of several that bear a name, the one is meant that an ``action`` can be about, a bucket for `s3:GetObject`, or that
    is of one of the kinds ``rather`` meant: a machine, not its network interface.
    Raises :class:`UsageError`, with the ids of all if several bear the name, and with near names if none does.
    """
    wanted = frozenset(kinds)
    found = workspace.store.assets.get(workspace.viewer, text)
    if found is not None and (not wanted or found.row.asset.kind in wanted):
        return found
    exact = _meant(_bearers(workspace, text, wanted), action, frozenset(rather))
    noun = "principal" if wanted else "asset"
    if len(exact) == 1:
        return queries.asset(workspace, exact[0])
    if exact:
        told = ", ".join(exact[:MOST_NAMED])
        raise UsageError(f"{len(exact)} {noun}s are named {text!r}: {told}.", "Give the id of one.")
    raise UsageError(f"There is no {noun} {text!r}.", _advice(workspace, text, wanted))


def _bearers(workspace: Workspace, text: str, kinds: frozenset[str]) -> list[AssetRef]:
    """Return the assets that bear a name, or whose id ends in it after a slash."""
    if not text.strip():
        return []
    few = Paging(limit=MOST_BEARERS, count_up_to=1)
    rows = queries.assets(workspace, AssetFilter(name=text, kinds=kinds), few).rows
    if not rows:
        found = queries.assets(workspace, AssetFilter(text=text, kinds=kinds), few).rows
        rows = tuple(row for row in found if row.asset.id.rpartition("/")[2] == text)
    return _without_parts([row.asset for row in rows])


def _without_parts(bearers: list[AssetRef]) -> list[AssetRef]:
    """Leave out what was read from the disk of a machine that bears the name, too: its software, its secrets."""
    ids = {one.id for one in bearers}
    return [one for one in bearers if ids.isdisjoint(_wholes(one.id))]


def _wholes(id: str) -> set[str]:
    """Return the ids of a machine and of the cloud asset that it is, if an id is of a part of them."""
    machine = id.partition("#")[0]
    return {machine, machine.removeprefix(MACHINES)} - {id}


def _meant(bearers: list[AssetRef], action: str, rather: frozenset[str]) -> list[str]:
    """Return the ids of assets, only of those that are meant, or that an action is about, where there are any."""
    bearers = [one for one in bearers if one.kind in rather] or bearers
    service, _, name = action.lower().partition(":")
    service = {"sts": "iam", "ssm": "ec2", "ebs": "ec2"}.get(service, service)
    about = [one for one in bearers if _is_about(one.kind.lower(), service, action.lower())] or bearers
    told = [one for one in about if one.kind.lower().rpartition(":")[2] in name]
    return [one.id for one in (told if len(told) == 1 else about)]


def _is_about(kind: str, service: str, action: str) -> bool:
    return kind.startswith(f"aws::{service}::") or ("/" in action and action.startswith(f"{kind}/"))


def _advice(workspace: Workspace, text: str, kinds: frozenset[str]) -> str:
    paging = Paging(order=Order.NAME, limit=MOST_COMPARED, count_up_to=1)
    names = {row.asset.name for row in queries.assets(workspace, AssetFilter(kinds=kinds), paging).rows}
    near = difflib.get_close_matches(text, sorted(names), cutoff=0.6)
    if near:
        return f"Did you mean {', '.join(near)}?"
    return "Give an id or name of `poise list assets`."
