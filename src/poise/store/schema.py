"""The tables, for SQLite and PostgreSQL alike.

Moments are whole microseconds since 1970 (UTC); words that repeat (scopes, kinds, checks) are numbers that
point to small tables. A scope is (source, provider, id): what a live scan read never mixes with an export.
Rows that hold now are in `asset`, `verdict`, `finding`; what held before is in `asset_version`,
`verdict_version`, `finding_version`, written only when something changed.
"""

from __future__ import annotations

from sqlalchemy import REAL, Column, Double, ForeignKey, Index, Integer, Sequence

from poise.store.columns import (
    OPEN,
    PRESENT,
    Key,
    Moment,
    Tables,
    Word,
    blob,
    key,
    moment,
    number,
    only,
    points_to,
    word,
)

tables = Tables()
metadata, table = tables.metadata, tables.table

setting = table("setting", Column("name", Word, primary_key=True), blob("value"))

scope = table(
    "scope",
    Column("pk", Key, primary_key=True),
    word("source"),
    word("provider"),
    word("id"),
    word("name"),
    word("path"),
    Index(None, "source", "provider", "id", unique=True),
    Index(None, "id"),
)

kind = table(
    "kind",
    Column("pk", Key, primary_key=True),
    Column("name", Word, unique=True, nullable=False),
    word("provider"),
)

check = table("check_id", Column("pk", Key, primary_key=True), Column("id", Word, unique=True, nullable=False))

scan = table(
    "scan",
    Column("pk", Key, primary_key=True),
    word("source"),
    word("command"),
    word("state"),
    moment("started"),
    moment("finished", nullable=True),
    blob("coverage", nullable=True),
)

partition = table(
    "partition",
    Column("pk", Key, primary_key=True),
    points_to("scope"),
    word("service"),
    word("region"),
    Column("scan_pk", Key, ForeignKey("scan.pk"), nullable=True),
    Column("planned_pk", Key, ForeignKey("scan.pk"), nullable=True),
    number("epoch"),
    number("fence"),
    word("state"),
    moment("read_at", nullable=True),
    Index(None, "scope_pk", "service", "region", unique=True),
    Index(None, "scan_pk"),
    Index(None, "planned_pk"),
)

listing = table(
    "listing",
    Column("partition_pk", Key, ForeignKey("partition.pk"), primary_key=True),
    Column("kind_pk", Key, ForeignKey("kind.pk"), primary_key=True),
    word("state"),
    word("reason"),
    rowid=False,
)

gap = table(
    "gap",
    Column("partition_pk", Key, ForeignKey("partition.pk"), primary_key=True),
    Column("number", Integer, primary_key=True),
    word("service"),
    word("call"),
    word("reason"),
    word("permission"),
    number("expected"),
    number("count", "1"),
    rowid=False,
)

asset_keys = Sequence("asset_number", metadata=metadata)

asset = table(
    "asset",
    Column("pk", Key, primary_key=True, autoincrement=False),
    points_to("partition"),
    points_to("scope"),
    points_to("kind"),
    word("uid"),
    word("given_id", nullable=True),
    word("name"),
    word("region"),
    word("tags"),
    blob("content_hash"),
    number("unread"),
    number("criticality"),
    word("place", nullable=True),
    moment("first_seen"),
    moment("changed_at"),
    moment("kept_from", nullable=True),
    moment("gone_at", nullable=True),
    Index(None, "uid", "scope_pk", unique=True),
    Index(None, "partition_pk", **only(PRESENT)),
    Index(None, "name", "pk", **only(PRESENT)),
)

document = table(
    "document",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True, autoincrement=False),
    blob("document"),
)

asset_version = table(
    "asset_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    moment("valid_to"),
    blob("document"),
    rowid=False,
)

verdict = table(
    "verdict",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("phase", Integer, primary_key=True),
    moment("valid_from"),
    moment("next_change_at", nullable=True),
    blob("key"),
    blob("questions", nullable=True),
    blob("states"),
    blob("packed"),
    Index(None, "next_change_at", **only("next_change_at IS NOT NULL")),
    rowid=False,
)

verdict_version = table(
    "verdict_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("phase", Integer, primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    moment("valid_to"),
    blob("packed"),
    rowid=False,
)

finding = table(
    "finding",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    word("id"),
    key("scope_pk"),
    key("kind_pk"),
    number("state", None),
    number("severity", None),
    number("risk", None),
    word("reason"),
    blob("detail"),
    word("effect"),
    moment("effect_until", nullable=True),
    moment("first_seen"),
    moment("changed_at"),
    moment("resolved_at", nullable=True),
    number("reopened"),
    Index(None, "id"),
    Index(None, "risk", "asset_pk", "check_pk", **only(OPEN)),
    Index(None, "scope_pk", "risk", "asset_pk", "check_pk", **only(OPEN)),
    Index(None, "check_pk", "risk", "asset_pk", **only(OPEN)),
    Index(None, "check_pk", "scope_pk", "first_seen", **only(OPEN)),
    Index(None, "effect_until", **only("effect_until IS NOT NULL")),
    Index(None, "changed_at"),
    rowid=False,
)

