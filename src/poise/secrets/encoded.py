"""Takes texts out of their wrapping: base64, gzip, UTF-16, as machines get their start scripts."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from poise.secrets.text import Text

MOST_UNPACKED_BYTES = 4 * 1024 * 1024
"""Most that is unpacked from one wrapping: a small text may unpack to gigabytes."""
SIGNS = (b"base64", b"b64", b"-enc ", b"-encodedcommand")
"""Literals in lower case of which a text has one that holds base64 for someone to unpack."""
LINES = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{60,76}\r?\n[ \t]{0,16})+[A-Za-z0-9+/]{1,76}={0,2}(?![A-Za-z0-9+/=])"
)
ONE_LINE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])")
WHOLE = re.compile(rb"\s*[A-Za-z0-9+/]{4}[A-Za-z0-9+/\s]+={0,2}\s*")
LEAST_RUN = 24
_RUN = re.compile(rb"[A-Za-z0-9+/]{24,}")
GZIP = b"\x1f\x8b"
MOST_PIECES = 200


def unwrapped(text: Text) -> Iterator[tuple[int, bytes]]:
    """Yield the offset and content of every readable text that is wrapped in another."""
    data = text.data
    if data[:2] == GZIP:
        yield from ((0, inner) for inner in _readable(data))
    elif is_wide(data):
        yield 0, data.replace(b"\0", b"")
    elif WHOLE.fullmatch(data, 0, len(data)) and len(data) >= 24:
        yield from ((0, inner) for inner in _decoded(data))
    elif _says_base64(text):
        yield from _pieces(text)


def is_wide(data: bytes) -> bool:
    """Whether bytes are UTF-16 of mostly western text, as PowerShell writes it."""
    sample = data[:400]
    return len(sample) >= 8 and sample.count(0) * 5 >= len(sample) * 2


def _says_base64(text: Text) -> bool:
    """Whether a text has a run that may be base64 and a word about it; the runs are known, so they are asked first."""
    return any(end - start >= LEAST_RUN for start, end in text.runs) and any(sign in text.lower for sign in SIGNS)


def _pieces(text: Text) -> Iterator[tuple[int, bytes]]:
    data, left = text.data, MOST_PIECES
    long = (run for run in text.runs if run[1] - run[0] >= LEAST_RUN)
    starts = [match.start() for start, end in long for match in _RUN.finditer(data, start, end)]
    for pattern in (LINES, ONE_LINE):
        for match in _matches(pattern, data, starts):
            if left == 0:
                return
            left -= 1
            for inner in _decoded(match.group()):
                yield match.start(), inner


def _matches(pattern: re.Pattern[bytes], data: bytes, starts: list[int]) -> Iterator[re.Match[bytes]]:
    """Yield what a pattern finds, tried only where a long run begins: trying it everywhere takes ten times as long."""
    end = 0
    for start in starts:
        match = pattern.match(data, start) if start >= end else None
        if match is not None:
            end = match.end()
            yield match


def _decoded(text: bytes) -> Iterator[bytes]:
    compact = b"".join(text.split())
    try:
        raw = base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return
    yield from _readable(raw)


def _readable(raw: bytes) -> Iterator[bytes]:
    if raw[:2] == GZIP:
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, MOST_UNPACKED_BYTES)
        except zlib.error:
            return
    if is_wide(raw):
        raw = raw.replace(b"\0", b"")
    sample = raw[:512]
    printable = sum(32 <= c < 127 or c in b"\r\n\t" for c in sample)
    if sample and printable * 10 >= len(sample) * 9:
        yield raw
