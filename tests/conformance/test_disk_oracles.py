"""Disks that only a kernel can make: folders of NTFS, volume groups of the real LVM tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid

import pytest

from tests.disk import machines
from tests.disk.facts.hives import hive
from tests.disk.facts.test_windows import SOFTWARE, SYSTEM
from tests.disk.machines import MIB, PACKAGES


@pytest.fixture
def loop(tmp_path):
    """Give a function that attaches an image as a device; detach all in the end."""
    attached = []

    def attach(image, *options):
        done = subprocess.run(["losetup", "-f", "--show", *options, image], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"optional oracle: this machine has no loop devices: {done.stderr.strip()}")
        attached.append(done.stdout.strip())
        return attached[-1]

    yield attach
    for device in attached:
        subprocess.run(["losetup", "-d", device], capture_output=True, check=False)


def test_a_volume_group_of_the_real_tools_is_read(tmp_path, loop):
    """The group is restored from text: making volumes needs a device mapper, restoring does not."""
    if not (shutil.which("vgcfgrestore") and shutil.which("pvcreate") and shutil.which("losetup")):
        pytest.skip("optional oracle: the tools of LVM are not installed")
    root = machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "root.img")
    disks = [tmp_path / "a.img", tmp_path / "b.img"]
    devices = []
    for disk in disks:
        disk.touch()
        os.truncate(disk, 64 * MIB)
        devices.append(loop(disk))
    text = tmp_path / "vg.conf"
    ids = [machines.dashed(letter * 32) for letter in "AB"]
    volumes = machines.logical("root", machines.segment(0, 8, ("pv0", 0)), machines.segment(8, 4, ("pv1", 2)))
    name = f"poise{uuid.uuid4().hex[:8]}"
    text.write_text(real_text(machines.lvm_text(volumes), name))
    for id, device in zip(ids, devices, strict=True):
        lvm("pvcreate", "-ff", "-y", "--uuid", id, "--restorefile", str(text), device, devices=devices)
    lvm("vgcfgrestore", "-f", str(text), name, devices=devices)
    content = root.read_bytes()
    extent = machines.EXTENT_SECTORS * 512
    first = machines.FIRST_SECTOR * 512
    machines.put(disks[0], first, content[: 8 * extent])
    machines.put(disks[1], first + 2 * extent, content[8 * extent :])

    found = machines.scanned(*disks)

    assert machines.packages(found) == PACKAGES
    assert any(f"{name}/root" in volume.name for volume in found.volumes)


def real_text(text, name):
    """Add what the tools ask for beside what reading needs."""
    bounds = "flags = []\nmax_lv = 0\nmax_pv = 0\nmetadata_copies = 0\nextent_size"
    sizes = f"flags = []\ndev_size = {64 * MIB // 512}\npe_start"
    named = text.replace("vg {", f"{name} {{", 1).replace("pe_count = 100", "pe_count = 15")
    with_bounds = named.replace("extent_size", bounds, 1).replace("pe_start", sizes)
    return with_bounds.replace("segment_count", "flags = []\nsegment_count")


def lvm(*words, devices):
    accepted = ", ".join(f'"a|^{device}$|"' for device in devices)
    config = f'devices {{ filter=[{accepted}, "r|.*|"] global_filter=[{accepted}, "r|.*|"] use_devicesfile=0 }}'
    done = subprocess.run([words[0], "--config", config, *words[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"


def test_a_windows_machine_is_read_from_its_disk_and_its_modes_are_unknown(tmp_path):
    machines.needs("mkntfs", "ntfscp")
    image = tmp_path / "windows.img"
    image.touch()
    os.truncate(image, 24 * MIB)
    machines.run("mkntfs", "-q", "-F", "-Q", "-L", "System", image)
    ntfs_folders(image, "Windows", "Windows/System32", "Windows/System32/config")
    for name, tree in (("SOFTWARE", SOFTWARE), ("SYSTEM", SYSTEM)):
        (tmp_path / name).write_bytes(hive(tree))
        machines.run("ntfscp", "-f", image, tmp_path / name, f"Windows/System32/config/{name}")

    found = machines.scanned(image)

    assert (found.machine.os.family, found.machine.os.version) == ("windows", "10.0.20348")
    assert found.machine.windows.hotfixes == ("KB5034129",)
    assert "7-Zip 23.01 (x64)" in {one.name for one in found.software.packages}
    for name in ("file_modes", "setuid_files", "world_writable", "unowned"):
        assert name in found.machine.unread


def ntfs_folders(image, *folders):
    """Make folders on a volume: by the driver of the kernel or of FUSE, where this machine allows a mount."""
    place = image.parent / "mounted"
    place.mkdir()
    ways = (["mount", "-t", "ntfs3", "-o", "loop", image, place], ["ntfs-3g", image, place])
    if not any(
        shutil.which(way[0]) and subprocess.run(way, capture_output=True, check=False).returncode == 0 for way in ways
    ):
        pytest.skip("optional oracle: this machine mounts no NTFS")
    try:
        for folder in folders:
            (place / folder).mkdir()
    finally:
        machines.run("umount", place)
