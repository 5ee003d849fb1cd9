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
    listed = poise("list", "machines", "-o", "json")
    assert {row["name"]: row["reason"] for row in listed.json if row["state"] == "failed"} == {
        "host://berlin/gone": "gone: nothing listens there"
    }
    assert "1 machine scanned, 1 not." in listed.err
    assert poise("list", "machines", "--scope", "elsewhere", "-o", "json").json == []


def test_only_machines_that_were_missed_are_listed_if_asked(poise, ssh_host: SshHost, options) -> None:
    poise("scan", "host", f"127.0.0.1:{ssh_host.port}", "127.0.0.2:1", *options, "--list-name", "berlin")
    missed = poise("list", "machines", "--missed", "-o", "json").json
    assert missed[-1]["name"] == "host://berlin/127.0.0.2"
    assert all(row["reason"] for row in missed)


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


def test_a_host_is_scanned_and_its_software_matched_or_the_lack_of_advisories_told(poise, ssh_host, options) -> None:
    answer = poise("scan", "host", f"127.0.0.1:{ssh_host.port}", *options)
    assert "Run `poise vulns sync`" in answer.err
    kinds = {row["kind"] for row in poise("list", "assets", "-o", "json").json}
    assert "Vulnerabilities" in kinds


def test_a_weak_configuration_is_found_and_resolved_once_it_is_cured(poise, ssh_host: SshHost, options) -> None:
    target = f"127.0.0.1:{ssh_host.port}"
    ssh_host.write(
        "/etc/ssh/sshd_config", "PermitRootLogin yes\nPasswordAuthentication yes\nPermitEmptyPasswords yes\n"
    )
    assert poise("scan", "host", target, *options).code == 0
    before = _open(poise)
    assert {
        "host.ssh.root_login_allowed",
        "host.ssh.password_login_allowed",
        "host.ssh.empty_passwords_allowed",
    } <= before
    ssh_host.write("/etc/ssh/sshd_config", "PermitRootLogin no\nPasswordAuthentication no\n")
    assert poise("scan", "host", target, *options).code == 0
    after = _open(poise)
    assert not {name for name in after if name in ("host.ssh.root_login_allowed", "host.ssh.password_login_allowed")}
    assert "host.ssh.empty_passwords_allowed" not in after
    states = poise("list", "findings", "--check", "host.ssh.root_login_allowed", "--all", "-o", "json").json
    assert [row["verdict"] for row in states] == ["healthy"]


def test_a_host_whose_key_changed_is_refused_and_its_findings_stay(poise, ssh_host: SshHost, options, tmp_path) -> None:
    target = f"127.0.0.1:{ssh_host.port}"
    ssh_host.write("/etc/ssh/sshd_config", "PermitRootLogin yes\n")
    assert poise("scan", "host", target, *options).code == 0
    assert "host.ssh.root_login_allowed" in _open(poise)
    ssh_host.write("/etc/ssh/sshd_config", "PermitRootLogin no\n")
    other = tmp_path / "known_hosts"
    other.write_text(f"[127.0.0.1]:{ssh_host.port} {(ssh_host.folder / 'user.pub').read_text()}")
    answer = poise("scan", "host", target, "--known-hosts", other, *options[2:], "--require-complete", "-o", "json")
    assert answer.code == 3
    (gap,) = answer.json["coverage"]["gaps"]
    assert "key" in gap["reason"]
    assert "host.ssh.root_login_allowed" in _open(poise)


def _open(poise) -> set[str]:
    return {row["check"] for row in poise("list", "findings", "-o", "json").json if row["verdict"] == "unhealthy"}
