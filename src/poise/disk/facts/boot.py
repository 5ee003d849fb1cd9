"""The boot loader, and mandatory access control. Sources: grub's manual, selinux(8), apparmor(7)."""

from __future__ import annotations

import re

from poise.disk.facts.kernel import GRUB_CONFIGS
from poise.disk.facts.keywords import assignments
from poise.disk.facts.reading import Reading
from poise.disk.facts.services import starts
from poise.model.host.system import AccessControl, Boot

USER_CONFIGS = ("/boot/grub2/user.cfg", "/boot/grub/user.cfg", "/boot/efi/EFI/*/user.cfg")
PROFILES = "/etc/apparmor.d"


def read_boot(reading: Reading) -> Boot:
    """Return the boot loader's settings. Raises :class:`Unreadable`."""
    paths = [path for pattern in GRUB_CONFIGS for path in reading.glob(pattern)]
    texts = [reading.text(path) or "" for path in paths]
    users = [reading.text(path) or "" for pattern in USER_CONFIGS for path in reading.glob(pattern)]
    has_password = any(re.search(r"^\s*password(?:_pbkdf2)?\s+\S+", text, re.MULTILINE) for text in texts)
    has_password |= any("GRUB2_PASSWORD=grub.pbkdf2" in text for text in users)
    line = next((m for text in texts if (m := re.search(r"^\s*linux(?:16|efi)?\s+\S+(.*)$", text, re.MULTILINE))), None)
    arguments = line[1].split() if line else _of_entries(reading)
    return Boot(password=has_password, arguments=tuple(arguments), place=paths[0] if paths else "")


def read_access_control(reading: Reading) -> AccessControl:
    """Return what SELinux and AppArmor are told. Raises :class:`Unreadable`."""
    selinux = assignments(reading.lines("/etc/selinux/config"))
    names = [path.rpartition("/")[2] for path in reading.files(PROFILES)]
    return AccessControl(
        selinux=selinux["SELINUX"].lower() if "SELINUX" in selinux else None,
        selinux_type=selinux.get("SELINUXTYPE"),
        apparmor_starts=starts(reading, "apparmor"),
        apparmor_profiles=tuple(name for name in names if not name.startswith(".")),
        apparmor_disabled=tuple(reading.folder(f"{PROFILES}/disable")),
    )


def _of_entries(reading: Reading) -> list[str]:
    """Return the kernel's arguments in the entries of the Boot Loader Specification, the newest one's."""
    for path in reversed(reading.files("/boot/loader/entries", "*.conf")):
        match = re.search(r"^options\s+(.*)$", reading.text(path) or "", re.MULTILINE)
        if match and "rescue" not in path:
            return [word for word in match[1].split() if not word.startswith("$")]
    match = re.search(r"^GRUB_CMDLINE_LINUX=\"?([^\"\n]*)", reading.text("/etc/default/grub") or "", re.MULTILINE)
    return match[1].split() if match else []
