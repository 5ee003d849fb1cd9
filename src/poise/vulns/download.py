"""Fetches feeds over HTTPS, once and whole: unchanged ones are not sent again, large ones are cut off."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec

from poise.model.errors import BadInput
from poise.vulns.index import FeedRow

MOST_BYTES = 2 << 30
MOST_REDIRECTS = 5
TIMEOUT_S = 60.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Fetched(msgspec.Struct, frozen=True):
    """What a server answered."""

    is_changed: bool
    etag: str
    modified: str
    bytes: int


def fetch(client: httpx.Client, url: str, known: FeedRow | None, target: Path, most: int = MOST_BYTES) -> Fetched:
    """Fetch a file to a path, unless it is the known one. Raises :class:`BadInput` with the address and the reason."""
    headers = _conditions(known) if known is not None and known.url == url else {}
    try:
        return _fetched(client, url, headers, target, most)
    except httpx.HTTPError as problem:
        reason = str(problem) or type(problem).__name__
        raise BadInput(f"{url} could not be fetched: {reason}.", "Check the network, or set a mirror.") from problem


def _fetched(client: httpx.Client, url: str, headers: dict[str, str], target: Path, most: int) -> Fetched:
    address = url
    for _ in range(MOST_REDIRECTS + 1):
        _allowed(address)
        with client.stream("GET", address, headers=headers, timeout=TIMEOUT_S, follow_redirects=False) as answer:
            if answer.has_redirect_location:
                address = str(answer.url.join(answer.headers["location"]))
                continue
            return _saved(answer, url, target, most)
    raise BadInput(f"{url} leads on more than {MOST_REDIRECTS} times.")


def _saved(answer: httpx.Response, url: str, target: Path, most: int) -> Fetched:
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    if answer.status_code == httpx.codes.NOT_MODIFIED:
        return Fetched(False, etag, modified, 0)
    if answer.status_code != httpx.codes.OK:
        raise BadInput(f"{url} answered {answer.status_code}.", "Check the address, or set a mirror.")
    size = 0
    with target.open("wb") as file:
        for piece in answer.iter_bytes(1 << 20):
            size += len(piece)
            if size > most:
                raise BadInput(f"{url} is larger than {most >> 20} MiB.", "Is it a feed of advisories?")
            file.write(piece)
    expected = answer.headers.get("content-length", "")
    if expected.isdigit() and "content-encoding" not in answer.headers and int(expected) != size:
        raise BadInput(f"{url} was cut off after {size} bytes.", "Try again.")
    return Fetched(True, etag, modified, size)


def _allowed(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise BadInput(f"{address} is not https.", "Feeds are fetched over https alone.")


def _conditions(known: FeedRow) -> dict[str, str]:
    found = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in found.items() if value}
