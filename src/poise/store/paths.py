"""Attack paths as stored: open, fixed or open again, with what each was before; exemptions of them.

A search is of the whole estate, so what it does not find any more is fixed. A viewer sees a path only if every scope
that it crosses may be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import orjson
from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from poise.model.listings import ScopeFilter
from poise.model.viewer import sees_parts
from poise.store import bulk
from poise.store.among import among
from poise.store.audit import Deed, note
from poise.store.codec import clean, from_moment, maybe_moment, maybe_time, press, unpress
from poise.store.core import Core
from poise.store.graph_tables import graph_node
from poise.store.path_tables import (
    attack_path,
    attack_path_node,
    attack_path_scope,
    attack_path_version,
    path_analysis,
)
from poise.store.seeing import member_ids

OPEN, REOPENED, FIXED = "open", "reopened", "fixed"
PARTS = 100
"""Parts of a point of risk that are kept."""
table = attack_path.c


class KeptPath(msgspec.Struct, frozen=True, kw_only=True):
    """A path as a search found it."""

    id: str
    title: str
    entry_scope: str
    target_scope: str
    scopes: tuple[str, ...]
    nodes: frozenset[str]
    level: int
    """Rank of its level."""
    risk: float
    count: int
    document: Mapping[str, Any]
    """All that is shown of it."""


class PathRow(msgspec.Struct, frozen=True, kw_only=True):
    """A stored path."""

    id: str
    state: str
    """`open`, `reopened` or `fixed`."""
    level: int
    document: dict[str, Any]
    first_seen: datetime
    changed_at: datetime
    resolved_at: datetime | None
    exemption: str
    """Reason; empty if it is not exempted."""
    exempted_until: datetime | None


class PathChange(msgspec.Struct, frozen=True):
    """What a search changed."""

    opened: tuple[str, ...]
    """Ids of paths that are new, or open again."""
    fixed: tuple[str, ...]


class PathHistory(msgspec.Struct, frozen=True):
    """What a path was from one moment to another."""

    since: datetime
    until: datetime
    state: str
    risk: float
    count: int


class Paths:
    """Writes and reads attack paths."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def keep(self, found: Sequence[KeptPath], analysis: Mapping[str, Any]) -> PathChange:
        """Write what a search of the whole estate found, in one transaction."""
        now = self._core.database.now()
        with self._core.database.write() as connection:
            before = {row.id: row for row in connection.execute(select(attack_path))}
            present = {path.id for path in found}
            opened = [p.id for p in found if p.id not in before or before[p.id].resolved_at is not None]
            fixed = [id for id, row in before.items() if id not in present and row.resolved_at is None]
            changed = [p for p in found if p.id not in before or _is_other(p, before[p.id])]
            self._close(connection, [before[p.id] for p in changed if p.id in before], now)
            self._close(connection, [before[id] for id in fixed], now)
            self._write(connection, changed, before, now)
            end = update(attack_path).where(among(table.id, fixed))
            connection.execute(end.values(state=FIXED, resolved_at=now, changed_at=now))
            connection.execute(delete(path_analysis))
            connection.execute(insert(path_analysis).values(pk=1, at=now, document=press(orjson.dumps(analysis))))
        return PathChange(tuple(opened), tuple(fixed))

    def all(self, viewer: ScopeFilter, fixed: bool = False, scopes: Collection[str] = ()) -> tuple[PathRow, ...]:
        """Return the paths that a viewer may see, the riskiest first; fixed ones only if wanted."""
        query = select(attack_path).where(*_visible(viewer)).order_by(table.risk.desc(), table.id)
        if not fixed:
            query = query.where(table.resolved_at.is_(None))
        if scopes:
            crossing = select(attack_path_scope.c.path_id).where(among(attack_path_scope.c.scope, sorted(scopes)))
            query = query.where(table.id.in_(crossing))
        with self._core.database.read() as connection:
            return tuple(self._row(row) for row in connection.execute(query))

    def get(self, viewer: ScopeFilter, id: str) -> PathRow | None:
        """Return one path, fixed or not."""
        query = select(attack_path).where(table.id == clean(id), *_visible(viewer))
        with self._core.database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else self._row(row)

    def history(self, id: str) -> tuple[PathHistory, ...]:
        """Return what a path was before, the latest first."""
        past = attack_path_version.c
        query = select(attack_path_version).where(past.path_id == clean(id)).order_by(past.valid_from.desc())
        with self._core.database.read() as connection:
            return tuple(
                PathHistory(
                    from_moment(row.valid_from), from_moment(row.valid_to), row.state, row.risk / PARTS, row.ways
                )
                for row in connection.execute(query)
            )

    def levels(self) -> Mapping[str, int]:
        """Return node -> rank of the highest level of the open paths that it lies on, exempted ones left out."""
        place = attack_path_node.c
        query = select(place.node, func.max(table.level)).join_from(
            attack_path_node, attack_path, table.id == place.path_id
        )
        query = query.where(table.resolved_at.is_(None), self._counts()).group_by(place.node)
        with self._core.database.read() as connection:
            return {node: int(level) for node, level in connection.execute(query)}

    def of_node(self, viewer: ScopeFilter, node: str) -> tuple[PathRow, ...]:
        """Return the open paths that a node lies on."""
        on = select(attack_path_node.c.path_id).where(attack_path_node.c.node == clean(node))
        query = select(attack_path).where(table.id.in_(on), table.resolved_at.is_(None), *_visible(viewer))
        with self._core.database.read() as connection:
            return tuple(self._row(row) for row in connection.execute(query.order_by(table.risk.desc(), table.id)))

    def analysis(self) -> tuple[datetime, dict[str, Any]] | None:
        """Return when the estate was searched last, and what else that gave; None if it never was."""
        with self._core.database.read() as connection:
            row = connection.execute(select(path_analysis)).first()
        return None if row is None else (from_moment(row.at), orjson.loads(unpress(row.document)))

    def exempt(self, id: str, reason: str, until: datetime | None, by: str) -> bool:
        """Exempt a path, or with an empty reason no longer; return whether there is one. Noted in the audit log."""
        now = self._core.database.now()
        values = {"exemption": clean(reason), "exempted_by": clean(by), "exempted_until": maybe_moment(until)}
        with self._core.database.write() as connection:
            done = connection.execute(update(attack_path).where(table.id == clean(id)).values(values))
            deed = "attack path exempted" if reason else "exemption of an attack path removed"
            note(connection, Deed(by, deed, id, {"reason": reason}), now)
            return bool(done.rowcount)

    def _counts(self) -> ColumnElement[bool]:
        now = self._core.database.now()
        return (table.exemption == "") | (table.exempted_until.is_not(None) & (table.exempted_until <= now))

    def _close(self, connection: Connection, rows: Sequence[Any], now: int) -> None:
        names = ("path_id", "valid_from", "valid_to", "state", "risk", "ways")
        past = [(r.id, r.changed_at, now, r.state, r.risk, r.ways) for r in rows if r.changed_at < now]
        bulk.insert_rows(connection, attack_path_version, names, past)

    def _write(self, connection: Connection, found: Sequence[KeptPath], before: Mapping[str, Any], now: int) -> None:
        bulk.put_rows(connection, attack_path, [_values(path, before.get(path.id), now) for path in found])
        ids = [path.id for path in found]
        for part, name in ((attack_path_scope, "scope"), (attack_path_node, "node")):
            connection.execute(delete(part).where(among(part.c.path_id, ids)))
            rows = [(p.id, clean(one)) for p in found for one in (p.scopes if name == "scope" else sorted(p.nodes))]
            bulk.insert_rows(connection, part, ("path_id", name), rows)

    def _row(self, row: Any) -> PathRow:
        ended = row.exempted_until is not None and row.exempted_until <= self._core.database.now()
        return PathRow(
            id=row.id,
            state=row.state,
            level=row.level,
            document=orjson.loads(unpress(row.document)),
            first_seen=from_moment(row.first_seen),
            changed_at=from_moment(row.changed_at),
            resolved_at=maybe_time(row.resolved_at),
            exemption="" if ended else row.exemption,
            exempted_until=maybe_time(row.exempted_until),
        )


