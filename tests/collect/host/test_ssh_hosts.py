"""Hosts through a real SSH server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from poise.collect.host.connector import SshHosts
from poise.collect.host.hosts_file import Host, HostList
from poise.collect.host.remote_tree import RemoteTree
from poise.collect.host.session import Session, Ssh
from poise.disk.folder import FolderTree
from poise.disk.tree import FileKind, read
from poise.model.host.estate import Hosts
from poise.model.host.machine import Machine
from poise.model.listing import ListingState
from tests.sshd import SshHost, ssh_host

pytestmark = pytest.mark.server
__all__ = ["ssh_host"]
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def host(ssh_host: SshHost) -> Host:
    ssh_host.write(
        "/etc/os-release", 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n'
    )
    ssh_host.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n")
    ssh_host.write("/etc/group", "root:x:0:\nann:x:1000:\n")
    ssh_host.write("/etc/shadow", "root:*:19000:0:99999:7:::\nann:!:19000:0:99999:7:::\n", 0o640)
    ssh_host.write("/srv/a file\nwith lines", "odd")
    ssh_host.write("/srv/big.bin", "x" * 300_000)
    link = ssh_host.root / "etc/mtab"
    if not link.is_symlink():
        link.symlink_to("../proc/self/mounts")
    return Host(address="127.0.0.1", name="web-1", port=ssh_host.port, key=str(ssh_host.key), user="root")


@pytest.fixture
def ssh(ssh_host: SshHost) -> Ssh:
    return Ssh(config="none", known_hosts=str(ssh_host.known_hosts))


def scan(host: Host, ssh: Ssh) -> SshHosts:
    return SshHosts(HostList("berlin", (host,)), lambda: NOW, ssh)


def collected(connector: SshHosts, service: str):
    (scope,) = connector.scopes()
    key = next(key for key in connector.partitions(scope) if key.service == service)
    return connector.read(key)


def test_the_tree_over_ssh_is_the_tree_on_disk(ssh_host: SshHost, host: Host, ssh: Ssh) -> None:
    disk = FolderTree(ssh_host.root)
    with Session(host, ssh) as session:
        remote = RemoteTree(session)
        todo = ["/"]
        while todo:
            path = todo.pop()
            assert remote.names(path) == disk.names(path)
            for name in set(disk.names(path)) - {"dev"}:
                here = f"{path.rstrip('/')}/{name}"
                facts = disk.facts(here)
                assert remote.facts(here) == facts
                assert facts is not None
                if facts.kind is FileKind.FOLDER:
                    todo.append(here)
                elif facts.kind is FileKind.LINK:
                    assert remote.target(here) == disk.target(here)
                else:
                    assert read(remote, here, 1 << 30) == read(disk, here, 1 << 30)


def test_a_host_gives_its_machine_and_software(host: Host, ssh: Ssh) -> None:
    found = collected(scan(host, ssh), "web-1")
    machine = next(asset for asset in found.assets if isinstance(asset, Machine))
    assert machine.id == "host://berlin/web-1"
    assert machine.os.id == "debian"
    assert [user.name for user in machine.users] == ["root", "ann"]
    assert {listing.state for listing in found.listings} == {ListingState.COMPLETE}
    assert found.is_complete


def test_a_host_whose_key_changed_is_refused_and_named(ssh_host: SshHost, host: Host, ssh: Ssh, tmp_path: Path) -> None:
    other = (ssh_host.folder / "user.pub").read_text()
    (tmp_path / "known").write_text(f"[127.0.0.1]:{host.port} {other}")
    connector = scan(host, msgspec.structs.replace(ssh, known_hosts=str(tmp_path / "known")))
    found = collected(connector, "web-1")
    assert not found.assets
    assert [gap.reason for gap in found.gaps] == ["web-1: the host's key is not the one that is known"]
    assert {listing.state for listing in found.listings} == {ListingState.PARTIAL}
    (hosts,) = collected(connector, "hosts:berlin").assets
    assert isinstance(hosts, Hosts)
    assert [each.machine for each in hosts.not_scanned] == ["host://berlin/web-1"]


def test_a_host_whose_key_is_not_known_is_refused(host: Host, ssh: Ssh, tmp_path: Path) -> None:
    (tmp_path / "known").write_text("")
    connector = scan(host, msgspec.structs.replace(ssh, known_hosts=str(tmp_path / "known")))
    assert [gap.reason for gap in collected(connector, "web-1").gaps] == [
        "web-1: the host's key is not among the known ones"
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"port": 1}, "nothing listens there"),
        ({"user": "nobody-here"}, "refuses the key or user"),
        ({"key": "/dev/null"}, "refuses the key or user"),
    ],
)
def test_a_host_that_cannot_be_reached_says_why(host: Host, ssh: Ssh, change: dict[str, object], says: str) -> None:
    found = collected(scan(msgspec.structs.replace(host, **change), ssh), "web-1")
    assert says in found.gaps[0].reason


def test_a_host_that_takes_too_long_is_given_up(host: Host, ssh: Ssh) -> None:
    found = collected(scan(host, msgspec.structs.replace(ssh, host_s=0.0)), "web-1")
    assert "took too long" in found.gaps[0].reason


def test_a_missing_client_is_a_gap(host: Host, ssh: Ssh) -> None:
    found = collected(scan(host, msgspec.structs.replace(ssh, program="no-such-ssh")), "web-1")
    assert "cannot be run" in found.gaps[0].reason
