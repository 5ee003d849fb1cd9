"""Damaged and hostile disks: a clean error or a gap, always soon; never a crash, a loop, or another's files."""

from __future__ import annotations

import random
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poise.disk.filesystem.ext_folder import entries
from poise.disk.filesystem.ext_map import BlockMap
from poise.disk.machine_tree import MachineTree
from poise.disk.tree import FileKind, Unreadable
from poise.disk.volume import lvm_text
from poise.disk.volume.container import unpacked
from poise.disk.volume.lvm import logical_volumes, physical_volume
from poise.disk.volume.partition import DamagedTable, partitions
from poise.disk.volumes import find_volumes
from poise.model.errors import BadInput, NotCollected
from tests.disk import machines
from tests.disk.machines import MIB, Bytes

CLEAN = (NotCollected, BadInput)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FLIPS = st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=16)), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> bytes:
    root = machines.write_machine(tmp_path_factory.mktemp("root"))
    path = machines.ext(root, tmp_path_factory.mktemp("disk") / "disk.img", "-t", "ext4", size_mib=16)
    return path.read_bytes()


def flipped(content: bytes, flips, span: tuple[int, int]) -> bytes:
    damaged = bytearray(content)
    begin, end = span
    for place, patch in flips:
        at = begin + place % (end - begin)
        damaged[at : at + len(patch)] = patch
    return bytes(damaged[: len(content)])


def visited(disk: Bytes, most: int = 3000) -> int:
    """Go through everything that a disk shows, up to a number of names; every problem must be a clean one."""
    count = 0
    for volume in find_volumes([disk]):
        if volume.detected.files is None:
            continue
        tree, left = MachineTree({"": volume.detected.files}), ["/"]
        while left and count < most:
            count += _visit(tree, left)
    return count


def _visit(tree: MachineTree, left: list[str]) -> int:
    folder = left.pop()
    try:
        names = tree.names(folder)
    except Unreadable:
        return 1
    for name in names:
        path = f"{folder.rstrip('/')}/{name}"
        try:
            facts = tree.facts(path)
            if facts is None:
                continue
            if facts.kind is FileKind.FOLDER:
                left.append(path)
            elif facts.kind is FileKind.LINK:
                tree.target(path)
            elif facts.kind is FileKind.FILE:
                tree.open(path).read(100_000)
        except Unreadable:
            continue
    return len(names) + 1


@FEW
@given(FLIPS)
def test_a_damaged_ext_volume_gives_clean_errors(image, flips):
    visited(Bytes(flipped(image, flips, (1024, MIB))))


@FEW
@given(FLIPS)
def test_a_damaged_superblock_gives_clean_errors(image, flips):
    visited(Bytes(flipped(image, flips, (1024, 2048))))


@FEW
@given(st.integers(0, 16 * MIB))
def test_a_truncated_volume_gives_clean_errors(image, length):
    visited(Bytes(image[:length]), most=300)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=4096))
def test_any_bytes_are_a_disk_with_nothing_known(content):
    for volume in find_volumes([Bytes(content)]):
        assert volume.detected.reason or volume.detected.files


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=512))
def test_any_bytes_are_a_folder_or_a_clean_error(block):
    with suppress(Unreadable):
        for name, number in entries(block):
            assert name
            assert number


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=60, max_size=60), st.integers(0, 1 << 32), st.booleans(), st.randoms())
def test_any_bytes_are_a_block_map_or_a_clean_error(pointers, logical, has_extents, noise: random.Random):
    from poise.disk.filesystem.ext_layout import INODE_EXTENTS, inode

    raw = bytearray(160)
    raw[32:36] = struct.pack("<I", INODE_EXTENTS if has_extents else 0)
    raw[40:100] = pointers
    if has_extents:
        raw[40:48] = struct.pack("<HHHH", 0xF30A, noise.randrange(5), 4, noise.randrange(7))
    mapped = BlockMap(lambda _: noise.randbytes(1024), 1024)
    with suppress(Unreadable):
        assert mapped.run(inode(12, bytes(raw)), logical).length > 0


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab1 ={}[]",#\n\\.-', max_size=200))
def test_any_text_is_lvm_metadata_or_bad_input(text):
    with suppress(BadInput):
        assert isinstance(lvm_text.parse(text), dict)


def test_lvm_metadata_that_nests_without_end_is_bad_input():
    with pytest.raises(BadInput, match="nests"):
        lvm_text.parse("a {" * 10_000)


TEXT = machines.lvm_text(
    machines.logical("root", machines.segment(0, 5, ("pv0", 3)), machines.segment(5, 7, ("pv0", 9)))
)