finding_version = table(
    "finding_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    moment("valid_to"),
    number("state", None),
    word("effect"),
    number("risk", None),
    rowid=False,
)

switch = table(
    "switch",
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    Column("scope_pk", Key, primary_key=True),
    moment("until", nullable=True),
    Column("since", Moment, nullable=False, server_default="0"),
    Column("reason", Word, nullable=False, server_default=""),
    Column("switched_by", Word, nullable=False, server_default=""),
    rowid=False,
)

switch_version = table(
    "switch_version",
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    Column("scope_pk", Key, primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    moment("valid_to"),
    rowid=False,
)

facts_version = table(
    "facts_version",
    Column("valid_from", Moment, primary_key=True, autoincrement=False),
    moment("valid_to", nullable=True),
    blob("facts"),
)

judging = table(
    "judging",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("begun", Moment, primary_key=True),
    moment("finished", nullable=True),
    blob("digest"),
    rowid=False,
)

exemption = table(
    "exemption",
    Column("pk", Key, primary_key=True),
    word("name"),
    word("kind"),
    blob("covers"),
    word("reason"),
    word("approver"),
    moment("until"),
    word("origin"),
    moment("added_at"),
    word("added_by"),
    moment("removed_at", nullable=True),
    Index(None, "name", unique=True, **only("removed_at IS NULL")),
)

exempted = table(
    "exempted",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    points_to("exemption"),
    Index(None, "exemption_pk"),
    rowid=False,
)

asset_summary = table(
    "asset_summary",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True, autoincrement=False),
    key("scope_pk"),
    key("kind_pk"),
    blob("counted"),
    number("criticality"),
    number("risk"),
    number("critical"),
    number("high"),
    number("medium"),
    number("low"),
    number("unknown"),
    Index(None, "risk", "asset_pk"),
)

BUCKETS = ("healthy", "unhealthy", "not_applicable", "unknown", "waived", "mitigated", "grace", "disabled")
"""Where a verdict is counted: by its state, or by the effect that takes it out."""
RISKS = ("low_risk", "medium_risk", "high_risk", "critical_risk")
"""The unhealthy ones of the buckets, by the risk of their findings."""

check_rollup = table(
    "check_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    *(number(name) for name in BUCKETS),
    *(number(name) for name in RISKS),
    rowid=False,
)

control_rollup = table(
    "control_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("control", Word, primary_key=True),
    *(number(name) for name in BUCKETS[:4]),
    number("mitigated"),
    rowid=False,
)

kind_rollup = table(
    "kind_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("kind_pk", Key, ForeignKey("kind.pk"), primary_key=True),
    number("assets"),
    number("scored"),
    number("mitigated"),
    rowid=False,
)

risk_rollup = table(
    "risk_rollup",
    Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
    Column("shape", Word, primary_key=True),
    number("assets"),
    rowid=False,
)

asset_group = table(
    "asset_group",
    Column("pk", Key, primary_key=True),
    Column("name", Word, unique=True, nullable=False),
    word("kind"),
    blob("wanted"),
    word("origin"),
    moment("changed_at"),
    word("changed_by"),
    number("possible"),
    Column("gap", Word, nullable=False, server_default=""),
    moment("filled_at", nullable=True),
)

group_member = table(
    "group_member",
    Column("group_pk", Key, ForeignKey("asset_group.pk"), primary_key=True),
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Index(None, "asset_pk"),
    rowid=False,
)

asset_mark = table(
    "asset_mark",
    Column("uid", Word, primary_key=True),
    Column("topic", Word, primary_key=True),
    word("degree"),
    word("reason"),
    word("marked_by"),
    moment("marked_at"),
    rowid=False,
)

score_day = table(
    "score_day",
    Column("scope", Word, primary_key=True),
    Column("control", Word, primary_key=True),
    Column("day", Word, primary_key=True),
    *(
        Column(name, Double().with_variant(REAL(), "sqlite"), nullable=False)
        for name in ("current", "max", "low", "high")
    ),
    number("unknown"),
    number("weight"),
    rowid=False,
)

audit = table(
    "audit",
    Column("pk", Key, primary_key=True),
    moment("at"),
    word("actor"),
    word("action"),
    word("target"),
    blob("detail"),
    Index(None, "at"),
)

attestation = table(
    "attestation",
    Column("pk", Key, primary_key=True),
    word("standard"),
    word("control"),
    word("scope"),
    number("is_met", None),
    word("statement"),
    blob("evidence"),
    word("made_by"),
    moment("made_at"),
    moment("until"),
    moment("ended_at", nullable=True),
    Index(None, "standard", "control", "scope"),
)
