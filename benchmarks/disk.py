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
from pathlib import Path

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import Identity
from poise.disk.facts.packages.dpkg import read_dpkg
from poise.disk.facts.reading import Reading
from poise.disk.machine import machine_of
from poise.disk.sandbox import Job, read_confined
from poise.disk.source.cache import CachedSource
from poise.disk.source.file import FileBlocks
from poise.disk.tree import Unreadable, read
from poise.disk.volumes import find_volumes

DISK_BYTES = 30 << 30
CONFIGURATION = ("passwd", "shadow", "group", "sudoers", "ssh/sshd_config", "login.defs", "crontab", "fstab")


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
    for name in CONFIGURATION:
        read(tree, f"/etc/{name}")
    for folder in ("/etc/systemd/system", "/etc/pam.d", "/etc/sudoers.d", "/etc/cron.d", "/root", "/home"):
        try:
            for name in tree.names(folder):
                read(tree, f"{folder}/{name}")
        except Unreadable:
            continue
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
    files |= {f"usr/share/p{n % 200}/file{n}": "x" * 20_000 for n in range(18_000)}
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


if __name__ == "__main__":
    sys.exit(main())
