"""The tables of attack paths: findings with their history, the scopes and nodes of each, and what a search gave."""

from __future__ import annotations

from sqlalchemy import Column, Index

from poise.store.columns import Key, Moment, Word, blob, moment, number, word
from poise.store.schema import table

attack_path = table(
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
attack_path_scope = table(
    "attack_path_scope",
    Column("path_id", Word, primary_key=True),
    Column("scope", Word, primary_key=True),
    rowid=False,
)
attack_path_node = table(
    "attack_path_node",
    Column("path_id", Word, primary_key=True),
    Column("node", Word, primary_key=True),
    Index(None, "node"),
    rowid=False,
)
attack_path_version = table(
    "attack_path_version",
    Column("path_id", Word, primary_key=True),
    Column("valid_from", Moment, primary_key=True),
    Column("valid_to", Moment, nullable=False),
    word("state"),
    number("risk", None),
    number("ways", None),
    rowid=False,
)
path_analysis = table("path_analysis", Column("pk", Key, primary_key=True), moment("at"), blob("document"))
