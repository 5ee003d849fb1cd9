"""Blocks of an EBS snapshot, read with the EBS direct APIs: no volume, no machine, no load on the one that is scanned.

Source of the calls and their bounds: EBS direct APIs reference, `ListSnapshotBlocks`, `GetSnapshotBlock`,
`ListChangedBlocks`. Blocks that were never written are not listed: they are zeros and cost nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from poise.disk.source.block import BLOCK_BYTES, BlockUnread

PAGE = 10_000
"""Blocks of one page, the most that the API gives."""
FEWEST = 100
"""Blocks of the smallest page."""
GIB = 1 << 30
SMALLEST_BLOCK = 4096
"""A block size below is in KiB, as an emulator says it."""
READING_FAULTS = (OSError, ValueError, KeyError)


class EbsBlocks:
    """The blocks of one snapshot. The client is used from several threads."""

    def __init__(self, ebs: Any, snapshot: str) -> None:
        self.snapshot = snapshot
        self._ebs = ebs
        self.requests = 0
        self._tokens: dict[int, str] = {}
        self.size, self.block_bytes = 0, BLOCK_BYTES
        for page in pages(ebs, "list_snapshot_blocks", SnapshotId=snapshot):
            self.requests += 1
            self.size = page["VolumeSize"] * GIB
            width = page["BlockSize"]
            self.block_bytes = width if width >= SMALLEST_BLOCK else width * 1024
            self._tokens |= {block["BlockIndex"]: block["BlockToken"] for block in page.get("Blocks", ())}
        if self.block_bytes != BLOCK_BYTES:
            raise BlockUnread(snapshot, f"{snapshot} has blocks of {self.block_bytes:,} bytes, not of {BLOCK_BYTES:,}")

    def is_written(self, index: int) -> bool:
        """Whether the snapshot has the block."""
        return index in self._tokens

    def fetch(self, index: int) -> bytes:
        """Return one block, its checksum tested."""
        about = f"block {index:,} of {self.snapshot}"
        token = self._tokens[index]
        try:
            answer = self._ebs.get_snapshot_block(SnapshotId=self.snapshot, BlockIndex=index, BlockToken=token)
            data: bytes = answer["BlockData"].read()
        except (ClientError, BotoCoreError, *READING_FAULTS) as problem:
            raise BlockUnread(self.snapshot, f"{about} was not read: {problem}") from None
        checksum = answer.get("Checksum")
        if checksum and base64.b64encode(hashlib.sha256(data).digest()).decode() != checksum:
            raise BlockUnread(self.snapshot, f"{about} does not have its checksum")
        return data


@dataclass(frozen=True)
class Changed:
    """What differs between two snapshots of a disk."""

    size: int
    """Bytes of the newer one."""
    blocks: frozenset[int]
    """Numbers of the blocks that differ."""
    requests: int
    """Calls that it took to know."""


def changed(ebs: Any, older: str, newer: str) -> Changed:
    """Return what differs between two snapshots of one volume; raises `BlockUnread` where that cannot be told."""
    size = size_of(ebs, newer)
    if older == newer:
        return Changed(size, frozenset(), 1)
    found = list(pages(ebs, "list_changed_blocks", FirstSnapshotId=older, SecondSnapshotId=newer))
    blocks = frozenset(block["BlockIndex"] for page in found for block in page.get("ChangedBlocks", ()))
    return Changed(size, blocks, 1 + len(found))


def size_of(ebs: Any, snapshot: str) -> int:
    """Return the bytes of a snapshot; raises `BlockUnread`."""
    try:
        page = ebs.list_snapshot_blocks(SnapshotId=snapshot, MaxResults=FEWEST)
    except (ClientError, BotoCoreError) as problem:
        raise BlockUnread("snapshot", f"list_snapshot_blocks of {snapshot}: {problem}") from None
    return int(page["VolumeSize"]) * GIB


def pages(ebs: Any, operation: str, **parameters: Any) -> Iterator[Any]:
    """Yield every page of a listing; raises `BlockUnread`."""
    token = None
    while True:
        more: dict[str, str] = {"NextToken": token} if token else {}
        try:
            page = getattr(ebs, operation)(**parameters, **more, MaxResults=PAGE)
        except (ClientError, BotoCoreError) as problem:
            raise BlockUnread("snapshot", f"{operation} of {', '.join(parameters.values())}: {problem}") from None
        yield page
        token = page.get("NextToken")
        if not token:
            return
