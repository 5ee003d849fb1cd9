"""Creates a store, brings an older one up to date, and refuses a newer one."""

from __future__ import annotations

from importlib import resources

from sqlalchemy import Connection, inspect, text

from poise.model.errors import StoreError, StoreTooNew
from poise.store.database import Database

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""The shipped migrations, oldest first."""
LOCK = 7_016_900
"""Number of the PostgreSQL lock that one upgrade at a time holds."""


def version(connection: Connection) -> str | None:
    """Return the version of the store, None if it is empty. Raises if it is not ours, or newer."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise StoreError("The database holds tables of another program.", "Give an empty database, or another file.")
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is not None and found not in VERSIONS:
        raise StoreTooNew(
            f"The store is of version {found}, written by a newer Poise; this one knows {VERSIONS[-1]}.",
            "Install the newer version, or give another file with --db or POISE_DB.",
        )
    return found


def upgrade(database: Database) -> bool:
    """Create or upgrade the store; return whether there was anything to do."""
    with database.read() as connection:
        if version(connection) == VERSIONS[-1]:
            return False
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if version(connection) == VERSIONS[-1]:
            return False
        _run(connection)
    return True


def _run(connection: Connection) -> None:
    # Imported here: alembic costs more time than a command that finds its store up to date.
    from alembic import command
    from alembic.config import Config

    with resources.as_file(resources.files("poise.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
