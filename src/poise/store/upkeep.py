"""Care of the store: backup, removal of a scope, removal of old history."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, or_, select, text, update

from poise.model.errors import StoreError, UsageError
from poise.store import bulk, duties, graph, path_tables, rollups, schema, verdicts
from poise.store.among import among
from poise.store.codec import EPOCH, from_moment, to_moment
from poise.store.core import Core, lock_all_scopes
from poise.store.database import Database
from poise.store.moments import forget_before, horizon
from poise.store.scans import RETIRED

KEPT_DAYS = 400
"""How long history is kept if nothing else is said: a year, and time to look back at it."""
OF_ASSETS = (
    schema.group_member,
    duties.ticket,
    duties.alerted,
    duties.assignment_version,
    duties.assignment,
    schema.exempted,
    schema.finding_version,
    schema.finding,
    schema.verdict_version,
    schema.verdict,
    schema.asset_version,
    schema.document,
    schema.asset_summary,
)
"""Tables that point to assets, those that are pointed to last."""
OF_THE_PAST = (
    *(schema.asset_version, schema.verdict_version, schema.finding_version),
    *(schema.switch_version, schema.facts_version, duties.assignment_version),
)
"""Intervals that have ended."""
OF_PARTITIONS = (schema.listing, schema.gap)
OF_SCOPES = (*rollups.ROLLUPS, schema.switch, schema.switch_version, schema.judging)


def backup(database: Database, path: Path) -> None:
    """Copy the store into a new file, while others go on working."""
    if not database.is_sqlite:
        raise UsageError("Poise makes backups of SQLite files only.", "Use pg_dump for PostgreSQL.")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as problem:
        raise StoreError(f"The backup {path} cannot be written: {problem.strerror}.", "Give a new file.") from problem
    with database.errors(), database.engine.connect() as connection:
        target = sqlite3.connect(path)
        try:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)
        finally:
            target.close()


def purge(core: Core, scope: str) -> int:
    """Remove a scope with all that was ever read of it, from every source; return the number of assets."""
    with core.write() as connection:
        lock_all_scopes(connection)
        scopes = _scopes(connection, scope)
        assets = select(schema.asset.c.pk).where(schema.asset.c.scope_pk.in_(scopes))
        for table in OF_ASSETS:
            connection.execute(delete(table).where(table.c.asset_pk.in_(assets)))
        _purge_derived(connection, scope, scopes)
        removed = connection.execute(delete(schema.asset).where(schema.asset.c.scope_pk.in_(scopes))).rowcount
        partitions = select(schema.partition.c.pk).where(schema.partition.c.scope_pk.in_(scopes))
        for table in OF_PARTITIONS:
            connection.execute(delete(table).where(table.c.partition_pk.in_(partitions)))
        for table in (schema.partition, *OF_SCOPES):
            connection.execute(delete(table).where(table.c.scope_pk.in_(scopes)))
        connection.execute(delete(schema.scope).where(schema.scope.c.pk.in_(scopes)))
        for table in (schema.score_day, schema.attestation):
            connection.execute(delete(table).where(table.c.scope == scope))
    return removed


def _purge_derived(connection: Connection, scope: str, scopes: Sequence[int]) -> None:
    """Remove marks of its assets, the attack paths that cross it, and the graph, which is built anew when asked."""
    ids = select(schema.asset.c.uid).where(schema.asset.c.scope_pk.in_(scopes))
    connection.execute(delete(schema.asset_mark).where(schema.asset_mark.c.uid.in_(ids)))
    crossing = select(path_tables.attack_path_scope.c.path_id).where(path_tables.attack_path_scope.c.scope == scope)
    found = connection.execute(crossing).scalars().all()
    connection.execute(delete(path_tables.attack_path).where(among(path_tables.attack_path.c.id, found)))
    for table in (
        path_tables.attack_path_node,
        path_tables.attack_path_version,
        path_tables.attack_path_scope,
    ):
        connection.execute(delete(table).where(among(table.c.path_id, found)))
    connection.execute(delete(path_tables.path_analysis))
    graph.empty(connection)


def retire(core: Core, scope: str) -> int:
    """Remove what a scope holds now and keep its past; return the number of assets."""
    table, now = schema.asset, core.database.now()
    with core.write() as connection:
        lock_all_scopes(connection)
        scopes = _scopes(connection, scope)
        here = (table.c.scope_pk.in_(scopes), table.c.gone_at.is_(None))
        assets = connection.execute(select(table.c.pk).where(*here)).scalars().all()
        verdicts.close(connection, assets, now)
        bulk.update_rows(connection, table, ("pk",), [{"pk": key, "gone_at": now} for key in assets])
        core.apply_effects(connection, assets, now)
        partitions = select(schema.partition.c.pk).where(schema.partition.c.scope_pk.in_(scopes))
        for each in OF_PARTITIONS:
            connection.execute(delete(each).where(each.c.partition_pk.in_(partitions)))
        change = update(schema.partition).where(schema.partition.c.scope_pk.in_(scopes))
        connection.execute(change.values(state=RETIRED, read_at=None))
    return len(assets)


def _scopes(connection: Connection, scope: str) -> Sequence[int]:
    found = connection.execute(select(schema.scope.c.pk).where(schema.scope.c.id == scope)).scalars().all()
    if not found:
        raise UsageError(f"There is no scope {scope!r} in the store.", "`poise list assets` shows the scopes.")
    return found


def forget(core: Core, days: int) -> bool:
    """Remove history that ended longer ago than ``days``, at most once a day; return whether there was any to do."""
    before = to_moment(core.database.clock() - timedelta(days=days))
    with core.database.read() as connection:
        kept_from = horizon(connection)
        if kept_from is None and not _is_older(connection, before):
            return False
    if kept_from is not None and before - kept_from < DAY:
        return False
    with core.write() as connection:
        lock_all_scopes(connection)
        _forget(core, connection, before)
    return True


DAY = to_moment(EPOCH + timedelta(days=1))


def _is_older(connection: Connection, before: int) -> bool:
    first = connection.execute(select(schema.scan.c.started).order_by(schema.scan.c.pk).limit(1)).scalar()
    return first is not None and first < before


def _forget(core: Core, connection: Connection, before: int) -> None:
    for table in OF_THE_PAST:
        connection.execute(delete(table).where(table.c.valid_to < before))
    _remove_gone(connection, before)
    forget_before(connection, before)
    first_day = from_moment(before).date().isoformat()
    connection.execute(delete(schema.score_day).where(schema.score_day.c.day < first_day))


def collect_garbage(core: Core, days: int = KEPT_DAYS) -> None:
    """Remove history that ended longer ago than ``days``, and empty roll-ups; give the room back."""
    before = to_moment(core.database.clock() - timedelta(days=days))
    with core.write() as connection:
        lock_all_scopes(connection)
        _forget(core, connection, before)
        for table in rollups.ROLLUPS:
            counts = [column for column in table.columns if not column.primary_key]
            connection.execute(delete(table).where(~or_(*(column != 0 for column in counts))))
    _give_back(core.database)


def _remove_gone(connection: Connection, before: int) -> None:
    asset = schema.asset.c
    gone = select(asset.pk).where(asset.gone_at < before)
    for table in OF_ASSETS:
        connection.execute(delete(table).where(table.c.asset_pk.in_(gone)))
    connection.execute(delete(schema.asset).where(asset.gone_at < before))


def _give_back(database: Database) -> None:
    with database.errors(), database.engine.connect() as connection:
        plain = connection.execution_options(isolation_level="AUTOCOMMIT")
        if database.is_sqlite:
            driver = plain.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            plain.execute(text("VACUUM ANALYZE"))


def secret_key(database: Database) -> bytes:
    """Return the store's own random key, made when it is first asked for: 32 bytes."""
    table = schema.setting
    query = select(table.c.value).where(table.c.name == "secret_key")
    with database.write() as connection:
        made = {"name": "secret_key", "value": secrets.token_bytes(32)}
        connection.execute(bulk.upsert(connection, table).on_conflict_do_nothing(), [made])
        return bytes(connection.execute(query).scalar_one())


def recount(core: Core) -> bool:
    """Count all assets again; return whether the roll-ups were right. Drift is a bug: report it."""
    tables = rollups.ROLLUPS
    with core.write() as connection:
        lock_all_scopes(connection)
        before = [_content(connection, table) for table in tables]
        for table in (*tables, schema.asset_summary):
            connection.execute(delete(table))
        assets = connection.execute(select(schema.asset.c.pk).where(schema.asset.c.gone_at.is_(None)))
        rules = rollups.Rules(connection, core.scoring)
        rollups.apply_effects(connection, rules, assets.scalars().all(), None)
        return before == [_content(connection, table) for table in tables]


def _content(connection: Connection, table: object) -> set[tuple[object, ...]]:
    keys = len(table.primary_key)  # type: ignore[attr-defined]
    rows = connection.execute(select(table))  # type: ignore[call-overload]
    return {tuple(row) for row in rows if any(row[keys:])}
