"""A small machine, written as a folder, and images of it in every format, made by the ordinary tools."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from poise.disk.facts.machine import Identity
from poise.disk.machine import Machine, machine_of
from poise.disk.sandbox import Bounds, Job, read_confined
from poise.disk.scanned import Scanned
from poise.disk.source.block import BlockSource
from poise.disk.source.cache import CachedSource
from poise.disk.source.file import FileBlocks
from poise.disk.tree import FileKind, Tree
from poise.disk.volumes import find_volumes

IDENTITY = Identity(id="host://test", name="test", scope="tests")
PACKAGES = {"bash": "5.2.15-2+b7", "openssl": "3.0.11-1~deb12u2", "zlib1g": "1:1.2.13.dfsg-1"}
STATUS = "".join(
    f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\nMaintainer: x\n\n"
    for name, version in PACKAGES.items()
)
FSTAB = "UUID=00000000-0000-0000-0000-000000000000 / ext4 defaults 0 1\n"
MIB = 1 << 20
BUSY = "Unable to get accurate CPU usage"
"""What qemu-img says where other processes keep it from timing its key derivation."""


def needs(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


def run(*command: object, **more) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    tries = 20
    while BUSY in done.stderr and (tries := tries - 1):
        done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout


def write_machine(root: Path, fstab: str = FSTAB) -> Path:
    """A Debian with three packages, files of many lengths, links, a hole and a deep folder."""
    files = {
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        "etc/hostname": "small\n",
        "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
        "etc/group": "root:x:0:\n",
        "etc/fstab": fstab,
        "var/lib/dpkg/status": STATUS,
        "usr/bin/tool": "x" * 70_001,
        "empty": "",
        "one": "1",
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    for number in range(300):
        (root / "etc" / f"file-{number:04}-with-a-name-of-some-length").write_text(str(number))
    deep = root / "/".join(["srv", *(f"level{n}" for n in range(12))])
    deep.mkdir(parents=True)
    (deep / "bottom").write_bytes(os.urandom(300_000))
    with (root / "holes").open("wb") as file:
        file.seek(5 * MIB)
        file.write(b"end")
    (root / "bin").symlink_to("usr/bin")
    (root / "usr/bin/long").symlink_to("/" + "usr/../" * 30 + "usr/bin/tool")
    (root / "loop").symlink_to("loop")
    (root / "outside").symlink_to("../../../../etc/hostname")
    (root / "usr/bin/tool").chmod(0o4755)
    return root


def ext(root: Path, image: Path, *options: str, size_mib: int = 48) -> Path:
    needs("mke2fs")
    image.touch()
    os.truncate(image, size_mib * MIB)
    run("mke2fs", "-q", "-F", *options, "-d", root, image)
    return image


def source(*images: Path) -> list[CachedSource]:
    return [CachedSource(FileBlocks(image)) for image in images]


def machine(*images: Path, keys: Sequence[str] = ()) -> Machine:
    return machine_of(find_volumes(source(*images), keys))


def scanned(*images: Path, bounds: Bounds | None = None, keys: Sequence[str] = ()) -> Scanned:
    job = Job(identity=IDENTITY, disks=source(*images), passphrases=keys, bounds=bounds or Bounds())
    return read_confined(job)


def packages(found: Scanned) -> dict[str, str]:
    assert found.software is not None, found.gaps
    return {one.name: one.full_version for one in found.software.packages}


def walk(tree: Tree, folder: str = "") -> Iterator[str]:
    for name in tree.names(folder or "/"):
        path = f"{folder}/{name}"
        facts = tree.facts(path)
        assert facts is not None
        yield path
        if facts.kind is FileKind.FOLDER:
            yield from walk(tree, path)


def listed(tree: Tree) -> dict[str, tuple[object, ...]]:
    """Path -> kind, length, mode, owners, time and content or target of everything in a tree."""
    found = {}
    for path in walk(tree):
        facts = tree.facts(path)
        assert facts is not None
        content: object = None
        if facts.kind is FileKind.FILE:
            content = tree.open(path).read()
        elif facts.kind is FileKind.LINK:
            content = tree.target(path)
        size = 0 if facts.kind is FileKind.FOLDER else facts.size_bytes
        found[path] = (facts.kind, size, facts.mode, facts.uid, facts.gid, facts.modified, content)
    return found


def on_disk(root: Path) -> dict[str, tuple[object, ...]]:
    """The same of a folder of this machine, by the kernel."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        kind, content = FileKind.FOLDER, None
        if stat.S_ISLNK(status.st_mode):
            kind, content = FileKind.LINK, str(path.readlink())
        elif stat.S_ISREG(status.st_mode):
            kind, content = FileKind.FILE, path.read_bytes()
        size = 0 if kind is FileKind.FOLDER else status.st_size
        mode = stat.S_IMODE(status.st_mode)
        name = "/" + str(path.relative_to(root))
        found[name] = (kind, size, mode, status.st_uid, status.st_gid, int(status.st_mtime), content)
    return found


