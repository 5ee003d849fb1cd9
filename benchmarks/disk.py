"""A machine on a sparse 30 GB ext4 disk: blocks, seconds and memory of its package list, configuration and full scan.

Usage: python benchmarks/disk.py [ROOT]. ROOT is an unpacked root, such as `debootstrap --variant=minbase` makes;
without one a Debian of its size is made up.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import READERS, Identity
from poise.disk.facts.packages.dpkg import read_dpkg
from poise.disk.facts.reading import Reading
from poise.disk.machine import machine_of
from poise.disk.sandbox import Job, read_confined
from poise.disk.source.cache import CachedSource
from poise.disk.source.file import FileBlocks
from poise.disk.tree import Unreadable
from poise.disk.volumes import find_volumes
from poise.model.errors import BadInput

DISK_BYTES = 30 << 30
WALKING = frozenset({"setuid_files", "world_writable", "unowned", "private_keys", "windows"})
"""Facts that need a walk over all files: part of the full scan alone."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "disk.img"
        image.touch()
        os.truncate(image, DISK_BYTES)
        root = chosen.root or made_up(Path(folder) / "root")
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", root, image], check=True)
        package_list(image)
        full_scan(image)


def opened(image: Path) -> CachedSource:
    return CachedSource(FileBlocks(image))


def package_list(image: Path) -> None:
    disk, begun = opened(image), time.perf_counter()
    tree = machine_of(find_volumes([disk])).tree
    reading = Reading(tree, Limits())
    count = len(list(read_dpkg(reading)))
    tell(f"package list ({count} packages)", disk, begun)
    for name, reader in READERS.items():
        if name in WALKING:
            continue
        with suppress(Unreadable, BadInput):
            reading.once(reader)
    tell("with configuration", disk, begun)


def full_scan(image: Path) -> None:
    disk, begun = opened(image), time.perf_counter()
    identity = Identity(id="host://benchmark", name="benchmark", scope="benchmark")
    found = read_confined(Job(identity=identity, disks=[disk], secret_key=b"k" * 32))
    assert found.software is not None, found.gaps
    assert found.secrets is not None
    tell(f"full scan ({len(found.software.packages)} packages)", disk, begun)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"  memory: reading process {found.peak_memory_bytes / 1e6:.0f} MB, this one {own / 1e6:.0f} MB")


def tell(what: str, disk: CachedSource, begun: float) -> None:
    seconds, cost = time.perf_counter() - begun, disk.counters
    print(f"{what}: {cost.blocks_read} blocks, {cost.bytes_read / 1e6:.1f} MB, {seconds:.3f} s")


def made_up(root: Path) -> Path:
    files = {"etc/os-release": 'ID=debian\nVERSION_ID="12"\n', "etc/passwd": "root:x:0:0::/root:/bin/sh\n"}
    status = "Package: p{n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.{n}-1\nMaintainer: x\n\n"
    files["var/lib/dpkg/status"] = "".join(status.format(n=n) for n in range(200))
    filler = "x" * 20_000
    files |= {f"usr/share/p{n % 200}/file{n}": filler for n in range(18_000)}
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    applications(root)
    return root


def applications(root: Path) -> None:
    """Add what a server has beside its distribution: 79 npm packages, 9 of PyPI, 65 jars, keys and passwords."""
    for n in range(79):
        put(root / f"srv/web/node_modules/n{n}/package.json", f'{{"name": "n{n}", "version": "1.{n}.0"}}')
    for n in range(9):
        about = f"Metadata-Version: 2.1\nName: p{n}\nVersion: 1.{n}\n"
        put(root / f"opt/app/lib/python3.11/site-packages/p{n}-1.{n}.dist-info/METADATA", about)
    for n in range(65):
        path = root / f"opt/java/lib/j{n}-2.{n}.jar"
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w") as jar:
            for part in range(20):
                jar.writestr(f"com/example/C{part}.class", os.urandom(10_000))
            jar.writestr(f"META-INF/maven/g/j{n}/pom.properties", f"groupId=g\nartifactId=j{n}\nversion=2.{n}\n")
    put(root / "srv/web/.env", "DATABASE_URL=postgres://app:Zk29vQpLw81xTr@db.internal/app\n")


def put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


if __name__ == "__main__":
    sys.exit(main())
