"""Every file system is read as the kernel, or the tool that wrote it, has it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from poise.disk.tree import FileKind, Unreadable, read, resolve
from tests.disk import machines
from tests.disk.machines import MIB, machine

EXT = {
    "ext2": ("-t", "ext2"),
    "ext2 of 1 KiB blocks": ("-t", "ext2", "-b", "1024"),
    "ext2 revision 0": ("-t", "ext2", "-r", "0", "-O", "none"),
    "ext3": ("-t", "ext3"),
    "ext4": ("-t", "ext4"),
    "ext4 of 1 KiB blocks": ("-t", "ext4", "-b", "1024"),
    "ext4 of 64 KiB blocks": ("-t", "ext4", "-b", "65536"),
    "ext4 inline data": ("-t", "ext4", "-O", "inline_data", "-I", "256"),
    "ext4 of 32 bits": ("-t", "ext4", "-O", "^64bit"),
    "ext4 meta_bg": ("-t", "ext4", "-O", "meta_bg,^resize_inode", "-b", "1024", "-g", "1024"),
    "ext4 sparse_super2": ("-t", "ext4", "-O", "sparse_super2"),
    "ext4 bigalloc": ("-t", "ext4", "-O", "bigalloc"),
    "ext4 small inodes": ("-t", "ext4", "-I", "128"),
    "ext4 no checksums": ("-t", "ext4", "-O", "^metadata_csum,^flex_bg,uninit_bg"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return machines.write_machine(tmp_path_factory.mktemp("root"))


@pytest.mark.parametrize("options", EXT.values(), ids=EXT)
def test_an_ext_volume_holds_what_was_written(root, tmp_path, options):
    image = machines.ext(root, tmp_path / "disk.img", *options)
    modified_matters = options[-1] not in ("none",)

    found = machines.without(machines.listed(machine(image).tree), "/lost+found")

    wanted = machines.on_disk(root)
    assert found.keys() == wanted.keys()
    assert {p: f for p, f in found.items() if f != wanted[p]} == {} or not modified_matters


def test_a_fragmented_file_has_an_extent_tree_of_several_levels(tmp_path):
    """Every second block of the volume is freed, then a file is written into the holes."""
    machines.needs("mke2fs", "debugfs")
    root = machines.write_machine(tmp_path / "root")
    for number in range(2500):
        (root / "srv" / f"pad{number}").write_bytes(b"p" * 1024)
    image = machines.ext(root, tmp_path / "disk.img", "-t", "ext4", "-b", "1024", "-N", "8000", size_mib=12)
    commands = "".join(f"rm /srv/pad{number}\n" for number in range(0, 2500, 2))
    big = tmp_path / "big"
    big.write_bytes(os.urandom(3 * MIB))
    commands += f"write {big} srv/big\n"
    machines.run("debugfs", "-w", "-f", "-", image, input=commands)
    stat = machines.run("debugfs", "-R", "stat srv/big", image)

    content = read(machine(image).tree, "/srv/big", 64 * MIB)

    assert content == big.read_bytes()
    assert stat.count("(ETB") > 0


def test_listing_agrees_with_debugfs(root, tmp_path):
    machines.needs("debugfs")
    image = machines.ext(root, tmp_path / "disk.img", "-t", "ext4")
    told = machines.run("debugfs", "-R", "ls -p /etc", image).split("\n")
    names = sorted(line.split("/")[5] for line in told if line.count("/") > 5)

    assert [name for name in names if name not in (".", "..", "")] == list(machine(image).tree.names("/etc"))


def test_a_volume_is_what_the_kernel_mounts(root, tmp_path):
    image = machines.ext(root, tmp_path / "disk.img", "-t", "ext4")
    place = tmp_path / "mnt"
    place.mkdir()
    if subprocess.run(["mount", "-o", "loop,ro", image, place], capture_output=True, check=False).returncode:
        pytest.skip("optional oracle: this machine mounts no images")
    try:
        assert machines.listed(machine(image).tree) == machines.on_disk(place)
    finally:
        machines.run("umount", place)


def test_links_stay_inside_the_tree(root, tmp_path):
    tree = machine(machines.ext(root, tmp_path / "disk.img")).tree

    assert read(tree, "/outside") == b"small\n"
    assert read(tree, "/bin/tool") == b"x" * 70_001
    assert resolve(tree, "/bin/long") == "/usr/bin/tool"
    assert tree.facts("/bin").kind is FileKind.LINK
    assert tree.facts("/bin/tool").mode == 0o4755
    assert tree.facts("/../etc/hostname").size_bytes == 6
    with pytest.raises(Unreadable, match="links"):
        tree.open("/loop")


def test_a_file_is_read_in_parts(root, tmp_path):
    with machine(machines.ext(root, tmp_path / "disk.img")).tree.open("/holes") as file:
        assert file.seek(-3, os.SEEK_END) == 5 * MIB
        assert file.read() == b"end"
        file.seek(MIB)
        assert file.read(10) == bytes(10)
        assert file.read(0) == b""


def test_xfs_is_read(root, tmp_path):
    machines.needs("mkfs.xfs")
    image = tmp_path / "xfs.img"
    image.touch()
    os.truncate(image, 320 * MIB)
    machines.run("mkfs.xfs", "-q", "-p", _prototype(tmp_path, root), image)

    found = machines.listed(machine(image).tree)

    wanted = machines.on_disk(root)
    assert found.keys() == wanted.keys()
    at = [0, 1, 2, 3, 4, 6]  # a prototype keeps no times
    assert {p: f for p, f in found.items() if [f[i] for i in at] != [wanted[p][i] for i in at]} == {}
    assert machines.packages(machines.scanned(image)) == machines.PACKAGES


def _prototype(tmp_path: Path, root: Path) -> Path:
    """Write the prototype of a folder (mkfs.xfs(8), -p)."""
    lines = ["/", "0 0"]

    def add(folder: Path, mark: str) -> None:
        status = folder.stat()
        lines.append(f"{mark} d--{status.st_mode & 0o777:03o} {status.st_uid} {status.st_gid}".strip())
        for path in sorted(folder.iterdir()):
            own = path.lstat()
            bits = f"{'u' if own.st_mode & 0o4000 else '-'}-{own.st_mode & 0o777:03o} {own.st_uid} {own.st_gid}"
            if path.is_symlink():
                lines.append(f"{path.name} l--777 0 0 {path.readlink()}")
            elif path.is_dir():
                add(path, path.name)
            else:
                lines.append(f"{path.name} -{bits} {path}")
        lines.append("$")

    add(root, "")
    file = tmp_path / "prototype"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_ntfs_is_read_without_regard_to_case(tmp_path):
    machines.needs("mkntfs", "ntfscp")
    image, hive = tmp_path / "ntfs.img", tmp_path / "hive"
    image.touch()
    os.truncate(image, 24 * MIB)
    machines.run("mkntfs", "-q", "-F", "-Q", "-L", "System", image)
    hive.write_bytes(b"regf" + os.urandom(100_000))
    machines.run("ntfscp", "-f", image, hive, "Setup.log")

    from poise.disk.machine_tree import MachineTree
    from poise.disk.volumes import find_volumes

    detected = find_volumes(machines.source(image))[0].detected
    tree = MachineTree({"": detected.files})

    assert (detected.kind, detected.label) == ("ntfs", "System")
    assert tree.open("/SETUP.LOG").read() == hive.read_bytes()
    assert tree.facts("/setup.log").size_bytes == 100_004
    assert tree.facts("/nothing") is None
    assert "Setup.log" in tree.names("/")


def test_fat_is_read(tmp_path):
    machines.needs("mkfs.fat")
    image = tmp_path / "fat.img"
    machines.run("mkfs.fat", "-C", "-n", "ESP", "-F", "16", image, "16384")
    if shutil.which("mcopy") is None:
        pytest.skip("mcopy is not installed")
    file = tmp_path / "loader.efi"
    file.write_bytes(os.urandom(70_000))
    machines.run("mmd", "-i", image, "::/EFI")
    machines.run("mcopy", "-i", image, file, "::/EFI/loader.efi")

    from poise.disk.machine_tree import MachineTree
    from poise.disk.volumes import find_volumes

    detected = find_volumes(machines.source(image))[0].detected
    tree = MachineTree({"": detected.files})

    assert (detected.kind, detected.label) == ("fat", "ESP")
    assert tree.open("/efi/LOADER.EFI").read() == file.read_bytes()


def test_modes_that_a_file_system_does_not_keep_are_unknown_and_never_judged(tmp_path):
    machines.needs("mkfs.fat", "mmd", "mcopy")
    image = tmp_path / "fat.img"
    image.touch()
    os.truncate(image, 24 * MIB)
    machines.run("mkfs.fat", image)
    machines.run("mmd", "-i", image, "::etc")
    for name, content in (("os-release", "ID=debian\nVERSION_ID=12\n"), ("passwd", "root:x:0:0::/root:/bin/sh\n")):
        (tmp_path / name).write_text(content)
        machines.run("mcopy", "-i", image, tmp_path / name, f"::etc/{name}")

    found = machines.scanned(image)

    assert found.machine.os.id == "debian"
    for name in ("file_modes", "setuid_files", "world_writable", "unowned"):
        assert "keeps no Unix owners" in found.machine.unread[name]
