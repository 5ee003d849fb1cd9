"""The tables of the security graph, and of the questions about it that are kept."""

from __future__ import annotations

from sqlalchemy import REAL, Column, Double, Index

from poise.store.columns import Key, Word, blob, key, moment, number, word
from poise.store.schema import table

graph_node = table(
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

graph_insight = table(
    "graph_insight",
    key("node_pk"),
    word("name"),
    number("sort", None),
    word("text", nullable=True),
    Column("number", Double().with_variant(REAL(), "sqlite"), nullable=True),
    Index(None, "node_pk", "name"),
    Index(None, "name", "number", "text"),
)

graph_tag = table(
    "graph_tag",
    key("node_pk"),
    word("name"),
    word("value"),
    Index(None, "node_pk", "name"),
    Index(None, "name", "value"),
)

graph_detail = table(
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

graph_port = table(
    "graph_port",
    key("detail_pk"),
    word("protocol"),
    number("first"),
    number("last"),
    Index(None, "detail_pk"),
)

graph_edge = table(
    "graph_edge",
    Column("source_pk", Key, primary_key=True, autoincrement=False),
    Column("target_pk", Key, primary_key=True, autoincrement=False),
    Column("detail_pk", Key, primary_key=True, autoincrement=False),
    Index(None, "target_pk", "source_pk"),
    rowid=False,
)

saved_query = table(
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
