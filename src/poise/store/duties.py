"""The tables of governance: rules, assignments, channels, the work that is due, and what was told to whom."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from poise.store.columns import Key, Moment, Word, blob, moment, number, only, word
from poise.store.schema import table

governance_rule = table(
    "governance_rule",
    Column("pk", Key, primary_key=True),
    word("name"),
    number("priority", None),
    blob("body"),
    word("origin"),
    moment("added_at"),
    word("added_by"),
    moment("removed_at", nullable=True),
    Index(None, "name", unique=True, **only("removed_at IS NULL")),
)

assignment = table(
    "assignment",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    number("round", None),
    moment("opened_at"),
    word("rule"),
    word("owner"),
    moment("due", nullable=True),
    number("is_grace"),
    number("is_overdue"),
    moment("eta", nullable=True),
    word("justification"),
    moment("assigned_at"),
    word("assigned_by"),
    Index(None, "owner"),
    Index(None, "due", **only("is_overdue = 0")),
    rowid=False,
)

assignment_version = table(
    "assignment_version",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    moment("valid_to"),
    word("rule"),
    word("owner"),
    moment("due", nullable=True),
    moment("eta", nullable=True),
    rowid=False,
)

channel = table(
    "channel",
    Column("name", Word, primary_key=True),
    word("kind"),
    blob("body"),
    blob("secret", nullable=True),
    moment("added_at"),
    word("added_by"),
)

due = table(
    "due",
    Column("name", Word, primary_key=True),
    word("kind"),
    word("schedule"),
    blob("body"),
    moment("next_at"),
    moment("last_at", nullable=True),
    word("error"),
    Index(None, "next_at"),
)

outbox = table(
    "outbox",
    Column("pk", Key, primary_key=True),
    Column("key", Word, unique=True, nullable=False),
    word("channel"),
    blob("body"),
    word("state"),
    number("attempts"),
    moment("made_at"),
    moment("next_at"),
    moment("sent_at", nullable=True),
    word("error"),
    Index(None, "next_at", **only("state = 'waiting'")),
)

lease = table("lease", Column("name", Word, primary_key=True), word("holder"), moment("until"))

alerted = table(
    "alerted",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    number("round", None),
    rowid=False,
)

ticket = table(
    "ticket",
    Column("channel", Word, primary_key=True),
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    word("number"),
    word("link"),
    word("status"),
    number("is_closed"),
    word("told"),
    moment("made_at"),
    moment("changed_at"),
    rowid=False,
)
