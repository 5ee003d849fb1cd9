# ruff: noqa: E501
"""The SSH server's settings, beside `sshd -T` itself where it is installed, and keys, made by ssh-keygen."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.facts.reading import Line
from poise.disk.facts.ssh_server import read_ssh_server
from poise.disk.facts.ssh_trust import (
    public_half,
    read_authorized_keys,
    read_known_hosts,
    read_private_keys,
    to_authorized_key,
)
from poise.model.errors import BadInput
from tests.disk.roots import link, put, reading_of

SSHD = shutil.which("sshd") or ("/usr/sbin/sshd" if Path("/usr/sbin/sshd").exists() else None)
KEYGEN = shutil.which("ssh-keygen")
CONFIG = """# comment
Include /etc/ssh/sshd_config.d/*.conf
Port 2222
port=22
PermitRootLogin yes
PermitRootLogin no
PasswordAuthentication "no"
LoginGraceTime 1m30s
AllowUsers Alice bob
AllowUsers carol
MaxAuthTries 3
X11Forwarding yes
Banner /etc/Issue.net
ChallengeResponseAuthentication no
Match User deploy
  PasswordAuthentication yes
  X11Forwarding no
Match Address 10.0.0.0/8
  PermitRootLogin yes
"""


def test_the_first_value_wins_and_includes_stand_in_their_place(tmp_path):
    put(tmp_path, "/etc/ssh/sshd_config", CONFIG)
    put(
        tmp_path,
        "/etc/ssh/sshd_config.d/10-a.conf",
        "PermitRootLogin without-password\nMatch User x\n  MaxAuthTries 9\n",
    )
    put(tmp_path, "/etc/ssh/sshd_config.d/20-b.conf", "PermitRootLogin yes\nMaxSessions 2\n")
    put(tmp_path, "/etc/ssh/sshd_config.d/ignored.txt", "MaxSessions 99\n")
    server = read_ssh_server(reading_of(tmp_path))
    assert server is not None
    assert server.settings["permitrootlogin"] == "prohibit-password"
    assert server.places["permitrootlogin"] == "/etc/ssh/sshd_config.d/10-a.conf:1"
    assert server.settings["maxsessions"] == "2", "a Match block ends with the file that it stands in"
    assert server.settings["maxauthtries"] == "3"
    assert server.settings["port"] == "2222 22"
    assert server.settings["allowusers"] == "Alice bob carol"
    assert server.settings["kbdinteractiveauthentication"] == "no"
    assert server.settings["logingracetime"] == "90"
    assert [(m.criteria, dict(m.settings)) for m in server.matches] == [
        ("User x", {"maxauthtries": "9"}),
        ("User deploy", {"passwordauthentication": "yes", "x11forwarding": "no"}),
        ("Address 10.0.0.0/8", {"permitrootlogin": "yes"}),
    ]


@pytest.mark.skipif(SSHD is None or KEYGEN is None, reason="sshd is not here")
@pytest.mark.parametrize(
    "text", [CONFIG.replace("Include", "# Include"), "", "PermitRootLogin forced-commands-only\nUsePAM yes\n"]
)
def test_settings_are_those_that_sshd_prints(tmp_path, text):
    config = put(tmp_path, "/etc/ssh/sshd_config", text)
    subprocess.run([str(KEYGEN), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    Path("/run/sshd").mkdir(exist_ok=True)
    printed = subprocess.run(
        [str(SSHD), "-T", "-f", str(config), "-h", str(tmp_path / "key")], capture_output=True, text=True
    )
    if printed.returncode:
        pytest.skip(f"sshd -T does not run here: {printed.stderr}")
    theirs: dict[str, str] = {}
    for line in printed.stdout.splitlines():
        name, _, value = line.partition(" ")
        theirs[name] = f"{theirs[name]} {value}" if name in theirs else value
    server = read_ssh_server(reading_of(tmp_path))
    assert server is not None
    left_out = {"listenaddress", "hostkey", "pidfile", "subsystem"}
    different = {
        name: (value, theirs[name])
        for name, value in server.settings.items()
        if name in theirs
        and name not in left_out
        and value.lower() != theirs[name].lower().replace("without-password", "prohibit-password")
    }
    assert different == {}


def test_a_server_without_configuration_has_its_defaults_and_none_is_none(tmp_path):
    assert read_ssh_server(reading_of(tmp_path)) is None
    put(tmp_path, "/usr/sbin/sshd", "x", 0o755)
    server = read_ssh_server(reading_of(tmp_path))
    assert server is not None
    assert (server.settings["permitrootlogin"], server.stated) == ("prohibit-password", ())


def test_includes_that_loop_end_as_a_gap(tmp_path):
    put(tmp_path, "/etc/ssh/sshd_config", "Include sshd_config\nPort 1\n")
    reading = reading_of(tmp_path)
    assert read_ssh_server(reading) is not None
    assert "includes inside each other" in reading.gaps[0].reason


PASSWD = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n"


@pytest.fixture
def keys(tmp_path):
    """Return a root with keys of several forms and their fingerprints as ssh-keygen prints them."""
    if KEYGEN is None:
        pytest.skip("ssh-keygen is not here")
    root = tmp_path / "root"
    (root / "home/ann/.ssh").mkdir(parents=True)
    put(root, "/etc/passwd", PASSWD)
    printed = {}
    for name, options in {
        "plain": ("ed25519", "", ()),
        "locked": ("ed25519", "secret", ()),
        "old": ("rsa", "", ("-m", "PEM", "-b", "2048")),
    }.items():
        path = root / "home/ann/.ssh" / name
        subprocess.run(
            [KEYGEN, "-q", "-t", options[0], "-N", options[1], *options[2], "-C", f"{name}@test", "-f", str(path)],
            check=True,
        )
        out = subprocess.run([KEYGEN, "-l", "-f", f"{path}.pub"], check=True, capture_output=True, text=True).stdout
        printed[name] = out.split()[1]
    return root, printed


def test_private_keys_have_the_fingerprint_that_ssh_keygen_prints(keys):
    root, printed = keys
    found = {key.place.rpartition("/")[2]: key for key in read_private_keys(reading_of(root))}
    assert {name: key.fingerprint for name, key in found.items()} == printed
    assert {name: key.encrypted for name, key in found.items()} == {"plain": False, "locked": True, "old": False}
    assert {key.mode for key in found.values()} == {0o600}
    assert not any(key.is_host_key for key in found.values())


def test_authorized_keys_join_the_private_keys_that_open_them(keys):
    root, printed = keys
    public = (root / "home/ann/.ssh/plain.pub").read_text().strip()
    old = (root / "home/ann/.ssh/old.pub").read_text()
    put(root, "/root/.ssh/authorized_keys", f'# x\nfrom="10.0.0.0/8,!10.1.1.1",command="echo \\"ssh-rsa AAAA\\"",environment="TOKEN=abc" {public}\n'
        f"cert-authority {old}\nnonsense\nssh-rsa !!!\n")  # fmt: skip
    first, second = read_authorized_keys(reading_of(root))
    assert (first.user, first.fingerprint, first.comment, first.bits) == ("root", printed["plain"], "plain@test", None)
    assert first.options == (
        'from="10.0.0.0/8,!10.1.1.1"',
        'command="echo \\"ssh-rsa AAAA\\""',
        'environment="TOKEN=..."',
    )
    assert (second.fingerprint, second.bits, second.is_authority) == (printed["old"], 2048, True)
    assert second.place == "/root/.ssh/authorized_keys:3"


def test_keys_are_looked_for_where_the_server_looks(keys):
    root, printed = keys
    put(root, "/etc/ssh/sshd_config", "AuthorizedKeysFile /etc/keys/%u\n")
    put(root, "/etc/keys/ann", (root / "home/ann/.ssh/plain.pub").read_text())
    put(root, "/home/ann/.ssh/authorized_keys", (root / "home/ann/.ssh/old.pub").read_text())
    assert [key.fingerprint for key in read_authorized_keys(reading_of(root))] == [printed["plain"]]


def test_known_hosts_keep_names_that_are_not_hashed(keys):
    root, printed = keys
    key = " ".join((root / "home/ann/.ssh/plain.pub").read_text().split()[:2])
    put(root, "/home/ann/.ssh/known_hosts", f"db.example.org,10.0.0.5 {key}\n|1|abc=|def= {key}\n")
    found = [(host.user, host.host, host.fingerprint) for host in read_known_hosts(reading_of(root))]
    assert found == [
        ("ann", "db.example.org", printed["plain"]),
        ("ann", "10.0.0.5", printed["plain"]),
        ("ann", "", printed["plain"]),
    ]


def test_a_link_out_of_the_root_leads_nowhere(tmp_path):
    put(tmp_path, "/etc/passwd", PASSWD)
    put(tmp_path.parent, "outside", "ssh-ed25519 AAAA")
    link(tmp_path, "/root/.ssh/authorized_keys", "../../../outside")
    assert read_authorized_keys(reading_of(tmp_path)) == ()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_key_are_refused_or_unknown(data):
    for head, tail in ((b"OPENSSH ", b"b3BlbnNzaC1rZXktdjEA"), (b"RSA ", b""), (b"", b"")):
        pem = (
            b"-----BEGIN " + head + b"PRIVATE KEY-----\n" + tail + data + b"\n-----END " + head + b"PRIVATE KEY-----\n"
        )
        public, _ = public_half(pem)
        assert public is None or isinstance(public, bytes)
    with pytest.raises(BadInput):
        public_half(b"no key")
    to_authorized_key(Line("/x", 1, data.decode("latin-1")), "root")
