"""Modules of the kernel that attacks go through: which are kept out, and which are there at all.

Sources: modprobe.d(5); modprobe(8) (`-` and `_` are the same in names); kbuild's `modules.builtin`, which names what is
part of a kernel.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.disk.facts.reading import Reading
from poise.disk.facts.settings import by_name
from poise.model.host.system import KernelModules

FOLDERS = (
    "/etc/modprobe.d",
    "/run/modprobe.d",
    "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
)
NOTHING = ("/bin/true", "/bin/false", "/usr/bin/true", "/usr/bin/false", "true", "false")
WATCHED = {
    "cramfs": "fs/cramfs",
    "freevxfs": "fs/freevxfs",
    "hfs": "fs/hfs",
    "hfsplus": "fs/hfsplus",
    "jffs2": "fs/jffs2",
    "squashfs": "fs/squashfs",
    "udf": "fs/udf",
    "dccp": "net/dccp",
    "sctp": "net/sctp",
    "rds": "net/rds",
    "tipc": "net/tipc",
    "usb_storage": "drivers/usb/storage",
}
"""Module -> its folder below `/lib/modules/RELEASE/kernel`."""
MOST_KERNELS = 8
"""Kernels whose modules are looked at."""


def read_kernel_modules(reading: Reading) -> KernelModules:
    """Return which modules may not be loaded, and which there are. Raises :class:`Unreadable`."""
    blacklisted, disabled = set(), set()
    for path in by_name(reading, FOLDERS):
        for line in reading.lines(path):
            words = line.text.split()
            if words[0] == "blacklist" and len(words) > 1:
                blacklisted.add(_named(words[1]))
            elif words[0] == "install" and len(words) > 2 and words[2] in NOTHING:
                disabled.add(_named(words[1]))
    kernels = _kernels(reading)
    files = {name for kernel in kernels for name in _files(reading, kernel)}
    return KernelModules(
        blacklisted=tuple(sorted(blacklisted)),
        disabled=tuple(sorted(disabled)),
        present=tuple(sorted(files)) if kernels else None,
        built_in=tuple(sorted({name for kernel in kernels for name in _built_in(reading, kernel)})),
    )


def _kernels(reading: Reading) -> list[str]:
    """Return the folders of modules of the installed kernels."""
    paths = (f"/lib/modules/{name}" for name in reading.folder("/lib/modules"))
    found = [path for path in paths if reading.is_folder(f"{path}/kernel")]
    return list(reading.first("/lib/modules", "kernels", found, MOST_KERNELS))


def _files(reading: Reading, kernel: str) -> Iterator[str]:
    """Yield the watched modules of which a kernel has a file: `sctp.ko`, `sctp.ko.xz`, `sctp.ko.zst`."""
    for name, folder in WATCHED.items():
        if any(_named(file.partition(".ko")[0]) == name for file in reading.folder(f"{kernel}/kernel/{folder}")):
            yield name


def _built_in(reading: Reading, kernel: str) -> Iterator[str]:
    """Yield the watched modules that are part of a kernel."""
    for line in reading.lines(f"{kernel}/modules.builtin"):
        name = _named(line.text.rpartition("/")[2].partition(".ko")[0])
        if name in WATCHED:
            yield name


def _named(text: str) -> str:
    return text.replace("-", "_")
