"""The security graph: nodes with insights and tags, and edges that share what they say."""

from alembic import op
from sqlalchemy import REAL, Column, Double, Index

from poise.store.columns import Key, Tables, Word, key, number, word

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    tables = Tables()
    graph_node = tables.table(
        "graph_node",
        Column("pk", Key, primary_key=True, autoincrement=False),
        Column("id", Word, unique=True, nullable=False),
        word("kind"),
        word("name"),
        word("provider"),
        word("scope"),
        word("region"),
        word("insights"),
        word("tags"),
        Index(None, "kind"),
        Index(None, "scope"),
    )

    graph_insight = tables.table(
        "graph_insight",
        key("node_pk"),
        word("name"),
        number("sort", None),
        word("text", nullable=True),
        Column("number", Double().with_variant(REAL(), "sqlite"), nullable=True),
        Index(None, "node_pk", "name"),
        Index(None, "name", "number", "text"),
    )

    graph_tag = tables.table(
        "graph_tag",
        key("node_pk"),
        word("name"),
        word("value"),
        Index(None, "node_pk", "name"),
        Index(None, "name", "value"),
    )

    graph_detail = tables.table(
        "graph_detail",
        Column("pk", Key, primary_key=True, autoincrement=False),
        word("kind"),
        word("state"),
        word("condition"),
        word("capability", nullable=True),
        word("actions"),
        word("ports"),
        word("rule"),
        word("evidence"),
        Index(None, "kind"),
    )

    graph_port = tables.table(
        "graph_port",
        key("detail_pk"),
        word("protocol"),
        number("first"),
        number("last"),
        Index(None, "detail_pk"),
    )

    graph_edge = tables.table(
        "graph_edge",
        Column("source_pk", Key, primary_key=True, autoincrement=False),
        Column("target_pk", Key, primary_key=True, autoincrement=False),
        Column("detail_pk", Key, primary_key=True, autoincrement=False),
        Index(None, "target_pk", "source_pk"),
        rowid=False,
    )
    made = [graph_node, graph_insight, graph_tag, graph_detail, graph_port, graph_edge]
    tables.metadata.create_all(op.get_bind(), tables=made)
