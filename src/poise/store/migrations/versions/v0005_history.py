"""History of check facts, switches and judging; criticality, risk shapes, groups of assets and marks."""

from collections.abc import Iterator

from alembic import op
from sqlalchemy import Column, ForeignKey, Index, Table, text

from poise.store.columns import Key, Moment, Tables, Word, blob, moment, number, word

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables and columns, and have all roll-ups counted again when the store is opened."""
    tables = Tables()
    for name in ("asset", "check_id", "scope"):  # they are there already: only pointed to
        tables.table(name, Column("pk", Key, primary_key=True))
    made = [*_history(tables), *_groups(tables)]
    tables.metadata.create_all(op.get_bind(), tables=made)
    op.add_column("switch", Column("since", Moment, nullable=False, server_default="0"))
    op.add_column("asset", number("criticality"))
    op.add_column("asset_summary", number("criticality"))
    op.create_index("finding_by_changed_at", "finding", ["changed_at"])
    op.get_bind().execute(text("DELETE FROM setting WHERE name = 'scoring'"))


def _history(tables: Tables) -> Iterator[Table]:
    yield tables.table(
        "switch_version",
        Column("check_pk", Key, ForeignKey("check_id.pk"), primary_key=True),
        Column("scope_pk", Key, primary_key=True),
        Column("valid_from", Moment, primary_key=True),
        moment("valid_to"),
        rowid=False,
    )
    yield tables.table(
        "facts_version",
        Column("valid_from", Moment, primary_key=True, autoincrement=False),
        moment("valid_to", nullable=True),
        blob("facts"),
    )
    yield tables.table(
        "judging",
        Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
        Column("begun", Moment, primary_key=True),
        moment("finished", nullable=True),
        blob("digest"),
        rowid=False,
    )
    yield tables.table(
        "risk_rollup",
        Column("scope_pk", Key, ForeignKey("scope.pk"), primary_key=True),
        Column("shape", Word, primary_key=True),
        number("assets"),
        rowid=False,
    )


def _groups(tables: Tables) -> Iterator[Table]:
    yield tables.table(
        "asset_group",
        Column("pk", Key, primary_key=True),
        Column("name", Word, unique=True, nullable=False),
        word("kind"),
        blob("wanted"),
        word("origin"),
        moment("changed_at"),
        word("changed_by"),
    )
    yield tables.table(
        "group_member",
        Column("group_pk", Key, ForeignKey("asset_group.pk"), primary_key=True),
        Column("asset_pk", Key, ForeignKey("asset.pk"), primary_key=True),
        Index(None, "asset_pk"),
        rowid=False,
    )
    yield tables.table(
        "asset_mark",
        Column("uid", Word, primary_key=True),
        Column("topic", Word, primary_key=True),
        word("degree"),
        word("reason"),
        word("marked_by"),
        moment("marked_at"),
        rowid=False,
    )
