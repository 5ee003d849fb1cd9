"""Saved queries of the explorer."""

from alembic import op
from sqlalchemy import Column

from poise.store.columns import Key, Tables, Word, blob, moment, number, word

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    tables = Tables()
    made = tables.table(
        "saved_query",
        Column("pk", Key, primary_key=True),
        Column("name", Word, unique=True, nullable=False),
        word("title"),
        number("is_shared"),
        word("changed_by"),
        moment("changed_at"),
        blob("query"),
        blob("watch"),
    )
    tables.metadata.create_all(op.get_bind(), tables=[made])