def _values(path: KeptPath, before: Any, now: int) -> dict[str, Any]:
    again = before is not None and before.resolved_at is not None
    reopened = before is not None and (again or before.state == REOPENED)
    return {
        "id": path.id,
        "title": clean(path.title),
        "entry_scope": clean(path.entry_scope),
        "target_scope": clean(path.target_scope),
        "state": REOPENED if reopened else OPEN,
        "level": path.level,
        "risk": round(path.risk * PARTS),
        "ways": path.count,
        "document": press(orjson.dumps(path.document)),
        "first_seen": now if before is None else before.first_seen,
        "changed_at": now,
        "resolved_at": None,
        "reopened": (before.reopened if before is not None else 0) + again,
        "exemption": "" if before is None else before.exemption,
        "exempted_by": "" if before is None else before.exempted_by,
        "exempted_until": None if before is None else before.exempted_until,
    }


def _is_other(path: KeptPath, row: Any) -> bool:
    same = row.resolved_at is None and unpress(row.document) == orjson.dumps(path.document)
    return not same


def _visible(viewer: ScopeFilter) -> list[ColumnElement[bool]]:
    """Return the condition that no place on a path is hidden from the viewer.

    A place outside of every scope, such as the internet, is seen by all. What the graph does not hold any more is
    hidden from a viewer of groups, as its scope is not known.
    """
    if viewer is None:
        return []
    if sees_parts(viewer):
        node, on = graph_node.c, attack_path_node.c
        seen = select(node.id).where(or_(node.scope == "", among(node.scope, sorted(viewer))))
        unseen = select(on.path_id).where(on.node.not_in(seen), on.node.not_in(member_ids(viewer)))
        return [table.id.not_in(unseen)]
    place = attack_path_scope.c
    hidden = select(place.path_id).where(~among(place.scope, sorted(viewer)))
    return [table.id.not_in(hidden)]
