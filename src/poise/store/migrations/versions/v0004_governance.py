"""Rules of governance, assignments, channels, and the work that is due."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Index

from poise.store.columns import Key, Moment, Tables, Word, blob, moment, number, only, word

revision = "0004"
down_revision = "0003"

tables = Tables()
POINTED_TO = [tables.table(name, Column("pk", Key, primary_key=True)) for name in ("asset", "check_id")]

tables.table(
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

tables.table(
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

tables.table(
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

tables.table(
    "channel",
    Column("name", Word, primary_key=True),
    word("kind"),
    blob("body"),
    blob("secret", nullable=True),
    moment("added_at"),
    word("added_by"),
)

tables.table(
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

tables.table(
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

tables.table("lease", Column("name", Word, primary_key=True), word("holder"), moment("until"))

tables.table(
    "alerted",
    Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
    Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
    number("round", None),
    rowid=False,
)

tables.table(
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


def upgrade() -> None:
    """Make the tables; those that are pointed to are there."""
    made = [table for table in tables.metadata.sorted_tables if table not in POINTED_TO]
    tables.metadata.create_all(op.get_bind(), tables=made)