@FEW
@given(FLIPS)
def test_a_damaged_physical_volume_gives_clean_errors(tmp_path, flips):
    path = machines.physical(tmp_path / "pv", machines.PV_IDS[0], TEXT, 4)
    damaged = Bytes(flipped(path.read_bytes(), flips, (512, 4096 + 512 + len(TEXT))))
    with suppress(*CLEAN):
        found = physical_volume(damaged)
        for logical in logical_volumes([found] if found else []):
            assert logical.reason or logical.source


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        (machines.segment(0, 5, ("pv0", 3), kind="thin"), "type thin are unsupported"),
        (machines.segment(0, 5, ("pv0", 3), kind="raid1"), "type raid1 are unsupported"),
        (machines.segment(0, 5, ("pv0", 3), kind="mirror"), "type mirror are unsupported"),
        (machines.segment(0, 5, ("pv7", 3)), "pv7 is not in the metadata"),
        (machines.segment(0, 5, ("pv1", 3)), "pv1 .* is missing"),
        (machines.segment(4, 5, ("pv0", 3)), "does not follow"),
        (machines.segment(0, -5, ("pv0", 3)), "does not follow"),
        (machines.segment(0, 5, ("pv0", 0), ("pv0", 9), stripe_sectors=0), "no size"),
        ("start_extent = 0", "malformed"),
    ],
)
def test_a_logical_volume_that_cannot_be_read_says_why(tmp_path, segment, reason):
    path = machines.physical(
        tmp_path / "pv", machines.PV_IDS[0], machines.lvm_text(machines.logical("root", segment)), 4
    )

    volume = next(one for one in find_volumes(machines.source(path)) if one.name == "vg/root")

    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(volume.detected.reason)


def test_metadata_that_went_round_its_ring_is_read(tmp_path):
    path = machines.physical(tmp_path / "pv", machines.PV_IDS[0], TEXT, 4, wrapped=True)

    assert physical_volume(Bytes(path.read_bytes())).metadata.seqno == 3


def chained(*links: int) -> bytes:
    """An MBR whose extended partition is at sector 1, with records at sectors that lead to others."""
    disk = bytearray(64 * 512)
    disk[446 + 4 : 446 + 16] = b"\x05\0\0\0" + struct.pack("<II", 1, 60)
    disk[510:512] = b"\x55\xaa"
    for at, following in enumerate(links, 1):
        record = at * 512
        disk[record + 450 : record + 462] = b"\x83\0\0\0" + struct.pack("<II", 2, 1)
        disk[record + 466 : record + 478] = b"\x05\0\0\0" + struct.pack("<II", following, 1)
        disk[record + 510 : record + 512] = b"\x55\xaa"
    return bytes(disk)


def test_a_chain_of_partitions_that_is_a_loop_ends():
    assert [part.number for part in partitions(Bytes(chained(1, 1)))] == [5, 6]


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=66, max_size=66))
def test_any_partition_table_is_read_or_refused_cleanly(table):
    disk = bytes(446) + table[:64] + b"\x55\xaa" + bytes(63 * 512)
    with suppress(*CLEAN):
        for part in partitions(Bytes(disk)) or ():
            assert part.source.size > 0


def test_a_damaged_gpt_is_read_from_its_backup(tmp_path):
    machines.needs("sfdisk")
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(8 * MIB))
    machines.run("sfdisk", "-q", path, input="label: gpt\nsize=2048\n")
    content = bytearray(path.read_bytes())
    whole = [(part.number, part.id) for part in partitions(Bytes(bytes(content)))]
    content[512 + 60] ^= 255

    assert [(part.number, part.id) for part in partitions(Bytes(bytes(content)))] == whole
    content[-512 + 60] ^= 255
    with pytest.raises(DamagedTable, match="backup"):
        partitions(Bytes(bytes(content)))


@pytest.mark.parametrize("magic", [b"QFI\xfb\0\0\0\3", b"vhdxfile", b"KDMV", b"conectix"])
@settings(max_examples=40, deadline=None)
@given(noise=st.binary(min_size=1200, max_size=3000))
def test_a_damaged_container_gives_clean_errors(magic, noise):
    with suppress(*CLEAN):
        unpacked(Bytes(magic + noise + magic))[1].read(0, 4096)


def debugfs(image: Path, *commands: str) -> None:
    machines.needs("debugfs")
    machines.run("debugfs", "-w", "-f", "-", image, input="\n".join(commands) + "\n")


def test_a_folder_that_holds_itself_is_entered_once(tmp_path):
    image = machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "disk.img")
    debugfs(image, "ln /etc /etc/again", "ln /etc /srv/twice", "ln / /srv/up")
    tree = machines.machine(image).tree

    assert "again" in tree.names("/etc")
    for path in ("/etc/again", "/srv/up"):
        with pytest.raises(Unreadable, match="damaged"):
            tree.names("/") and tree.names(path)
    assert visited(Bytes(image.read_bytes()), most=100_000) < 2_000


def test_an_absurd_length_is_refused_and_not_allocated(tmp_path):
    image = machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "disk.img", "-t", "ext4")
    debugfs(image, "set_inode_field /usr/bin/tool size 0xffffffffff", "set_inode_field /srv size 0x7fffffff")
    found = machines.machine(image).tree

    with pytest.raises(Unreadable, match="more than are read at once"):
        found.open("/usr/bin/tool").read()
    assert found.open("/usr/bin/tool").read(10) == b"x" * 10
    with pytest.raises(Unreadable, match="absurd"):
        found.names("/srv")


def test_an_encrypted_folder_is_said_to_be_one(tmp_path):
    image = machines.ext(
        machines.write_machine(tmp_path / "root"), tmp_path / "disk.img", "-t", "ext4", "-O", "encrypt"
    )
    debugfs(image, "set_inode_field /srv flags 0x80800")

    with pytest.raises(Unreadable, match="encrypted"):
        machines.machine(image).tree.names("/srv")


def test_a_path_of_absurd_length_or_depth_is_refused(tmp_path):
    tree = machines.machine(machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "disk.img")).tree

    with pytest.raises(Unreadable, match="longer"):
        tree.facts("/x" * 3000)
