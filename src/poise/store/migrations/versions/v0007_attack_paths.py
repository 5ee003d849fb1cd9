"""The tables of attack paths."""

from alembic import op
from sqlalchemy import Column, Index

from poise.store.columns import Key, Moment, Tables, Word, blob, moment, number, word

revision = "0007"
down_revision = "0006"

tables = Tables()

tables.table(
    "attack_path",
    Column("id", Word, primary_key=True),
    word("title"),
    word("entry_scope"),
    word("target_scope"),
    word("state"),
    number("level", None),
    number("risk", None),
    number("ways", None),
    blob("document"),
    moment("first_seen"),
    moment("changed_at"),
    moment("resolved_at", nullable=True),
    number("reopened"),
    word("exemption"),
    word("exempted_by"),
    moment("exempted_until", nullable=True),
    Index(None, "risk", "id"),
    rowid=False,
)
tables.table(
    "attack_path_scope",
    Column("path_id", Word, primary_key=True),
    Column("scope", Word, primary_key=True),
    rowid=False,
)
tables.table(
    "attack_path_node",
    Column("path_id", Word, primary_key=True),
    Column("node", Word, primary_key=True),
    Index(None, "node"),
    rowid=False,
)
tables.table(
    "attack_path_version",
    Column("path_id", Word, primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    Column("valid_to", Moment, nullable=False),
    word("state"),
    number("risk", None),
    number("ways", None),
    rowid=False,
)
tables.table(
    "path_analysis",
    Column("pk", Key, primary_key=True),
    moment("at"),
    blob("document"),
)


def upgrade() -> None:
    """Make the tables."""
    tables.metadata.create_all(op.get_bind())
