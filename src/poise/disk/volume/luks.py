"""LUKS volumes, opened with a given key."""

from __future__ import annotations

from collections.abc import Sequence

from poise.disk.source.block import BlockSource, BlockUnread
from poise.disk.volume.libyal import Unpacked, asked
from poise.disk.volume.window import Stream

MAGIC = b"LUKS\xba\xbe"
ABOUT = "LUKS volume"


def is_luks(head: bytes) -> bool:
    """Whether a volume begins like LUKS."""
    return head.startswith(MAGIC)


def opened(source: BlockSource, passphrases: Sequence[str]) -> BlockSource:
    """Return the volume inside; raises `BlockUnread` if no key opens it."""
    if not passphrases:
        raise BlockUnread("disk", "encrypted with LUKS, and no key was given")
    for passphrase in passphrases:
        volume = _unlocked(source, passphrase)
        if volume is not None:
            return volume
    raise BlockUnread("disk", "encrypted with LUKS, and no given key opens it")


def _unlocked(source: BlockSource, passphrase: str) -> BlockSource | None:
    import pyluksde

    volume = pyluksde.volume()
    asked(lambda: volume.set_password(passphrase), ABOUT)
    asked(lambda: volume.open_file_object(Stream(source)), ABOUT)
    if asked(volume.is_locked, ABOUT):
        return None
    return Unpacked(volume, asked(volume.get_size, ABOUT), ABOUT)
