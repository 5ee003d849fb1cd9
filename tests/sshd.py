"""A real OpenSSH server on loopback whose logins land in a small root of their own: a host for tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = ("sh", "base64", "tr", "id", "uname", "sort", "stat", "find", "gzip", "tar", "cat", "rm", "readlink")
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@dataclass
class SshHost:
    """A running server."""

    root: Path
    """Where logins land: the host's file system."""
    port: int
    key: Path
    """Private key that may sign in."""
    known_hosts: Path
    """File that knows the server's key."""
    folder: Path

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file of the host."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)


@pytest.fixture(scope="session")
def ssh_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshHost]:
    """Start the server; ended by its process id."""
    if SSHD is None:
        pytest.skip("no sshd found: apt-get install openssh-server")
    if os.getuid() != 0:
        pytest.skip("only root may chroot a login")
    folder = tmp_path_factory.mktemp("sshd")
    root = _root(folder / "root")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    port = _free_port()
    (folder / "config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"AuthorizedKeysFile {folder}/authorized\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n"
        f'MaxStartups 100\nForceCommand exec chroot {root} /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n'
    )
    public = (folder / "host.pub").read_text()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}")
    Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "config"], stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield SshHost(root, port, folder / "user", folder / "known_hosts", folder)
    finally:
        process.terminate()
        process.wait()


def _root(root: Path) -> Path:
    """Make a root with a shell and the tools that any Linux has."""
    for tool in TOOLS:
        place = shutil.which(tool)
        assert place, f"{tool} is missing"
        _copy(Path(place), root / "bin" / tool)
        listed = subprocess.run(["ldd", place], capture_output=True, text=True, check=False).stdout
        for word in listed.split():
            if word.startswith("/"):
                _copy(Path(word), root / word.lstrip("/"))
    (root / "etc").mkdir()
    (root / "dev").mkdir()
    (root / "dev/null").write_bytes(b"")
    (root / "dev/null").chmod(0o666)
    return root


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy(source.resolve(), target)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("sshd did not start")
