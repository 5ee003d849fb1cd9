"""Exemptions, what they cover, and mitigated assets counted apart from healthy ones."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Index

from poise.store.columns import Key, Tables, blob, moment, number, only, word

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables and columns."""
    tables = Tables()
    for name in ("asset", "check_id"):  # they are there already: only pointed to
        tables.table(name, Column("pk", Key, primary_key=True))
    exemption = tables.table(
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
    exempted = tables.table(
        "exempted",
        Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
        Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
        Column("exemption_pk", Key, ForeignKey("exemption.pk"), nullable=False),
        Index(None, "exemption_pk"),
        rowid=False,
    )
    tables.metadata.create_all(op.get_bind(), tables=[exemption, exempted])
    for table in ("control_rollup", "kind_rollup"):
        op.add_column(table, number("mitigated"))
