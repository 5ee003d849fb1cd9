"""Permissions of sensitive files and of home folders, and what the walk saw."""

from __future__ import annotations

from poise.disk.facts.accounts import read_groups, read_users
from poise.disk.facts.reading import NO_MODES, Reading
from poise.disk.facts.walk import read_walk
from poise.disk.tree import Unreadable
from poise.model.host.system import FileMode

SENSITIVE = (
    "/etc/passwd", "/etc/passwd-", "/etc/shadow", "/etc/shadow-", "/etc/group", "/etc/group-", "/etc/gshadow",
    "/etc/gshadow-", "/etc/security/opasswd", "/etc/security/opasswd.old", "/etc/shells", "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/crontab", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly",
    "/etc/cron.yearly", "/etc/cron.allow", "/etc/cron.deny", "/etc/at.allow", "/etc/at.deny", "/var/spool/cron",
    "/var/spool/cron/crontabs", "/etc/ssh", "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d", "/etc/motd", "/etc/issue",
    "/etc/issue.net", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/hosts.equiv", "/etc/fstab", "/etc/exports",
    "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/rsyslog.conf", "/etc/login.defs", "/etc/profile", "/etc/pam.d",
    "/etc/audit", "/etc/audit/auditd.conf", "/etc/audit/rules.d", "/etc/audit/audit.rules", "/var/log",
    "/var/log/audit",
    "/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog", "/var/log/auth.log", "/var/log/secure", "/var/log/messages",
    "/var/log/syslog", "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/grub/user.cfg", "/boot/grub2/user.cfg",
    "/boot/grub/grubenv", "/boot/grub2/grubenv", "/boot/loader", "/etc/default/grub",
    "/tmp", "/var/tmp", "/dev/shm",  # noqa: S108
    "/etc/docker", "/etc/docker/daemon.json", "/etc/containerd", "/etc/containerd/config.toml", "/etc/default/docker",
    "/etc/docker/certs.d", "/usr/lib/systemd/system/docker.service", "/lib/systemd/system/docker.service",
    "/usr/lib/systemd/system/docker.socket", "/lib/systemd/system/docker.socket", "/var/run/docker.sock",
    "/run/docker.sock", "/run/containerd/containerd.sock", "/var/lib/docker", "/var/lib/kubelet",
    "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/kubeconfig", "/etc/kubernetes", "/etc/kubernetes/kubelet.conf",
    "/etc/kubernetes/admin.conf", "/etc/kubernetes/scheduler.conf", "/etc/kubernetes/controller-manager.conf",
    "/etc/kubernetes/manifests", "/etc/kubernetes/manifests/kube-apiserver.yaml",
    "/etc/kubernetes/manifests/kube-controller-manager.yaml", "/etc/kubernetes/manifests/kube-scheduler.yaml",
    "/etc/kubernetes/manifests/etcd.yaml", "/etc/kubernetes/pki", "/var/lib/etcd",
    "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", "/etc/kubernetes/kubelet/kubelet-config.json",
    "/root", "/root/.ssh", "/root/.bashrc", "/root/.profile", "/root/.bash_profile", "/home",
)  # fmt: skip
"""Files and folders whose permissions checks look at. Source: CIS Distribution Independent Linux, Docker,
Kubernetes."""
IN_HOMES = (".ssh", ".ssh/authorized_keys", ".netrc", ".rhosts", ".forward", ".shosts", ".bash_history", ".bashrc",
            ".profile", ".bash_profile", ".aws/credentials", ".kube/config", ".docker/config.json", ".pgpass",
            ".git-credentials")  # fmt: skip
MOST_UNOWNED = 1000
FIRST_PERSON = 1000


def read_file_modes(reading: Reading) -> tuple[FileMode, ...]:
    """Return the permissions of sensitive files that exist, links followed. Raises :class:`Unreadable`."""
    _require_modes(reading)
    keys = [f"/etc/ssh/{name}" for name in reading.folder("/etc/ssh") if name.startswith("ssh_host_")]
    paths = dict.fromkeys([*SENSITIVE, *keys, *_of_homes(reading)])
    return tuple(mode for path in paths if (mode := reading.mode(path)))


def read_setuid_files(reading: Reading) -> tuple[FileMode, ...]:
    """Return the files with setuid or setgid. Raises :class:`Unreadable`."""
    _require_modes(reading)
    return tuple(reading.once(read_walk).special)


def read_world_writable(reading: Reading) -> tuple[FileMode, ...]:
    """Return the files and folders that everybody may write. Raises :class:`Unreadable`."""
    _require_modes(reading)
    return tuple(reading.once(read_walk).writable)


def read_unowned(reading: Reading) -> tuple[FileMode, ...]:
    """Return the first file of each owner and group that has no name here. Raises :class:`Unreadable`."""
    _require_modes(reading)
    users = {user.uid for user in reading.once(read_users)}
    groups = {group.gid for group in reading.once(read_groups)}
    seen = reading.once(read_walk).owners
    found = [m for (uid, gid), m in sorted(seen.items()) if uid not in users or gid not in groups]
    return reading.first("files without an owner", "files", found, MOST_UNOWNED)


def _require_modes(reading: Reading) -> None:
    """Raise :class:`Unreadable` if the root keeps no owners and modes: none set would mean nothing."""
    root = reading.tree.facts("/")
    if root is not None and not root.has_mode:
        raise Unreadable("/", NO_MODES)


def _of_homes(reading: Reading) -> list[str]:
    try:
        users = reading.once(read_users)
    except Unreadable as problem:
        reading.miss("home folders", problem.reason)
        return []
    homes = [u.home.rstrip("/") for u in users if u.home and (u.uid >= FIRST_PERSON or u.uid == 0)]
    return [path for home in dict.fromkeys(homes) if home for path in (home, *(f"{home}/{name}" for name in IN_HOMES))]
