"""Which rows hold the words that somebody looks for: every word, each in any of some columns, in any case of ASCII.

No index finds a part of a word, so every row is looked at; what is the same for many rows is looked at once.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Connection, false, or_, select

from poise.store import bulk, schema
from poise.store.codec import clean
from poise.store.rows import asset, check, finding

IN_AN_ID = re.compile(r"[0-9a-f]{1,20}", re.IGNORECASE | re.ASCII)
"""What the id of a finding may hold: it is 20 hexadecimal digits."""


def in_assets(connection: Connection, text: str) -> list[ColumnElement[bool]]:
    """Return the conditions that assets hold every word in their name or id."""
    return [
        or_(*(bulk.holds_word(connection, c, word) for c in (asset.name, asset.uid))) for word in clean(text).split()
    ]


def in_findings(connection: Connection, text: str) -> list[ColumnElement[bool]]:
    """Return the conditions that findings hold every word: in check, asset, reason or their own id."""
    return [_in_finding(connection, word) for word in clean(text).split()]


def _in_finding(connection: Connection, word: str) -> ColumnElement[bool]:
    columns = [finding.reason, asset.name, asset.uid]
    columns += [finding.id] if IN_AN_ID.fullmatch(word) else []
    found = [bulk.holds_word(connection, column, word) for column in columns]
    checks = connection.execute(select(schema.check.c.pk).where(bulk.holds_word(connection, check.id, word))).scalars()
    numbers = sorted(checks)
    return or_(finding.check_pk.in_(numbers) if numbers else false(), *found)
