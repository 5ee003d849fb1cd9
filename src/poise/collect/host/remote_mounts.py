"""Which file systems of a host are not walked, by its `/proc/mounts`: their files count as unread, never as absent.

Source: proc(5), fstab(5): the device, the place, the type and the options, blanks written as `\\040`.
"""

from __future__ import annotations

import re

from poise.disk.machine import NETWORK

WALKED = frozenset(("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "vfat", "overlay", "ufs"))
"""Types that the session walks; the same stand in its script."""
NO_FILES = frozenset(
    (
        "proc", "sysfs", "devtmpfs", "devpts", "tmpfs", "ramfs", "cgroup", "cgroup2", "pstore", "bpf", "securityfs",
        "debugfs", "tracefs", "configfs", "fusectl", "mqueue", "hugetlbfs", "autofs", "binfmt_misc", "rpc_pipefs",
        "nsfs", "efivarfs", "selinuxfs", "rootfs", "fuse.lxcfs", "fuse.gvfsd-fuse", "fuse.portal",
    )
)  # fmt: skip
"""Types of the kernel itself and of sessions, which keep nothing."""


def unwalked(mounts: str) -> dict[str, str]:
    """Return path -> why it was not walked, of each file system with files of its own that was not."""
    found: dict[str, str] = {}
    for fields in (line.split() for line in mounts.splitlines()):
        if len(fields) < 3:
            continue
        place, kind = _plain(fields[1]), fields[2]
        if place == "/" or kind in WALKED:
            found.pop(place, None)
        elif kind not in NO_FILES:
            found[place] = (
                f"it is a network share ({kind})" if kind in NETWORK else f"its file system is not walked ({kind})"
            )
    return found


def _plain(text: str) -> str:
    """Return a place with its octal escapes undone."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
