"""The tables, for SQLite and PostgreSQL alike.

Moments are whole microseconds since 1970 (UTC); words that repeat (scopes, kinds, checks) are numbers that
point to small tables. A scope is (source, provider, id): what a live scan read never mixes with an export.
Rows that hold now are in `asset`, `verdict`, `finding`; what held before is in `asset_version`,
`verdict_version`, `finding_version`, written only when something changed.
"""

from __future__ import annotations

from sqlalchemy import (
    REAL,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    Table,
    Text,
    text,
)

Word = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is sorted and compared byte by byte in both databases."""
Moment = BigInteger().with_variant(Integer(), "sqlite")
"""Microseconds since 1970, UTC."""
Key = BigInteger().with_variant(Integer(), "sqlite")
"""A row number."""

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "fk": "%(table_name)s_%(column_0_name)s",
        "pk": "%(table_name)s_key",
    }
)


def _table(name: str, *parts: Column[object] | Index, rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _number(name: str, default: str | None = "0") -> Column[object]:
    return Column(name, Integer, nullable=False, server_default=default)


def _word(name: str, nullable: bool = False) -> Column[object]:
    return Column(name, Word, nullable=nullable)


def _moment(name: str, nullable: bool = False) -> Column[object]:
    return Column(name, Moment, nullable=nullable)


def _points_to(target: str, name: str = "") -> Column[object]:
    return Column(name or f"{target}_pk", Key, ForeignKey(f"{target}.pk"), nullable=False)


def _blob(name: str, nullable: bool = False) -> Column[object]:
    return Column(name, LargeBinary, nullable=nullable)


PRESENT = "gone_at IS NULL"
OPEN = "resolved_at IS NULL"


def _only(condition: str) -> dict[str, object]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


setting = _table("setting", Column("name", Word, primary_key=True), _blob("value"))

scope = _table(
    "scope",
    Column("pk", Key, primary_key=True),
    _word("source"),
    _word("provider"),
    _word("id"),
    _word("name"),
    _word("path"),
    Index(None, "source", "provider", "id", unique=True),
    Index(None, "id"),
)

kind = _table(
    "kind",
    Column("pk", Key, primary_key=True),
    Column("name", Word, unique=True, nullable=False),
    _word("provider"),
)

check = _table(
    "check_id", Column("pk", Key, primary_key=True), Column("id", Word, unique=True, nullable=False)
)

scan = _table(
    "scan",
    Column("pk", Key, primary_key=True),
    _word("source"),
    _word("command"),
    _word("state"),
    _moment("started"),
    _moment("finished", nullable=True),
    _blob("coverage", nullable=True),
)

partition = _table(
    "partition",
    Column("pk", Key, primary_key=True),
    _points_to("scope"),
    _word("service"),
    _word("region"),
    Column("scan_pk", Key, ForeignKey("scan.pk"), nullable=True),
    _number("epoch"),
    _number("fence"),
    _word("state"),
    _moment("read_at", nullable=True),
    Index(None, "scope_pk", "service", "region", unique=True),
    Index(None, "scan_pk"),
)

listing = _table(
    "listing",
    Column("partition_pk", Key, ForeignKey("partition.pk"), primary_key=True),
    Column("kind_pk", Key, ForeignKey("kind.pk"), primary_key=True),
    _word("state"),
    _word("reason"),
    rowid=False,
)

gap = _table(
    "gap",
    Column("partition_pk", Key, ForeignKey("partition.pk"), primary_key=True),
    Column("number", Integer, primary_key=True),
    _word("service"),
    _word("call"),
    _word("reason"),
    _word("permission"),
    _number("expected"),
    _number("count", "1"),
    rowid=False,
)

asset_keys = Sequence("asset_number", metadata=metadata)

asset = _table(
    "asset",
    Column("pk", Key, primary_key=True, autoincrement=False),
    _points_to("partition"),
    _points_to("scope"),
    _points_to("kind"),
    _word("uid"),
    _word("given_id", nullable=True),
    _word("name"),
    _word("region"),
    _word("tags"),
    _blob("content_hash"),
    _number("unread"),
    _word("place", nullable=True),
    _moment("first_seen"),
    _moment("changed_at"),
    _moment("kept_from", nullable=True),
    _moment("gone_at", nullable=True),
    Index(None, "scope_pk", "uid", unique=True),
    Index(None, "partition_pk", **_only(PRESENT)),
    Index(None, "name", "pk", **_only(PRESENT)),
)

document = _table(
    "document",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True, autoincrement=False),
    _blob("document"),
)

asset_version = _table(
    "asset_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    _moment("valid_to"),
    _blob("document"),
    rowid=False,
)

verdict = _table(
    "verdict",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("phase", Integer, primary_key=True),
    _moment("valid_from"),
    _moment("next_change_at", nullable=True),
    _blob("key"),
    _blob("questions", nullable=True),
    _blob("states"),
    _blob("packed"),
    Index(None, "next_change_at", **_only("next_change_at IS NOT NULL")),
    rowid=False,
)

verdict_version = _table(
    "verdict_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("phase", Integer, primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    _moment("valid_to"),
    _blob("packed"),
    rowid=False,
)

finding = _table(
    "finding",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    _word("id"),
    _points_to("scope"),
    _points_to("kind"),
    _number("state", None),
    _number("severity", None),
    _number("risk", None),
    _word("reason"),
    _blob("detail"),
    _word("effect"),
    _moment("effect_until", nullable=True),
    _moment("first_seen"),
    _moment("changed_at"),
    _moment("resolved_at", nullable=True),
    _number("reopened"),
    Index(None, "id"),
    Index(None, "risk", "id", **_only(OPEN)),
    Index(None, "scope_pk", "risk", "id", **_only(OPEN)),
    Index(None, "check_pk", "risk", "id", **_only(OPEN)),
    Index(None, "effect_until", **_only("effect_until IS NOT NULL")),
    rowid=False,
)

finding_version = _table(
    "finding_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    _moment("valid_to"),
    _number("state", None),
    _word("effect"),
    _number("risk", None),
    rowid=False,
)

switch = _table(
    "switch",
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    Column("scope_pk", Key, primary_key=True),
    _moment("until", nullable=True),
    rowid=False,
)

asset_summary = _table(
    "asset_summary",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True, autoincrement=False),
    _points_to("scope"),
    _points_to("kind"),
    _blob("counted"),
    _number("risk"),
    _number("critical"),
    _number("high"),
    _number("medium"),
    _number("low"),
    _number("unknown"),
    Index(None, "risk", "asset_pk"),
)

BUCKETS = ("healthy", "unhealthy", "not_applicable", "unknown", "waived", "mitigated", "grace", "disabled")
"""Where a verdict is counted: by its state, or by the effect that takes it out."""

check_rollup = _table(
    "check_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    *(_number(name) for name in BUCKETS),
    rowid=False,
)

control_rollup = _table(
    "control_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("control", Word, primary_key=True),
    *(_number(name) for name in BUCKETS[:4]),
    rowid=False,
)

kind_rollup = _table(
    "kind_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("kind_pk", Key, ForeignKey("kind.pk"), primary_key=True),
    _number("assets"),
    _number("scored"),
    rowid=False,
)

score_day = _table(
    "score_day",
    Column("scope", Word, primary_key=True),
    Column("control", Word, primary_key=True),
    Column("day", Word, primary_key=True),
    *(
        Column(name, Double().with_variant(REAL(), "sqlite"), nullable=False)
        for name in ("current", "max", "low", "high")
    ),
    _number("unknown"),
    _number("weight"),
    rowid=False,
)

audit = _table(
    "audit",
    Column("pk", Key, primary_key=True),
    _moment("at"),
    _word("actor"),
    _word("action"),
    _word("target"),
    _blob("detail"),
    Index(None, "at"),
)
