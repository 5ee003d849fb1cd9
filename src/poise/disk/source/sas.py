"""Blocks of an Azure disk snapshot, read with a shared access signature: a page blob, by ranges.

Source: Blob service REST reference, "Get Page Ranges" and "Get Blob". The address is a bearer token: it is sent over
https alone (http to this machine, for emulators), redirects are not followed, and no error shows its query.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import httpx

from poise.disk.source.block import BLOCK_BYTES, BlockUnread
from poise.model.errors import BadInput, UsageError

VERSION = "2021-08-06"
"""Version of the service that the calls are written for."""
RANGE = re.compile(rb"<(PageRange|ClearRange)>\s*<Start>(\d{1,19})</Start>\s*<End>(\d{1,19})</End>\s*</\1>")
MARKER = re.compile(rb"<NextMarker>([^<]{1,4096})</NextMarker>")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_PAGES = 10_000
MOST_LIST_BYTES = 64 << 20


class SasBlocks:
    """The blocks of one snapshot. The client is used from several threads."""

    block_bytes = BLOCK_BYTES

    def __init__(self, client: httpx.Client, address: str) -> None:
        parts = checked(address)
        self._client = client
        self._address = address
        self.shown = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self.requests = 0
        self._lock = threading.Lock()
        self.size = self._length()
        self._starts, self._ends = self._written()

    def is_written(self, index: int) -> bool:
        """Whether a page of the block was ever written."""
        begin = index * self.block_bytes
        place = bisect_right(self._starts, begin + self.block_bytes - 1) - 1
        return place >= 0 and self._ends[place] >= begin

    def fetch(self, index: int) -> bytes:
        """Return one block."""
        begin = index * self.block_bytes
        end = min(self.size, begin + self.block_bytes) - 1
        answer = self._get({"x-ms-range": f"bytes={begin}-{end}"}, "")
        if answer.status_code != httpx.codes.PARTIAL_CONTENT or len(answer.content) != end - begin + 1:
            raise BlockUnread(self.shown, f"block {index:,}: {_refusal(answer)}")
        return answer.content

    def _length(self) -> int:
        answer = self._get({"x-ms-range": "bytes=0-511"}, "")
        total = answer.headers.get("content-range", "").rpartition("/")[2]
        if answer.status_code != httpx.codes.PARTIAL_CONTENT or not total.isdigit():
            raise BlockUnread(self.shown, f"the snapshot was not read: {_refusal(answer)}")
        return int(total)

    def _written(self) -> tuple[list[int], list[int]]:
        marker, found = "", list[tuple[int, int]]()
        for _ in range(MOST_PAGES):
            answer = self._get({}, f"&comp=pagelist{f'&marker={marker}' if marker else ''}")
            if answer.status_code != httpx.codes.OK:
                raise BlockUnread(self.shown, f"its page ranges were not read: {_refusal(answer)}")
            ranges, marker = page_ranges(answer.content)
            found += ranges
            if not marker:
                break
        found.sort()
        return [start for start, _ in found], [end for _, end in found]

    def _get(self, headers: Mapping[str, str], query: str) -> httpx.Response:
        with self._lock:
            self.requests += 1
        try:
            return self._client.get(
                self._address + query, headers={"x-ms-version": VERSION, **headers}, follow_redirects=False
            )
        except httpx.HTTPError as problem:
            raise BlockUnread(self.shown, f"it did not answer: {type(problem).__name__}") from None


def checked(address: str) -> SplitResult:
    """Return the parts of an address; raises :class:`UsageError` if its signature would not be sent over TLS."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise UsageError("The address of the snapshot is not an https:// address.", "A signature is sent over TLS.")
    return parts


def page_ranges(content: bytes) -> tuple[list[tuple[int, int]], str]:
    """Return the written (first byte, last byte) of a list of page ranges, and the marker of the next part.

    Raises :class:`BadInput` for anything else.
    """
    if len(content) > MOST_LIST_BYTES or b"<PageList" not in content:
        raise BadInput("the list of page ranges is malformed")
    found = []
    for match in RANGE.finditer(content):
        start, end = int(match[2]), int(match[3])
        if start > end:
            raise BadInput("a page range ends before it begins")
        if match[1] == b"PageRange":
            found.append((start, end))
    marker = MARKER.search(content)
    return found, marker[1].decode("ascii", "replace") if marker else ""


def _refusal(answer: httpx.Response) -> str:
    code = answer.headers.get("x-ms-error-code", "")
    return f"status {answer.status_code}{f', {code}' if code else ''}"
