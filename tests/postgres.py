"""A real PostgreSQL for tests: started once a test process, on loopback, in a temporary folder.

Use :func:`postgres_server` as a fixture (``from tests.postgres import postgres_server``) and
:meth:`Server.new_store` for the database of a store. Where PostgreSQL is not installed its tests are skipped
with the reason; with ``POISE_NO_SKIP=1`` they fail instead.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
}
"""Fast and forgetful: the data is thrown away."""
START_TIMEOUT_S = 30
USER = "poise"


class Server:
    """A running server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made = 0
        self._model: str | None = None

    def new_database(self, model: str = "template1") -> str:
        """Make a database like another, which nobody may be connected to; an empty one by default. Return its URL."""
        import psycopg

        self._made += 1
        name = f"poise_{os.getpid()}_{self._made}"
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
        return f"{self.url}/{name}"

    def new_store(self) -> str:
        """Make a database of today's schema, without rows; return its URL. The schema is made once and copied."""
        from poise.store import upgrade

        if self._model is None:
            url = self.new_database()
            upgrade(url)
            self._model = url.rsplit("/", 1)[1]
        return self.new_database(self._model)

    def drop_database(self, url: str) -> None:
        """Remove a database, with whoever is still connected."""
        import psycopg

        name = url.rsplit("/", 1)[1]
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def find_binaries() -> Path | None:
    """Return the folder that holds initdb and postgres, or None."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)]
    if asked := shutil.which("pg_config"):
        answer = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def unprivileged_user() -> str | None:
    """Return the user that runs the server: PostgreSQL refuses root. None: the present one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Give a running server, and stop it at the end."""
    binaries = find_binaries()
    if binaries is None:
        reason = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
        if os.environ.get("POISE_NO_SKIP") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="poise-pg-"))
    user = unprivileged_user()
    if user is not None:
        shutil.chown(folder, user)
    process = None
    try:
        _run([str(binaries / "initdb"), *INIT, "-U", USER, "-D", str(folder / "data")], user, folder)
        port = _free_port()
        process = _start(binaries, folder, port, user)
        server = Server(f"postgresql://{USER}@127.0.0.1:{port}")
        _wait(server, process, folder)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # "fast shutdown": does not wait for clients
            process.wait(timeout=START_TIMEOUT_S)
        shutil.rmtree(folder, ignore_errors=True)


INIT = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")


def _run(command: list[str], user: str | None, folder: Path) -> None:
    done = subprocess.run(command, user=user, group=_group(user), cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"{command[0]} failed: {done.stderr}")


def _group(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


def _start(binaries: Path, folder: Path, port: int, user: str | None) -> subprocess.Popen[bytes]:
    settings = SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *words],
            user=user,
            group=_group(user),
            cwd=folder,
            stdout=log,
            stderr=log,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Server, process: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            psycopg.connect(f"{server.url}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
            time.sleep(0.05)
