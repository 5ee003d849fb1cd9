from __future__ import annotations

from sqlalchemy import select, text

from poise.store import schema
from poise.store.among import among
from poise.store.database import Database
from tests.store.estate import bucket, collected, write


def test_many_values_are_one_parameter(store, store_url):
    write(store, collected([bucket(f"b{n}") for n in range(40)]))
    database = Database(store_url)
    table = schema.asset.c
    with database.read() as connection:
        keys = connection.execute(select(table.pk).order_by(table.pk)).scalars().all()
        some = connection.execute(select(table.pk).where(among(table.pk, keys[3:30]))).scalars().all()
        named = connection.execute(select(table.pk).where(among(table.name, ["b1", "b2", "none"]))).all()
        nothing = connection.execute(select(table.pk).where(among(table.pk, []))).all()
    database.close()
    assert (sorted(some), len(named), nothing) == (list(keys[3:30]), 2, [])


def test_sqlite_finds_them_by_key_and_reads_no_other_row(tmp_path):
    from poise.store import Store

    Store.open(tmp_path / "poise.db").close()
    database = Database(tmp_path / "poise.db")
    query = select(schema.verdict.c.states).where(among(schema.verdict.c.asset_pk, [1, 2, 3]))
    with database.read() as connection:
        words = str(query.compile(dialect=connection.dialect))
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {words.replace('?', ':p')}"), {"p": "[1]"}).all()
    database.close()
    assert any("SEARCH verdict USING PRIMARY KEY" in row.detail for row in plan), plan
