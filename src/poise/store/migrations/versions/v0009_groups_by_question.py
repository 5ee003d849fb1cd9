"""Groups of assets by a question: what of a group is not known, and when its assets were found."""

from alembic import op
from sqlalchemy import Column

from poise.store.columns import Word, moment, number

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns."""
    for column in (
        number("possible"),
        Column("gap", Word, nullable=False, server_default=""),
        moment("filled_at", nullable=True),
    ):
        op.add_column("asset_group", column)
