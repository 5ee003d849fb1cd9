"""Which kernel boots: the last boot in `wtmp`, else what the boot loader chooses, else the `vmlinuz` link.

Sources: wtmpdb(8), utmp(5) (records of 384 bytes; type 2 is a boot, whose host field holds the kernel's release),
grub's manual (`grubenv`, `saved_entry`), the Boot Loader Specification (`/boot/loader/entries/*.conf`).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from poise.disk.facts.packages.sqlite_file import query
from poise.disk.facts.reading import Reading
from poise.disk.tree import FileKind, Unreadable
from poise.model.errors import BadInput
from poise.model.host.system import Kernel

IMAGE = re.compile(r"(?:vmlinuz|vmlinux|kernel|bzImage|Image)-(?P<release>[\w.+~-]+)")
UTMP = struct.Struct("<hxxi32s4s32s256s")
UTMP_SIZE = 384
BOOT_DATABASES = ("/var/lib/wtmpdb/wtmp.db", "/var/log/wtmp.db")
BOOT_QUERY = "SELECT RemoteHost FROM wtmp WHERE User = 'reboot' ORDER BY ID DESC LIMIT 1"
BOOT_TIME = 2
WTMP_TAIL = 1 << 20
"""Bytes at the end of wtmp that are looked at."""
GRUB_CONFIGS = ("/boot/grub2/grub.cfg", "/boot/grub/grub.cfg", "/boot/efi/EFI/*/grub.cfg")
GRUB_ENVIRONMENTS = ("/boot/grub2/grubenv", "/boot/grub/grubenv", "/boot/efi/EFI/*/grubenv")
RESCUE = "rescue"


def read_kernel(reading: Reading) -> Kernel:
    """Return the kernels of a tree. Raises :class:`Unreadable`."""
    installed = _installed(reading)
    ways = (
        ("last boot", _last_boot),
        ("last boot", _last_boot_of_database),
        ("boot loader entry", _saved_entry),
        ("boot loader default", _first_entry),
        ("link", _link),
    )
    for known_by, way in ways:
        try:
            release = next((r for r in way(reading) if r in installed), "")
        except (Unreadable, BadInput) as problem:
            reading.miss("kernel", str(problem))
            continue
        if release:
            return Kernel(release=release, known_by=known_by, installed=installed)
    only = installed[0] if len(installed) == 1 else ""
    return Kernel(release=only, known_by="only one" if only else "", installed=installed)


def _installed(reading: Reading) -> tuple[str, ...]:
    names = reading.folder("/boot")
    found = {match["release"] for name in names if (match := IMAGE.fullmatch(name)) and RESCUE not in name}
    for name in reading.folder("/lib/modules"):
        if reading.is_file(f"/lib/modules/{name}/vmlinuz") or reading.is_file(f"/lib/modules/{name}/modules.dep"):
            found.add(name)
    return tuple(sorted(found))


def _last_boot(reading: Reading) -> Iterator[str]:
    """Yield the releases of boots in wtmp, the last one first."""
    data = _tail(reading, "/var/log/wtmp")
    for start in range(len(data) - UTMP_SIZE, -1, -UTMP_SIZE):
        kind, _, _, _, _, host = UTMP.unpack_from(data, start)
        if kind == BOOT_TIME:
            yield host.split(b"\0")[0].decode("utf-8", "replace")
            return


def _last_boot_of_database(reading: Reading) -> Iterator[str]:
    """Yield the release of the last boot in the database that took the place of wtmp in newer distributions."""
    for path in BOOT_DATABASES:
        database = reading.content(path)
        if database:
            for (host,) in query(database, reading.content(f"{path}-wal"), BOOT_QUERY):
                yield str(host)


def _tail(reading: Reading, path: str) -> bytes:
    found = reading.facts(path)
    if found is None or found.kind is not FileKind.FILE:
        return b""
    whole = found.size_bytes - found.size_bytes % UTMP_SIZE
    most = WTMP_TAIL - WTMP_TAIL % UTMP_SIZE
    with reading.open(path) as file:
        file.seek(max(0, whole - most))
        return file.read(min(whole, most))


def _saved_entry(reading: Reading) -> Iterator[str]:
    """Yield the release of the entry that grub remembers."""
    for saved in _saved_names(reading):
        name = saved.rpartition(">")[2]
        for path in reading.files("/boot/loader/entries", "*.conf"):
            if path.endswith(f"/{name}.conf"):
                yield from _releases(reading.text(path) or "")
        for title, body in _entries(reading):
            if name in title:
                yield from _releases(body)


def _saved_names(reading: Reading) -> Iterator[str]:
    for place in GRUB_ENVIRONMENTS:
        for path in reading.glob(place):
            match = re.search(r"^saved_entry=(.+)$", reading.text(path) or "", re.MULTILINE)
            if match:
                yield match[1].strip()


def _entries(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield heading and text of each entry of grub's menu."""
    for place in GRUB_CONFIGS:
        for path in reading.glob(place):
            parts = re.split(r"^\s*menuentry\s+(.*)$", reading.text(path) or "", flags=re.MULTILINE)
            yield from zip(parts[1::2], parts[2::2], strict=True)


def _first_entry(reading: Reading) -> Iterator[str]:
    """Yield the releases of the menu in order: the first one boots unless another is chosen."""
    for _, body in _entries(reading):
        yield from _releases(body)


def _releases(text: str) -> Iterator[str]:
    for line in re.finditer(r"^\s*(?:linux|linuxefi|linux16)\s+(\S+)", text, re.MULTILINE):
        match = IMAGE.search(line[1])
        if match and RESCUE not in line[1]:
            yield match["release"]


def _link(reading: Reading) -> Iterator[str]:
    """Yield the release that `vmlinuz` points at."""
    for path in ("/boot/vmlinuz", "/vmlinuz"):
        found = reading.tree.facts(path)
        if found and found.kind is FileKind.LINK and (match := IMAGE.search(reading.tree.target(path))):
            yield match["release"]
