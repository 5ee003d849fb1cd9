from __future__ import annotations

import stat

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from poise.model.errors import StoreError, StoreTooNew, UsageError
from poise.store import Store, migrate, schema, upgrade
from poise.store.database import Database


def test_the_migrations_give_the_schema(empty_url: str):
    assert upgrade(empty_url)
    database = Database(empty_url)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    database.close()


def test_an_upgrade_that_is_done_does_nothing(empty_url: str):
    assert upgrade(empty_url)
    assert not upgrade(empty_url)


def test_every_shipped_migration_is_known(empty_url: str):
    from importlib import resources

    folder = resources.files("poise.store") / "migrations" / "versions"
    files = sorted(f.name for f in folder.iterdir() if f.name.startswith("v"))
    assert [name[1:5] for name in files] == list(migrate.VERSIONS)


def test_a_store_of_a_newer_version_is_refused(empty_url: str):
    upgrade(empty_url)
    database = Database(empty_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreTooNew, match="9999"):
        Store.open(empty_url)


def test_a_database_of_another_program_is_refused(empty_url: str):
    database = Database(empty_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE invoices (pk INTEGER)"))
    database.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(empty_url)


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "new folder" / "poise.db"
    with Store.open(path):
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("milk, eggs and a good deal more of text than a header" * 10)
    with pytest.raises(StoreError, match="no Poise database"):
        Store.open(path)
    assert path.read_text().startswith("milk")


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "://", "sqlite://"])
def test_a_url_that_cannot_be_a_store_is_refused(url: str):
    with pytest.raises(UsageError):
        Store.open(url)


def test_a_server_that_is_not_there_is_said_so():
    with pytest.raises(StoreError, match="cannot be reached"):
        Store.open("postgresql://poise:secret@127.0.0.1:1/poise")


def test_a_password_is_never_shown():
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://poise:secret@127.0.0.1:1/poise")
    assert "secret" not in str(caught.value)
