"""One machine in every format that disks come in: the inventory is the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from poise.disk.tree import Unreadable, read
from tests.disk import machines
from tests.disk.machines import MIB, PACKAGES


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return machines.write_machine(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="module")
def raw(root, tmp_path_factory) -> Path:
    return machines.ext(root, tmp_path_factory.mktemp("raw") / "disk.img")


CONVERSIONS = {
    "qcow2": ("-O", "qcow2"),
    "qcow2 compressed": ("-c", "-O", "qcow2"),
    "qcow2 zstd": ("-c", "-O", "qcow2", "-o", "compression_type=zstd"),
    "qcow2 small clusters": ("-O", "qcow2", "-o", "cluster_size=4096"),
    "vhd dynamic": ("-O", "vpc"),
    "vhd fixed": ("-O", "vpc", "-o", "subformat=fixed"),
    "vhdx": ("-O", "vhdx"),
    "vmdk sparse": ("-O", "vmdk"),
    "vmdk streamOptimized": ("-O", "vmdk", "-o", "subformat=streamOptimized"),
}


@pytest.mark.parametrize("options", CONVERSIONS.values(), ids=CONVERSIONS)
def test_the_inventory_is_the_same_in_every_container(raw, tmp_path, options):
    machines.needs("qemu-img")
    image = tmp_path / "disk"
    machines.run("qemu-img", "convert", "-f", "raw", *options, raw, image)

    assert machines.packages(machines.scanned(image)) == machines.packages(machines.scanned(raw)) == PACKAGES
    assert machines.listed(machines.machine(image).tree) == machines.listed(machines.machine(raw).tree)


def test_a_container_that_leans_on_another_file_is_unsupported(raw, tmp_path):
    machines.needs("qemu-img")
    image = tmp_path / "child.qcow2"
    machines.run("qemu-img", "create", "-q", "-f", "qcow2", "-b", raw, "-F", "raw", image)

    found = machines.scanned(image)

    assert found.software is None
    assert "changes of another image" in found.volumes[0].reason


def test_a_vmdk_of_several_files_is_unsupported(raw, tmp_path):
    machines.needs("qemu-img")
    image = tmp_path / "flat.vmdk"
    machines.run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=monolithicFlat", raw, image)

    assert "other files" in machines.scanned(image).volumes[0].reason


@pytest.mark.parametrize("label", ["gpt", "dos"])
def test_the_inventory_is_the_same_in_a_partition(raw, tmp_path, label):
    machines.needs("sfdisk")
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, 64 * MIB)
    script = f"label: {label}\nstart=2048, size=4096\nstart=8192, size={48 * MIB // 512}\n"
    machines.run("sfdisk", "-q", image, input=script)
    machines.put(image, 8192 * 512, raw.read_bytes())

    found = machines.scanned(image)

    assert machines.packages(found) == PACKAGES
    assert [volume.name for volume in found.volumes] == ["disk 1, partition 1", "disk 1, partition 2"]
    assert found.volumes[1].mounted_at == "/"


def test_the_inventory_is_the_same_in_a_logical_partition(raw, tmp_path):
    machines.needs("sfdisk")
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, 64 * MIB)
    script = f"label: dos\nstart=2048, type=5\nstart=4096, size=1024, type=83\nstart=8192, size={48 * MIB // 512}\n"
    machines.run("sfdisk", "-q", image, input=script)
    machines.put(image, 8192 * 512, raw.read_bytes())

    found = machines.scanned(image)

    assert machines.packages(found) == PACKAGES
    assert found.volumes[-1].name == "disk 1, partition 6"


def test_the_inventory_is_the_same_on_a_logical_volume_of_two_disks(raw, tmp_path):
    content, extent = raw.read_bytes(), machines.EXTENT_SECTORS * 512
    text = machines.lvm_text(
        machines.logical("root", machines.segment(0, 5, ("pv0", 3)), machines.segment(5, 7, ("pv1", 1)))
    )
    disks = [machines.physical(tmp_path / f"pv{n}", id, text, 64) for n, id in enumerate(machines.PV_IDS)]
    machines.put(disks[0], MIB + 3 * extent, content[: 5 * extent])
    machines.put(disks[1], MIB + extent, content[5 * extent :])

    found = machines.scanned(*disks)

    assert machines.packages(found) == PACKAGES
    assert machines.listed(machines.machine(*disks).tree) == machines.listed(machines.machine(raw).tree)
    assert found.volumes[0].name == "vg/root"


def test_the_inventory_is_the_same_on_a_striped_volume(raw, tmp_path):
    content, stripe = raw.read_bytes(), 128 * 512
    text = machines.lvm_text(machines.logical("root", machines.segment(0, 12, ("pv0", 0), ("pv1", 2))))
    disks = [machines.physical(tmp_path / f"pv{n}", id, text, 64) for n, id in enumerate(machines.PV_IDS)]
    extent = machines.EXTENT_SECTORS * 512
    pieces = [content[start : start + stripe] for start in range(0, len(content), stripe)]
    machines.put(disks[0], MIB, b"".join(pieces[::2]))
    machines.put(disks[1], MIB + 2 * extent, b"".join(pieces[1::2]))

    assert machines.packages(machines.scanned(*disks)) == PACKAGES


def test_the_inventory_is_the_same_inside_luks(raw, tmp_path):
    machines.needs("qemu-img")
    image = tmp_path / "luks.img"
    secret = ("--object", "secret,id=s,data=open-sesame")
    target = f"driver=luks,file.filename={image},key-secret=s"
    machines.run(
        "qemu-img", "create", "-q", *secret, "-f", "luks", "-o", "key-secret=s,iter-time=100", image, f"{48 * MIB}"
    )
    machines.run("qemu-img", "convert", *secret, "-n", "-f", "raw", "--target-image-opts", raw, target)

    assert machines.packages(machines.scanned(image, keys=("wrong", "open-sesame"))) == PACKAGES
    assert "no key was given" in machines.scanned(image).volumes[0].reason
    assert "no given key" in machines.scanned(image, keys=("wrong",)).volumes[0].reason


def test_a_separate_var_is_put_where_fstab_says(tmp_path):
    uuid = "11111111-2222-3333-4444-555555555555"
    root = machines.write_machine(tmp_path / "root", f"/dev/sda1 / ext4\nUUID={uuid.upper()} /var ext4 defaults 0 2\n")
    var = tmp_path / "var"
    (root / "var").rename(var)
    (root / "var").mkdir()
    disks = [
        machines.ext(root, tmp_path / "root.img"),
        machines.ext(var, tmp_path / "var.img", "-U", uuid, size_mib=16),
    ]

    found = machines.scanned(*disks)

    assert machines.packages(found) == PACKAGES
    assert {volume.mounted_at for volume in found.volumes} == {"/", "/var"}


def test_a_var_that_is_not_here_is_unknown_and_never_empty(tmp_path):
    root = machines.write_machine(
        tmp_path / "root", "UUID=77777777-2222-3333-4444-555555555555 /var ext4 defaults 0 2\n"
    )
    image = machines.ext(root, tmp_path / "root.img")

    found = machines.machine(image)

    assert any("/var was not read" in gap for gap in found.gaps)
    with pytest.raises(Unreadable, match="is on none of the disks"):
        read(found.tree, "/var/lib/dpkg/status")
    assert "packages" not in machines.scanned(image).software.known() or machines.scanned(image).software.gaps


def test_an_unknown_file_system_is_unsupported_and_never_the_own_machine(tmp_path):
    """A reader elsewhere reported the scanning machine's own packages for a btrfs disk."""
    image = tmp_path / "btrfs.img"
    image.touch()
    os.truncate(image, 2 * MIB)
    machines.put(image, 65536 + 64, b"_BHRfS_M")

    found = machines.scanned(image)

    assert found.machine is None
    assert found.software is None
    assert found.volumes[0].reason == "btrfs is unsupported: not scanned"


@pytest.mark.parametrize(
    ("offset", "magic", "name"),
    [(3, b"-FVE-FS-", "BitLocker"), (1024, b"\x10\x20\xf5\xf2", "F2FS"), (32, b"NXSB", "APFS")],
)
def test_what_is_recognised_and_not_read_is_named(tmp_path, offset, magic, name):
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, MIB)
    machines.put(image, offset, magic)

    assert machines.scanned(image).volumes[0].reason == f"{name} is unsupported: not scanned"


def test_a_journal_that_was_not_replayed_is_said(raw, tmp_path):
    machines.needs("debugfs")
    image = tmp_path / "dirty.img"
    image.write_bytes(raw.read_bytes())
    machines.run("debugfs", "-w", "-R", "feature needs_recovery", image)

    found = machines.scanned(image)

    assert machines.packages(found) == PACKAGES
    assert found.volumes[0].needs_recovery is True
    assert machines.scanned(raw).volumes[0].needs_recovery is False
