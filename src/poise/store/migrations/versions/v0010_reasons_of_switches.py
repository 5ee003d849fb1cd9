"""Checks that are switched off: why, and by whom."""

from alembic import op
from sqlalchemy import Column

from poise.store.columns import Word

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; of switches that there are, the audit log alone knows."""
    for name in ("reason", "switched_by"):
        op.add_column("switch", Column(name, Word, nullable=False, server_default=""))
