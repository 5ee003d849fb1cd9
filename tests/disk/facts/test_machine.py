# ruff: noqa: E501
"""A whole machine: every fact, secrets, hostile trees, and the public cases of inventory."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.facts import Limits, read_machine
from poise.disk.facts.walk import read_walk
from poise.disk.folder import FolderTree
from poise.disk.tree import Unreadable
from poise.model.asset import build, content_hash, field_types, to_json
from poise.model.host.machine import Machine
from poise.model.samples import host
from tests.disk.facts.packages import rpms
from tests.disk.facts.packages import test_databases as databases
from tests.disk.facts.packages import test_languages as languages
from tests.disk.facts.test_system import boot_record, installed
from tests.disk.roots import ABOUT, KEY, link, put, reading_of

CASES = {
    "5: epoch in an rpm manifest": databases.test_the_manifest_of_images_without_a_database_keeps_epochs,
    "6: source version of an rpm": databases.test_the_source_of_an_rpm_has_a_version_of_its_own,
    "12: binary rebuilt from the same source": databases.test_a_removed_package_whose_configuration_stayed_is_not_installed,
    "34: Python names are one": languages.test_each_kind_of_file_names_its_packages,
    "42: removed, configuration stayed": databases.test_a_removed_package_whose_configuration_stayed_is_not_installed,
    "44: source with a version of its own": databases.test_a_removed_package_whose_configuration_stayed_is_not_installed,
    "48: modular by release": databases.test_a_modular_release_without_a_label_is_modular,
    "54: origin of an apk": databases.test_apk_packages_keep_their_origin,
    "56: distribution unknown": databases.test_packages_of_an_unknown_distribution_are_listed,
    "57: owned by the distribution": languages.test_what_an_rpm_or_apk_brought_is_the_distribution_s,
    "61: files missing": databases.test_rpms_whose_files_are_gone_stay_installed_and_say_so,
    "65: write-ahead log": databases.test_what_stands_in_the_write_ahead_log_alone_is_read,
}
"""Rows of the public cases that inventory answers -> their test; 58 and 60 are below."""


def test_every_case_of_inventory_has_a_test():
    rows = {int(name.partition(":")[0]) for name in CASES} | {58, 60}
    assert rows == {5, 6, 12, 34, 42, 44, 48, 54, 56, 57, 58, 60, 61, 65}
    assert all(callable(test) for test in CASES.values())


def test_case_58_the_old_kernel_is_installed_and_does_not_boot(tmp_path):
    installed(tmp_path, "6.1.0-28-amd64", "6.1.0-40-amd64")
    put(tmp_path, "/var/log/wtmp", boot_record("6.1.0-40-amd64"))
    packages = "".join(
        f"Package: linux-image-{release}\nStatus: install ok installed\nVersion: {version}\nSource: linux-signed-amd64 ({version})\n\n"
        for release, version in (("6.1.0-28-amd64", "6.1.119-1"), ("6.1.0-40-amd64", "6.1.153-1"))
    )
    put(tmp_path, "/var/lib/dpkg/status", packages)
    software = read_machine(FolderTree(tmp_path), ABOUT).software
    assert (software.kernel, software.kernels) == ("6.1.0-40-amd64", ("6.1.0-28-amd64", "6.1.0-40-amd64"))
    assert [p.name for p in software.packages] == ["linux-image-6.1.0-28-amd64", "linux-image-6.1.0-40-amd64"]


def test_case_60_headers_alone_are_no_kernel(tmp_path):
    put(
        tmp_path,
        "/var/lib/dpkg/status",
        "Package: linux-libc-dev\nStatus: install ok installed\nVersion: 6.1.119-1\nSource: linux\n",
    )
    software = read_machine(FolderTree(tmp_path), ABOUT).software
    assert (software.kernel, software.kernels) == ("", ())


def test_an_empty_tree_has_every_fact_and_no_package(tmp_path):
    facts = read_machine(FolderTree(tmp_path), ABOUT, secret_key=KEY)
    assert facts.machine.unread == {}
    assert facts.machine.os.id == ""
    assert facts.software.packages == ()
    assert facts.secrets is not None
    assert facts.secrets.found == ()
    for asset in (facts.machine, facts.software, facts.secrets):
        assert len(content_hash(asset)) == 32
        assert to_json(asset)["record"]


class Denied(FolderTree):
    """A folder where some files cannot be opened."""

    def open(self, path):
        if path in ("/etc/shadow", "/etc/sudoers", "/etc/passwd"):
            raise Unreadable(path, "permission denied")
        return super().open(path)


def test_what_cannot_be_read_is_unread_and_never_empty(tmp_path):
    for path in ("/etc/shadow", "/etc/sudoers", "/etc/passwd", "/etc/ssh/sshd_config"):
        put(tmp_path, path, "x")
    machine = read_machine(Denied(tmp_path), ABOUT).machine
    assert {"users", "sudo", "authorized_keys", "private_keys", "unowned"} <= machine.unread.keys()
    assert machine.unread["sudo"] == "permission denied"
    assert machine.ssh_server is not None
    assert machine.groups == ()


class ShadowDenied(FolderTree):
    def open(self, path):
        if path == "/etc/shadow":
            raise Unreadable(path, "permission denied")
        return super().open(path)


def test_users_without_shadow_have_unknown_passwords(tmp_path):
    put(tmp_path, "/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    put(tmp_path, "/etc/shadow", "root::1::::::\n")
    machine = read_machine(ShadowDenied(tmp_path), ABOUT).machine
    assert machine.users[0].password is None
    assert [(gap.place, gap.reason) for gap in machine.gaps] == [("/etc/shadow", "permission denied")]


AWS_KEY = "AKIA" + "QYLPMN5HHHFPZAM2"
PLANTED = {
    "/home/deploy/.aws/credentials": (f"[default]\naws_access_key_id = {AWS_KEY}\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYzzQ1uV9dKe3h\n",
                                      ["aws_access_key_id", "aws_secret_access_key"]),
    "/srv/app/.env": ("DATABASE_URL=postgres://app:tr0ub4dor-3x@db.internal:5432/app\nDEBUG=true\n", ["url_password"]),
}  # fmt: skip


def test_planted_secrets_are_found_where_they_lie_and_nowhere_else(tmp_path):
    for path, (text, _) in PLANTED.items():
        put(tmp_path, path, text, 0o640)
    text = PLANTED["/srv/app/.env"][0]
    put(tmp_path, "/srv/app/node_modules/x/.env", text)
    put(tmp_path, "/usr/share/x/.env", text)
    put(tmp_path, "/opt/program", b"\0" + text.encode())
    facts = read_machine(FolderTree(tmp_path), ABOUT, secret_key=KEY)
    assert facts.secrets is not None
    found = {(s.path, s.rule) for s in facts.secrets.found}
    assert {path for path, _ in found} == PLANTED.keys()
    assert len(found) == sum(len(rules) for _, rules in PLANTED.values())
    assert {s.mode for s in facts.secrets.found} == {0o640}
    written = repr(facts) + str(to_json(facts.secrets))
    assert AWS_KEY not in written
    assert "tr0ub4dor" not in written


def test_a_file_beyond_the_limit_is_searched_up_to_it_and_noted(tmp_path):
    put(tmp_path, "/srv/big.txt", "x" * 5000)
    facts = read_machine(FolderTree(tmp_path), ABOUT, secret_key=KEY, limits=Limits(secret_file_bytes=2000))
    assert facts.secrets is not None
    assert facts.secrets.bytes_scanned == 2000
    assert [gap.place for gap in facts.secrets.gaps] == ["/srv/big.txt"]


def test_walks_end_at_their_limits_with_a_gap(tmp_path):
    for number in range(30):
        put(tmp_path, f"/many/{number}")
    put(tmp_path, "/" + "/".join("d" * 12) + "/file")
    link(tmp_path, "/many/loop", "/many")
    reading = reading_of(tmp_path, Limits(depth=5))
    assert not any(path.endswith("/file") for path, _ in read_walk(reading).files)
    assert [gap.reason for gap in reading.gaps] == ["more than 5 folders inside each other: not entered"]
    reading = reading_of(tmp_path, Limits(files=10))
    assert len(read_walk(reading).files) < 10
    assert [gap.reason for gap in reading.gaps] == ["more than 10 files: the rest is not walked"]


CONFIGURATION = (
    "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/os-release", "/etc/sudoers", "/etc/ssh/sshd_config", "/etc/crontab",
    "/etc/fstab", "/etc/pam.d/sshd", "/etc/nftables.conf", "/etc/docker/daemon.json", "/var/lib/kubelet/config.yaml",
    "/etc/containerd/config.toml", "/etc/sysctl.conf", "/var/log/wtmp", "/boot/grub/grub.cfg", "/boot/vmlinuz-1",
    "/root/.ssh/authorized_keys", "/root/.ssh/id_rsa", "/etc/systemd/system/multi-user.target.wants/a.service",
    "/etc/nginx/nginx.conf", "/etc/redis/redis.conf", "/etc/mysql/my.cnf", "/etc/apt/sources.list",
    "/etc/iptables/rules.v4", "/etc/selinux/config", "/Windows/System32/config/SOFTWARE", "/etc/login.defs",
)  # fmt: skip
words = st.sampled_from(
    ["root", ":", "0", "=", " ", "\n", "\t", '"', "'", "(", ")", ",", "!", "#", "\\", "ALL", "Match", "Include", "*", "/", "[", "]",
     "{", "}", "&a", "*a", "<<", "-", "%", "\0", "é", "99999999999", "listen", "Port", "bind", "regf", "\x7fELF", "$6$", "menuentry"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(CONFIGURATION), st.lists(words, max_size=60).map("".join), max_size=8))
def test_any_configuration_gives_facts_or_reasons_and_nothing_worse(tmp_path_factory, files):
    root = tmp_path_factory.mktemp("any")
    for path, text in files.items():
        put(root, path, text)
    facts = read_machine(FolderTree(root), ABOUT, secret_key=KEY)
    assert set(facts.machine.known()) | set(facts.machine.unread) == set(Machine.FACTS)


def test_the_sample_machine_has_every_fact():
    assert host.MACHINE.unread == {}
    assert set(field_types(Machine)) == {"tags", *Machine.FACTS}
    assert host.SOFTWARE.machine == host.SECRETS.machine == host.MACHINE.id
    assert host.HOSTS.machines == (host.MACHINE.id,)


@pytest.mark.parametrize("asset", [host.MACHINE, host.SOFTWARE, host.SECRETS, host.HOSTS], ids=lambda a: a.KIND)
def test_the_samples_are_of_the_types_their_fields_state(asset):
    identity = {"id": asset.id, "name": asset.name, "scope": asset.scope, "region": asset.region}
    plain = msgspec.to_builtins(asset.known() | {"tags": dict(asset.tags)})
    assert build(type(asset), identity, plain, {}) == asset


def test_an_rpm_machine_lists_its_packages_with_urls(tmp_path):
    put(tmp_path, "/etc/os-release", 'ID="rhel"\nVERSION_ID="9.4"\n')
    blob = rpms.header(
        t1000="openssl", t1001="3.0.7", t1002="27.el9", t1003=[1], t1022="x86_64", t1044="openssl-3.0.7-27.el9.src.rpm"
    )
    put(tmp_path, "/var/lib/rpm/Packages.db", rpms.ndb([blob]))
    (found,) = read_machine(FolderTree(tmp_path), ABOUT).software.packages
    assert found.purl == "pkg:rpm/rhel/openssl@3.0.7-27.el9?arch=x86_64&distro=rhel-9.4&epoch=1"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_text_in_utf_16_is_searched_by_line_and_a_binary_file_is_not(tmp_path, encoding):
    folder = tmp_path / "srv"
    folder.mkdir()
    script = f"# made by PowerShell\n$env:DB_PASSWORD = 'Tr0ub4dor-{encoding[:3]}'\n"
    (folder / "set.ps1").write_bytes(("\ufeff" + script).encode(encoding))
    (folder / "data").write_bytes(b"\x7fELF\0\0" + script.encode())

    facts = read_machine(FolderTree(tmp_path), ABOUT, secret_key=KEY)

    assert facts.secrets is not None
    assert [(s.path, s.place) for s in facts.secrets.found] == [("/srv/set.ps1", "line 2")]
