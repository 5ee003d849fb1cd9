"""Channels as stored, findings that were told of, and tickets elsewhere. Secrets come encrypted, and stay so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Delete, FromClause, and_, delete, exists, func, insert, select

from poise.model.finding import Effect
from poise.model.listings import FindingRow
from poise.model.notice import Channel, ChannelKind, Outgoing, Ticket
from poise.model.verdict import Severity, State
from poise.store import audit, bulk, due, duties, schema
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment, state_number
from poise.store.core import Core
from poise.store.rows import ASSET_COLUMNS, FINDING_COLUMNS, finding, finding_tables, to_finding

channel, alerted, ticket = duties.channel.c, duties.alerted.c, duties.ticket.c
ACTED_ON = (Effect.COUNTED.value, Effect.GRACE.value)


class Channels:
    """Reads and changes channels."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def all(self) -> tuple[Channel, ...]:
        """Return the channels, by name."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(duties.channel).order_by(channel.name)).all()
        return tuple(
            msgspec.structs.replace(
                msgspec.json.decode(row.body, type=Channel),
                kind=ChannelKind(row.kind),
                has_secret=row.secret is not None,
            )
            for row in rows
        )

    def secret(self, name: str) -> bytes | None:
        """Return the secret of a channel, encrypted as it was given."""
        with self._core.database.read() as connection:
            found = connection.execute(select(channel.secret).where(channel.name == name)).scalar_one_or_none()
        return None if found is None else bytes(found)

    def set(self, one: Channel, secret: bytes | None, actor: str) -> None:
        """Add a channel, or change the one of that name. The secret is in no log."""
        now = self._core.database.now()
        values: dict[str, Any] = {
            "name": clean(one.name),
            "kind": one.kind.value,
            "body": msgspec.json.encode(one),
            "secret": secret,
            "added_at": now,
            "added_by": clean(actor),
        }
        with self._core.database.write() as connection:
            bulk.put_rows(connection, duties.channel, [values])
            detail = msgspec.to_builtins(msgspec.structs.replace(one, url=_shown(one.url)))
            audit.note(connection, Deed(actor, "channel set", one.name, detail), now)

    def remove(self, name: str, actor: str) -> bool:
        """Remove a channel; return whether there was one."""
        with self._core.database.write() as connection:
            was = connection.execute(delete(duties.channel).where(channel.name == name)).rowcount > 0
            if was:
                audit.note(connection, Deed(actor, "channel removed", name), self._core.database.now())
            return was

    def tell(self, named: int, make: Callable[[int, Sequence[FindingRow]], Sequence[Outgoing]]) -> int:
        """Tell of the open unhealthy findings of critical risk that nobody was told of in this round: how many.

        ``make`` gets their number and the first of them. Its messages are kept in the same transaction.
        """
        new = _untold()
        keys = select(finding.asset_pk, finding.check_pk, finding.reopened).select_from(new[0]).where(*new[1])
        with self._core.database.read() as connection:
            if not connection.execute(keys.limit(1)).all():
                return 0
        rows = select(*FINDING_COLUMNS, *ASSET_COLUMNS).select_from(new[0]).where(*new[1])
        rows = rows.order_by(finding.asset_pk, finding.check_pk).limit(named)
        with self._core.database.write() as connection:
            count = int(connection.execute(select(func.count()).select_from(keys.subquery())).scalar_one())
            messages = make(count, [to_finding(row) for row in connection.execute(rows)]) if count else ()
            connection.execute(_ended())
            made = insert(duties.alerted).from_select(["asset_pk", "check_pk", "round"], keys)
            connection.execute(made)
            due.put(connection, messages, self._core.database.now())
        return count

    def tickets(self, name: str | None = None) -> tuple[Ticket, ...]:
        """Return the tickets, of one channel or of all."""
        query = select(duties.ticket, finding.id).join_from(
            duties.ticket,
            schema.finding,
            and_(finding.asset_pk == ticket.asset_pk, finding.check_pk == ticket.check_pk),
        )
        query = query.where(ticket.channel == name) if name is not None else query
        with self._core.database.read() as connection:
            rows = connection.execute(query.order_by(ticket.channel, ticket.number)).all()
        return tuple(
            Ticket(
                channel=row.channel,
                finding=row.id,
                number=row.number,
                link=row.link,
                status=row.status,
                is_closed=bool(row.is_closed),
                told=row.told,
                changed_at=from_moment(row.changed_at),
            )
            for row in rows
        )

    def keep_ticket(self, one: Ticket, deed: Deed | None = None) -> None:
        """Write a ticket as it is now."""
        now = self._core.database.now()
        with self._core.database.write() as connection:
            keys = select(finding.asset_pk, finding.check_pk).where(finding.id == one.finding)
            row = connection.execute(keys.order_by(finding.changed_at.desc()).limit(1)).one()
            values = {
                "channel": clean(one.channel),
                "asset_pk": row.asset_pk,
                "check_pk": row.check_pk,
                "number": clean(one.number),
                "link": clean(one.link),
                "status": clean(one.status),
                "is_closed": int(one.is_closed),
                "told": one.told,
                "made_at": now,
                "changed_at": now,
            }
            bulk.put_rows(connection, duties.ticket, [values])
            if deed is not None:
                audit.note(connection, deed, now)


def _shown(url: str) -> str:
    """Return the beginning of an address: what follows the host may be a secret, as it is for chats."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0].rpartition('@')[2]}" if mark else ""


def _untold() -> tuple[FromClause, list[ColumnElement[bool]]]:
    """Return the tables and conditions of findings that nobody was told of."""
    told = select(alerted.asset_pk).where(
        alerted.asset_pk == finding.asset_pk, alerted.check_pk == finding.check_pk, alerted.round == finding.reopened
    )
    return finding_tables(), [
        finding.resolved_at.is_(None),
        finding.risk == Severity.CRITICAL.rank,
        finding.state == state_number(State.UNHEALTHY),
        finding.effect.in_(ACTED_ON),
        ~exists(told.correlate(schema.finding)),
    ]


def _ended() -> Delete:
    """Return the removal of what was told of in rounds that are over: findings that came back are told of again."""
    over = select(finding.asset_pk).where(
        finding.asset_pk == alerted.asset_pk, finding.check_pk == alerted.check_pk, finding.reopened > alerted.round
    )
    return delete(duties.alerted).where(exists(over.correlate(duties.alerted)))
