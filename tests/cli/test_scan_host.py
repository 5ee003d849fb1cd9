"""`poise scan host` against a real SSH server."""

from __future__ import annotations

import pytest

from tests.sshd import SshHost, ssh_host

pytestmark = pytest.mark.server
__all__ = ["ssh_host"]


@pytest.fixture
def options(ssh_host: SshHost) -> list[object]:
    ssh_host.write("/etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n')
    ssh_host.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    return ["--known-hosts", ssh_host.known_hosts, "--ssh-config", "none", "--key", ssh_host.key, "--user", "root"]


def test_a_host_is_scanned_and_listed(poise, ssh_host: SshHost, options) -> None:
    answer = poise("scan", "host", f"127.0.0.1:{ssh_host.port}", *options, "-o", "json")
    assert answer.code == 0
    assert [scope["scope"] for scope in answer.json["coverage"]["scopes"]] == ["host://hosts"]
    kinds = {row["kind"] for row in poise("list", "assets", "-o", "json").json}
    assert {"Machine", "Software", "Hosts"} <= kinds


def test_a_list_of_hosts_names_those_that_were_not_reached(poise, ssh_host: SshHost, options, tmp_path) -> None:
    hosts = tmp_path / "hosts.toml"
    hosts.write_text(
        f'name = "berlin"\n[defaults]\nuser = "root"\nkey = "{ssh_host.key}"\n'
        f'[[host]]\naddress = "127.0.0.1"\nname = "web-1"\nport = {ssh_host.port}\ntags = {{ team = "shop" }}\n'
        '[[host]]\naddress = "127.0.0.1"\nname = "gone"\nport = 1\n'
    )
    answer = poise("scan", "host", "--hosts", hosts, *options[:4], "--require-complete", "-o", "json")
    assert answer.code == 3
    assert [gap["reason"] for gap in answer.json["coverage"]["gaps"]] == ["gone: nothing listens there"]
    machines = poise("list", "assets", "--kind", "Machine", "-o", "json").json
    assert [(row["id"], row["tags"]) for row in machines] == [("host://berlin/web-1", {"team": "shop"})]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[host]]\nname = 'a'", "address"),
        ("host = 3", "host"),
        ("[[host]]\naddress = '-oProxyCommand=touch'", "other characters"),
        ("[[host]]\naddress = 'a b'", "other characters"),
        ("[[host]]\naddress = 'a'\nuser = '-x'", "other characters"),
        ("[[host]]\naddress = 'a'\njump = '-x'", "other characters"),
        ("[[host]]\naddress = 'a'\nkey = '-x'", "cannot be"),
        ("[[host]]\naddress = 'a'\nport = 99999", "cannot be"),
        ("[[host]]\naddress = 'a'\n[[host]]\naddress = 'a'", "two hosts are named"),
        ("[[host]]\naddress = 'a'\nsuod = true", "suod"),
        ("host = []", "no host"),
        ("[[host]", "line 1"),
    ],
)
def test_a_list_that_is_wrong_is_refused(poise, tmp_path, text: str, says: str) -> None:
    hosts = tmp_path / "hosts.toml"
    hosts.write_text(text)
    answer = poise("scan", "host", "--hosts", hosts)
    assert answer.code != 0
    assert says in answer.err


@pytest.mark.parametrize("word", ["-oProxyCommand=x", "a b", "user@-x", "host:port", ""])
def test_a_destination_that_is_none_is_refused(poise, word: str) -> None:
    assert poise("scan", "host", "--", word).code != 0


def test_no_host_is_no_scan(poise) -> None:
    assert "No host was given" in poise("scan", "host").err
