"""Blocks of an image file or a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from poise.disk.source.block import BLOCK_BYTES, BlockUnread
from poise.model.errors import UsageError


class FileBlocks:
    """An image file, or a block device such as that of a scanner machine or of an on-premises host."""

    block_bytes = BLOCK_BYTES

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as problem:
            raise UsageError(f"{path} cannot be read: {problem.strerror}.") from None
        mode = os.fstat(self._fd).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode)):
            os.close(self._fd)
            raise UsageError(f"{path} is neither an image file nor a device.")
        self.size = os.lseek(self._fd, 0, os.SEEK_END)

    def is_written(self, index: int) -> bool:
        """Whether a block may hold anything: holes of a file are read like data, which costs nothing."""
        return index * self.block_bytes < self.size

    def fetch(self, index: int) -> bytes:
        """Return one block."""
        try:
            return os.pread(self._fd, self.block_bytes, index * self.block_bytes)
        except OSError as problem:
            raise BlockUnread("disk", f"{self.path}, block {index:,}: {problem.strerror}") from None

    def close(self) -> None:
        """Give the file back."""
        os.close(self._fd)
