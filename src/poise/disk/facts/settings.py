"""Settings of the kernel, of file systems and of shells.

Sources: sysctl.d(5), sysctl(8), modprobe.d(5), modprobe(8) (`-` and `_` are the same in names), fstab(5),
systemd.mount(5). Modules of the kernel are read in :mod:`poise.disk.facts.modules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.keywords import sections
from poise.disk.facts.reading import Line, Reading
from poise.disk.facts.redact import without_passwords
from poise.model.host.system import Mount, ShellSetting

SYSCTL_FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d")
SYSCTL_OF_SYSTEMD = ("/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl")
BANNERS = ("/etc/motd", "/etc/issue", "/etc/issue.net")
MOST_BANNER = 2000
SHELL_FILES = ("/etc/profile", "/etc/bashrc", "/etc/bash.bashrc", "/etc/login.defs", "/etc/csh.login", "/root/.bashrc",
               "/root/.bash_profile", "/root/.profile")  # fmt: skip
SHELL_SETTING = re.compile(
    r"(?:.*?(?:;|&&|\|\|)\s*)?(?P<front>(?:(?:readonly|export|declare|typeset)\s+(?:-\w+\s+)*)*)"
    r"(?:(?P<umask>umask)\s+(?P<mask>[0-7]{1,4}|[ugoa]+=\S*)|(?P<timeout>TMOUT)=[\"']?(?P<seconds>\d+)[\"']?)(?:\s*[;&#].*)?$"
)
SECRET_OPTION = re.compile(r"(?i)^(pass(?:word|wd)?|passphrase|key)=.*")


def read_sysctl(reading: Reading) -> dict[str, str]:
    """Return kernel parameters as they are set at boot. Raises :class:`Unreadable`.

    Of files with one name in several folders the first folder's counts; files are read by name, and the last value
    of a parameter wins. `/etc/sysctl.conf` is read last, but not by systemd since its version 207: there it counts
    where a link such as `99-sysctl.conf` leads to it.
    """
    found: dict[str, str] = {}
    own = () if any(reading.is_file(path) for path in SYSCTL_OF_SYSTEMD) else ("/etc/sysctl.conf",)
    for path in [*by_name(reading, SYSCTL_FOLDERS), *own]:
        for line in reading.lines(path, "#;"):
            name, sep, value = line.text.partition("=")
            if sep:
                found[_dotted(name.strip().lstrip("-"))] = " ".join(value.split())
    return dict(sorted(found.items()))


def read_mounts(reading: Reading) -> tuple[Mount, ...]:
    """Return what is mounted at boot: fstab, and mount units of the administrator. Raises :class:`Unreadable`."""
    found = []
    for line in reading.lines("/etc/fstab"):
        words = [re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8) & 0xFF), word) for word in line.text.split()]
        if len(words) >= 3:
            found.append(_mount((words[0], words[1], words[2]), words[3] if len(words) > 3 else "defaults", line.place))
    for path in [*reading.files("/etc/systemd/system", "*.mount"), *_enabled_mounts(reading)]:
        unit = sections(reading.lines(path, "#;")).get("Mount", {})
        what, where, kind, options = (next(iter(unit.get(k, [])), "") for k in ("What", "Where", "Type", "Options"))
        if where and not any(mount.point == where for mount in found):
            found.append(_mount((what, where, kind), options or "defaults", path))
    return reading.first("/etc/fstab", "mounts", found, reading.limits.entries)


def read_banners(reading: Reading) -> dict[str, str]:
    """Return the texts shown at sign-in. Raises :class:`Unreadable`."""
    texts = ((path, reading.text(path)) for path in BANNERS)
    return {path: text[:MOST_BANNER] for path, text in texts if text is not None}


def read_shell_settings(reading: Reading) -> tuple[ShellSetting, ...]:
    """Return `umask` and `TMOUT` in the start files of shells. Raises :class:`Unreadable`."""
    paths = [*SHELL_FILES, *reading.files("/etc/profile.d", "*.sh")]
    return tuple(found for path in paths for line in reading.lines(path) if (found := _shell_setting(line)))


def _shell_setting(line: Line) -> ShellSetting | None:
    match = SHELL_SETTING.match(line.text)
    if match is None:
        return None
    is_fixed = re.search(r"readonly|\s-\w*r", match["front"]) is not None
    front = "readonly " if is_fixed else ""
    if match["umask"]:
        return ShellSetting(name="umask", value=match["mask"], place=line.place)
    return ShellSetting(name="TMOUT", value=f"{front}{match['seconds']}", place=line.place)


def by_name(reading: Reading, folders: tuple[str, ...]) -> list[str]:
    """Return the files of folders sorted by name; of one name the first folder's counts."""
    found: dict[str, str] = {}
    for folder in folders:
        for path in reading.files(folder, "*.conf"):
            found.setdefault(path.rpartition("/")[2], path)
    return [found[name] for name in sorted(found)]


def _dotted(name: str) -> str:
    """Return a parameter's name with dots; where slashes come first, both change places."""
    slash, dot = name.find("/"), name.find(".")
    if slash < 0 or 0 <= dot < slash:
        return name
    return name.translate(str.maketrans("/.", "./"))


def _mount(what: tuple[str, str, str], options: str, place: str) -> Mount:
    device, point, kind = what
    kept = tuple(SECRET_OPTION.sub(r"\1=***", option) for option in options.split(","))
    return Mount(device=without_passwords(device), point=point, type=kind, options=kept, place=place)


def _enabled_mounts(reading: Reading) -> Iterator[str]:
    """Yield the units of the distribution that are enabled: `tmp.mount` is one."""
    for folder in ("/etc/systemd/system/local-fs.target.wants", "/usr/lib/systemd/system/local-fs.target.wants"):
        yield from reading.files(folder, "*.mount")
