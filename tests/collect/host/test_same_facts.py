# ruff: noqa: E501
"""The same files give the same facts over SSH and from a disk, field by field, container images included."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from poise.collect.host.connector import SshHosts
from poise.collect.host.hosts_file import Host, HostList
from poise.collect.host.remote_mounts import unwalked
from poise.collect.host.remote_tree import RemoteTree
from poise.collect.host.session import Session, Ssh
from poise.disk.facts import read_machine
from poise.disk.facts.machine import READERS, MachineFacts
from poise.disk.folder import FolderTree
from poise.disk.tree import Unreadable
from poise.model.host.software import Software
from tests.collect.host.test_ssh_hosts import NOW, collected
from tests.disk.facts.test_stored_images import DOCKER, IMAGE, store
from tests.disk.roots import ABOUT, KEY, link, put
from tests.sshd import SshHost, ssh_host

pytestmark = pytest.mark.server
__all__ = ["ssh_host"]
FILES = {
    "/usr/lib/os-release": 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n',
    "/etc/hostname": "web-1\n",
    "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\n",
    "/etc/group": "root:x:0:\nann:x:1000:\nsudo:x:27:ann\n",
    "/etc/shadow": "root:!:19000:0:99999:7:::\nann:$y$j9T$abc$def:19000:0:99999:7:::\n",
    "/etc/login.defs": "PASS_MAX_DAYS 99999\nUMASK 022\nENCRYPT_METHOD YESCRYPT\n",
    "/etc/pam.d/sshd": "@include common-auth\naccount required pam_nologin.so\n",
    "/etc/pam.d/common-auth": "auth [success=1 default=ignore] pam_unix.so nullok\n",
    "/etc/security/pwquality.conf": "minlen = 14\n",
    "/etc/sudoers": "Defaults use_pty\n@includedir /etc/sudoers.d\n%sudo ALL=(ALL:ALL) ALL\n",
    "/etc/sudoers.d/ann": "ann ALL=(ALL) NOPASSWD: ALL\n",
    "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\nMatch User ann\n X11Forwarding yes\n",
    "/etc/ssh/sshd_config.d/10.conf": "PermitRootLogin yes\n",
    "/etc/sysctl.d/10-net.conf": "net.ipv4.ip_forward = 1\n",
    "/usr/lib/sysctl.d/50-default.conf": "net.ipv4.conf.*.rp_filter = 2\n",
    "/etc/crontab": "17 * * * * root /usr/local/bin/tidy\n",
    "/usr/local/bin/tidy": "#!/bin/sh\n",
    "/var/spool/cron/crontabs/ann": "@daily /home/ann/job\n",
    "/etc/fstab": "UUID=1 / ext4 defaults 0 1\ntmpfs /tmp tmpfs nodev,nosuid 0 0\n",
    "/etc/nftables.conf": "table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n }\n}\n",
    "/usr/lib/systemd/system/ssh.service": "[Service]\nExecStart=/usr/sbin/sshd -D\n[Install]\nWantedBy=multi-user.target\n",
    "/usr/sbin/auditd": "",
    "/etc/audit/auditd.conf": "max_log_file_action = keep_logs\n",
    "/etc/audit/rules.d/10.rules": "-w /etc/passwd -p wa -k identity\n",
    "/etc/chrony/chrony.conf": "pool 2.debian.pool.ntp.org iburst\n",
    "/etc/systemd/journald.conf": "[Journal]\nStorage=persistent\n",
    "/etc/rsyslog.conf": "*.* @@log.example:514\n",
    "/etc/modprobe.d/rare.conf": "install dccp /bin/false\nblacklist usb-storage\n",
    "/etc/apt/sources.list": "deb https://deb.example/debian bookworm main\n",
    "/etc/apt/apt.conf.d/20auto-upgrades": 'APT::Periodic::Unattended-Upgrade "1";\n',
    "/etc/profile": "umask 022\nTMOUT=600\n",
    "/home/ann/.profile": "umask 077\n",
    "/etc/issue": "Debian \\r\n",
    "/boot/vmlinuz-6.1.0-40-amd64": "kernel",
    "/boot/grub/grub.cfg": "menuentry 'x' {\n linux /boot/vmlinuz-6.1.0-40-amd64 root=/dev/sda1 audit=1\n}\n",
    "/var/lib/dpkg/status": (
        "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.11-1~deb12u1\n\n"
    ),
    "/usr/lib/python3/dist-packages/flask-2.0.0.dist-info/METADATA": "Name: Flask\nVersion: 2.0.0\n",
    "/srv/app/package-lock.json": json.dumps(
        {"lockfileVersion": 3, "packages": {"node_modules/left-pad": {"version": "1.3.0"}}}
    ),
    "/srv/app/.env": "AWS_ACCESS_KEY_ID=AKIAQWERTYUIOPASDFGH\n",
    "/etc/docker/daemon.json": '{"icc": false}',
    "/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration\nreadOnlyPort: 10255\n",
    "/opt/CrowdStrike/falconctl": "",
}
"""A machine in which most facts have something to say."""
NO_PRINTF = '#!/bin/sh\ncase "$*" in *printf*) exit 1 ;; esac\nexec /bin/find "$@"\n'
"""A `find` like that of BusyBox, which has no `-printf`: the session falls back to `stat`."""


@pytest.fixture(scope="module")
def machine_root(ssh_host: SshHost) -> SshHost:
    root = ssh_host.root
    for path, text in FILES.items():
        put(root, path, text)
    put(root, "/usr/bin/odd", "x", 0o4755)
    put(root, "/srv/open", "x", 0o666)
    link(root, "/etc/os-release", "../usr/lib/os-release")
    link(root, "/etc/systemd/system/multi-user.target.wants/ssh.service", "/usr/lib/systemd/system/ssh.service")
    store(root)
    return ssh_host


@pytest.fixture(params=["gnu", "stat"])
def session(request: pytest.FixtureRequest, machine_root: SshHost) -> Iterator[Session]:
    wrapper = machine_root.root / "usr/local/bin/find"
    if request.param == "stat":
        put(machine_root.root, "/usr/local/bin/find", NO_PRINTF, 0o755)
    try:
        with Session(host_of(machine_root), ssh_of(machine_root)) as opened:
            yield opened
    finally:
        wrapper.unlink(missing_ok=True)


def host_of(ssh_host: SshHost) -> Host:
    return Host(address="127.0.0.1", name="web-1", port=ssh_host.port, key=str(ssh_host.key), user="root")


def ssh_of(ssh_host: SshHost) -> Ssh:
    return Ssh(config="none", known_hosts=str(ssh_host.known_hosts))


def test_every_field_is_the_same_over_ssh_and_from_a_disk(machine_root: SshHost, session: Session) -> None:
    far = read_machine(RemoteTree(session), ABOUT, secret_key=KEY)
    near = read_machine(FolderTree(machine_root.root), ABOUT, secret_key=KEY)
    for name in READERS:
        assert _field(far, name) == _field(near, name), name
    assert far.machine.gaps == near.machine.gaps
    assert far.software == near.software
    assert far.secrets == near.secrets
    assert far.images == near.images


def test_the_machine_of_the_comparison_says_something_of_most_fields(machine_root: SshHost) -> None:
    found = read_machine(FolderTree(machine_root.root), ABOUT, secret_key=KEY)
    assert found.secrets is not None
    assert len(found.secrets.found) == 1
    assert {package.name for package in found.software.packages} >= {"openssl", "left-pad"}
    said = {name for name in READERS if getattr(found.machine, name, None)}
    silent = {"instance_id", "authorized_keys", "private_keys", "known_hosts", "unowned", "containers", "windows"}
    assert set(READERS) - said <= silent | {"kernel", "listeners"}


def test_the_software_of_container_images_is_kept(machine_root: SshHost) -> None:
    scanned = SshHosts(HostList("berlin", (host_of(machine_root),)), lambda: NOW, ssh_of(machine_root))
    found = collected(scanned, "web-1")
    images = {asset.id: asset for asset in found.assets if isinstance(asset, Software)}
    image = images[f"host://berlin/web-1#image/sha256:{IMAGE}"]
    assert [(package.name, package.version) for package in image.packages] == [("musl", "1.2-r0")]
    assert image.machine == "host://berlin/web-1"


def test_layers_are_walked_only_when_something_asks_for_them(machine_root: SshHost) -> None:
    with Session(host_of(machine_root), ssh_of(machine_root)) as session:
        tree = RemoteTree(session)
        before = session.bytes_read
        assert tree.facts("/etc/passwd")
        assert tree.facts(f"{DOCKER}/overlay2/lower/diff")
        assert session.bytes_read > before
        once = session.bytes_read
        assert tree.names(f"{DOCKER}/overlay2/lower/diff/etc") == ["os-release"]
        assert session.bytes_read == once


MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\nnas:/home /home nfs4 rw 0 0\n//nas/x /srv/a\\040b cifs rw 0 0\n"
)


def test_a_share_of_the_network_is_unread_and_not_empty(machine_root: SshHost) -> None:
    """As on a disk, where `/home` on a server of files is a gap: nobody knows which keys lie there."""
    put(machine_root.root, "/proc/mounts", MOUNTS)
    try:
        with Session(host_of(machine_root), ssh_of(machine_root)) as session:
            tree = RemoteTree(session)
            with pytest.raises(Unreadable, match="network share"):
                tree.names("/home")
            with pytest.raises(Unreadable, match="network share"):
                tree.facts("/home/ann/.ssh")
            gaps = read_machine(tree, ABOUT).machine.gaps
            assert ("/home", "it is a network share (nfs4)") in {(gap.place, gap.reason) for gap in gaps}
    finally:
        (machine_root.root / "proc/mounts").unlink()


def test_what_is_not_walked_is_told_by_the_table_of_mounts() -> None:
    assert unwalked(MOUNTS) == {
        "/home": "it is a network share (nfs4)",
        "/srv/a b": "it is a network share (cifs)",
    }
    assert unwalked("zed /data bcachefs rw 0 0\nautofs /net autofs rw 0 0\n") == {
        "/data": "its file system is not walked (bcachefs)"
    }
    assert unwalked("x / exotic rw 0 0\n\nshort\n") == {}


def _field(facts: MachineFacts, name: str) -> object:
    machine = facts.machine
    return machine.known()[name] if name in machine.known() else ("unread", machine.unread[name])