def without(found: Mapping[str, tuple[object, ...]], *names: str) -> dict[str, tuple[object, ...]]:
    return {path: facts for path, facts in found.items() if path not in names}


class Bytes:
    """A disk in memory."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, offset: int, length: int) -> bytes:
        return self.content[offset : offset + length] if offset >= 0 and length > 0 else b""


PV_IDS = ("A" * 32, "B" * 32)
EXTENT_SECTORS, FIRST_SECTOR = 8192, 2048


def lvm_text(volumes: str, ids: Sequence[str] = PV_IDS) -> str:
    """The metadata of a group `vg` in the form of vgcfgbackup(8)."""
    disks = "".join(
        f'pv{n} {{\nid = "{dashed(id)}"\ndevice = "/dev/x{n}"\nstatus = ["ALLOCATABLE"]\npe_start = {FIRST_SECTOR}\n'
        "pe_count = 100\n}\n"
        for n, id in enumerate(ids)
    )
    return (
        f'vg {{\nid = "{dashed("V" * 32)}"\nseqno = 3\nformat = "lvm2"\nstatus = ["READ", "WRITE"]\n'
        f"extent_size = {EXTENT_SECTORS}\nphysical_volumes {{\n{disks}}}\nlogical_volumes {{\n{volumes}}}\n}}\n"
        '# Generated by a test\ncontents = "Text Format Volume Group"\nversion = 1\n'
    )


def logical(name: str, *segments: str) -> str:
    body = "".join(f"segment{n} {{\n{text}\n}}\n" for n, text in enumerate(segments, 1))
    return (
        f'{name} {{\nid = "{dashed("L" * 32)}"\nstatus = ["READ", "WRITE", "VISIBLE"]\n'
        f"segment_count = {len(segments)}\n{body}}}\n"
    )


def segment(start: int, count: int, *stripes: tuple[str, int], kind: str = "striped", stripe_sectors: int = 128) -> str:
    places = ", ".join(f'"{name}", {extent}' for name, extent in stripes)
    size = f"stripe_size = {stripe_sectors}\n" if len(stripes) > 1 else ""
    return (
        f'start_extent = {start}\nextent_count = {count}\ntype = "{kind}"\nstripe_count = {len(stripes)}\n{size}'
        f"stripes = [{places}]"
    )


def dashed(id: str) -> str:
    cuts = (0, 6, 10, 14, 18, 22, 26, 32)
    return "-".join(id[a:b] for a, b in pairwise(cuts))


def physical(image: Path, id: str, text: str, size_mib: int, wrapped: bool = False) -> Path:
    """Write the label and the metadata of a physical volume, its text in a ring that may have gone round."""
    area, area_length = 4096, 1044480
    content = text.encode() + b"\0"
    offset = area_length - len(content) // 2 if wrapped else 512
    header = b" LVM2 x[5A%r0N*>" + struct.pack("<IQQ", 1, area, area_length)
    header += struct.pack("<QQII", offset, len(content), zlib.crc32(content), 0)
    label = b"LABELONE" + struct.pack("<QII", 1, 0, 32) + b"LVM2 001" + id.encode()
    label += struct.pack("<Q", size_mib * MIB) + struct.pack("<QQQQ", MIB, 0, 0, 0)
    label += struct.pack("<QQQQ", area, area_length, 0, 0)
    with image.open("wb") as file:
        file.truncate(size_mib * MIB)
        file.seek(512)
        file.write(label)
        file.seek(area)
        file.write(struct.pack("<I", 0) + header)
        first = content[: area_length - offset]
        file.seek(area + offset)
        file.write(first)
        file.seek(area + 512)
        file.write(content[len(first) :])
        if not wrapped:
            file.seek(area + 512)
            file.write(content)
    return image


def put(image: Path, offset: int, content: bytes) -> None:
    with image.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def as_source(content: bytes) -> BlockSource:
    return Bytes(content)
