"""The table of attestations."""

from alembic import op
from sqlalchemy import Column, Index

from poise.store.columns import Key, Tables, blob, moment, number, word

revision = "0002"
down_revision = "0001"

tables = Tables()

tables.table(
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


def upgrade() -> None:
    """Make the table."""
    tables.metadata.create_all(op.get_bind())
