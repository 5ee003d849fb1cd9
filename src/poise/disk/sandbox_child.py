"""The process that reads disks: it holds no credentials, asks its parent for blocks, and sends records back.

It is started by :mod:`poise.disk.sandbox` and by nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from poise.disk import wire
from poise.disk.confinement import confine
from poise.disk.facts import read_machine
from poise.disk.folder import FolderTree
from poise.disk.machine import NoRoot, machine_of
from poise.disk.source.block import BLOCK_BYTES, BlockUnread
from poise.disk.source.cache import CachedSource
from poise.disk.tree import Tree
from poise.disk.volumes import Volume, find_volumes
from poise.disk.wire import IMAGE, Image, Record, Request, Result
from poise.model.asset import Asset, to_json
from poise.model.host.disk_scan import VolumeFacts

BLOCKS_KEPT = 128
"""Blocks of each disk that the child keeps: 64 MiB."""


class RemoteBlocks:
    """A disk whose blocks the parent serves."""

    block_bytes = BLOCK_BYTES

    def __init__(self, number: int, size: int, asks: BinaryIO, answers: BinaryIO) -> None:
        self.size = size
        self._number = number
        self._asks = asks
        self._answers = answers

    def is_written(self, index: int) -> bool:
        """Say yes: the parent knows."""
        return True

    def fetch(self, index: int) -> bytes:
        """Ask the parent for a block; raises `BlockUnread`."""
        self._asks.write(wire.READ.pack(b"R", self._number, index))
        self._asks.flush()
        length = wire.LENGTH.unpack(self._answers.read(wire.LENGTH.size))[0]
        if length == wire.REFUSED:
            reason = self._answers.read(wire.LENGTH.unpack(self._answers.read(wire.LENGTH.size))[0])
            raise BlockUnread("disk", reason.decode("utf-8", "replace"))
        if not length:
            return bytes(min(self.block_bytes, self.size - index * self.block_bytes))
        return self._answers.read(length)

    def hint(self, indexes: Sequence[int]) -> None:
        """Tell the parent which blocks will be asked for."""
        for index in indexes:
            self._asks.write(wire.READ.pack(b"P", self._number, index))


def main() -> None:
    """Read what the parent asks for on the standard input, then end."""
    asks, answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16), os.fdopen(os.dup(0), "rb", buffering=1 << 20)
    silent = os.open(os.devnull, os.O_RDWR)
    os.dup2(silent, 0)
    os.dup2(silent, 1)
    sys.dont_write_bytecode = True
    length = wire.LENGTH.unpack(answers.read(wire.LENGTH.size))[0]
    request = msgspec.json.decode(answers.read(length), type=Request)
    with Path("/proc/self/status").open("rb", buffering=0) as status:
        confine(request)
        result = _guarded(lambda: _read(request, asks, answers))
        content = wire.encoded(msgspec.structs.replace(result, peak_memory_bytes=_peak(status.read())))
    asks.write(b"D" + wire.LENGTH.pack(len(content)))
    asks.write(content)
    asks.flush()


def _guarded(read: Callable[[], Result]) -> Result:
    try:
        return read()
    except MemoryError:
        return Result(gaps=("reading it needs more memory than is allowed",))
    except RecursionError:
        return Result(gaps=("reading it nests deeper than is allowed",))


def _read(request: Request, asks: BinaryIO, answers: BinaryIO) -> Result:
    if request.folder is not None:
        return _facts(FolderTree(Path(request.folder)), request, (), ())
    stores = [RemoteBlocks(number, size, asks, answers) for number, size in enumerate(request.sizes)]
    disks = [CachedSource(store, blocks_kept=BLOCKS_KEPT, hint=store.hint) for store in stores]
    volumes = find_volumes(disks, request.passphrases)
    try:
        machine = machine_of(volumes)
    except NoRoot as problem:
        told = tuple(_volume(volume, "") for volume in volumes)
        return Result(volumes=told, gaps=(problem.reason,))
    told = tuple(_volume(volume, machine.mounted.get(volume.name, "")) for volume in volumes)
    return _facts(machine.tree, request, told, machine.gaps)


def _facts(tree: Tree, request: Request, volumes: tuple[VolumeFacts, ...], gaps: tuple[str, ...]) -> Result:
    found = read_machine(tree, request.identity, secret_key=request.secret_key, limits=request.limits)
    return Result(
        machine=_record(found.machine),
        software=_record(found.software),
        secrets=_record(found.secrets) if found.secrets else None,
        images=tuple(Image(one.id.rpartition(IMAGE)[2], one.name, _record(one)) for one in found.images),
        volumes=volumes,
        gaps=gaps,
    )


def _record(asset: Asset) -> Record:
    told = to_json(asset)
    return Record(told["record"], told["unread"], told["tags"])


def _volume(volume: Volume, mounted_at: str) -> VolumeFacts:
    told = volume.detected
    return VolumeFacts(
        name=volume.name,
        container=volume.container,
        kind=told.kind,
        size_bytes=volume.size,
        uuid=told.uuid,
        label=told.label,
        mounted_at=mounted_at,
        needs_recovery=told.needs_recovery,
        reason=told.reason,
    )


def _peak(status: bytes) -> int:
    """Return the most memory that this process held, without what its parent held before it began (proc(5))."""
    for line in status.decode("ascii", "replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
