"""What disks hold: containers opened, partitions found, LVM put together, LUKS opened, file systems named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from poise.disk.filesystem.detect import Detected, detect
from poise.disk.source.block import BlockSource, BlockUnread
from poise.disk.volume import luks
from poise.disk.volume.container import unpacked
from poise.disk.volume.lvm import Physical, logical_volumes, physical_volume
from poise.disk.volume.partition import partitions
from poise.model.errors import BadInput, NotCollected

MOST_VOLUMES = 1024
NOTHING_KNOWN = "it holds no file system that is known: not scanned"


@dataclass(frozen=True)
class Volume:
    """A part of a machine's disks that holds a file system, or could."""

    name: str
    """For people: `disk 1, partition 2`, `vg/root`."""
    devices: frozenset[str]
    """Names that `fstab` may call it by, lower case, as `uuid=...`, `label=...`, `partuuid=...`, `/dev/...`."""
    source: BlockSource | None
    detected: Detected
    container: str = "raw"
    """Format of the image that it lies in."""
    size: int = 0


@dataclass
class Search:
    """A search for volumes, while it runs."""

    passphrases: Sequence[str]
    physical: list[Physical] = field(default_factory=list)
    container: str = "raw"


def find_volumes(disks: Sequence[BlockSource], passphrases: Sequence[str] = ()) -> list[Volume]:
    """Return every volume of a machine's disks, readable or not, in order.

    ``passphrases`` are tried on LUKS volumes.
    """
    search = Search(passphrases)
    found = [volume for number, disk in enumerate(disks) for volume in _of_disk(search, number, disk)]
    for logical in logical_volumes(search.physical):
        name = f"{logical.group}/{logical.name}"
        mapped = f"{_doubled(logical.group)}-{_doubled(logical.name)}"
        names = frozenset({f"/dev/{name}".lower(), f"/dev/mapper/{mapped}".lower()})
        if logical.source is None:
            found.append(Volume(name, names, None, Detected("LVM", None, logical.reason)))
        else:
            found += _of_source(search, Volume(name, names, logical.source, Detected("", None)))
    return found[:MOST_VOLUMES]


def _of_disk(search: Search, number: int, disk: BlockSource) -> Iterator[Volume]:
    whole = Volume(f"disk {number + 1}", frozenset(_device_names(number, 0)), disk, Detected("", None), size=disk.size)
    try:
        container, inside = unpacked(disk)
        whole = replace(whole, source=inside, container=container, size=inside.size)
        table = partitions(inside)
    except NotCollected as problem:
        yield replace(whole, detected=Detected("", None, problem.reason))
        return
    if table is None:
        yield from _of_source(search, whole)
        return
    for part in table:
        names = frozenset({f"partuuid={part.id}", *_device_names(number, part.number)})
        name = f"{whole.name}, partition {part.number}"
        yield from _of_source(
            search, replace(whole, name=name, devices=names, source=part.source, size=part.source.size)
        )


def _of_source(search: Search, volume: Volume) -> Iterator[Volume]:
    """Yield a volume with what it holds; a physical volume of LVM is put aside for its group."""
    source = volume.source
    assert source is not None
    try:
        physical = physical_volume(source)
        if physical is not None:
            search.physical.append(physical)
            return
        if luks.is_luks(source.read(0, 8)):
            volume, source = _unlocked(search, volume, source)
            physical = physical_volume(source)
            if physical is not None:
                search.physical.append(physical)
                return
        detected = detect(source) or Detected("", None, NOTHING_KNOWN)
    except BadInput as problem:
        detected = Detected("LVM", None, problem.what)
    except BlockUnread as problem:
        detected = Detected("", None, problem.reason)
    yield replace(volume, detected=detected, size=source.size, devices=volume.devices | _names_of(detected))


def _unlocked(search: Search, volume: Volume, source: BlockSource) -> tuple[Volume, BlockSource]:
    uuid = source.read(168, 40).split(b"\0")[0].decode("ascii", "replace").lower()
    inside = luks.opened(source, search.passphrases)
    return replace(volume, source=inside, devices=volume.devices | {f"luks={uuid}"}), inside


def _names_of(detected: Detected) -> frozenset[str]:
    uuid = {f"uuid={detected.uuid}"} if detected.uuid else set()
    return frozenset(uuid | ({f"label={detected.label.lower()}"} if detected.label else set()))


def _device_names(disk: int, partition: int) -> Iterator[str]:
    """Yield how Linux may call a disk or a partition, whatever bus it is on."""
    letter = chr(ord("a") + disk % 26)
    for prefix in ("sd", "vd", "xvd", "hd"):
        yield f"/dev/{prefix}{letter}{partition or ''}"
    yield f"/dev/nvme{disk}n1{f'p{partition}' if partition else ''}"


def _doubled(name: str) -> str:
    return name.replace("-", "--")
