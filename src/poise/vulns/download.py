"""Fetches feeds over HTTPS, whole or not at all: unchanged ones are not sent again, large ones are cut off.

A connection that breaks is taken up again where it ended, in this run and in the next one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec

from poise.model.errors import BadInput
from poise.vulns.index import FeedRow
from poise.vulns.partial import Partial

MOST_REDIRECTS = 5
TIMEOUT_S = 60.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers of a server that may answer later (RFC 9110, 15.6; RFC 6585, 4)."""
TRIES = 4
LONGEST_PAUSE_S = 60.0
STORED = (".zip", ".gz")
"""Ends of files that are compressed already: packed once more, they could not be gone on with."""
PLACE = re.compile(r"bytes (\d+)-\d+/(\d+)")
Pause = Callable[[float], None]


class Limits(msgspec.Struct, frozen=True):
    """Most that one feed may take."""

    bytes: int = 2 << 30
    seconds: float = 3600.0
    """Time for one try: a server that sends a byte a minute would never time out."""


class Fetched(msgspec.Struct, frozen=True):
    """What a server answered."""

    is_changed: bool
    etag: str
    modified: str
    bytes: int
    """Size of the file; 0 if it is unchanged."""


BROKEN = (httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout)
"""Ends of a connection that was there."""


class Interrupted(Exception):
    """A try that may go better later."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Fetcher:
    """Fetches files."""

    client: httpx.Client
    limits: Limits = field(default_factory=Limits)
    pause: Pause = time.sleep
    """Waits for some seconds before the next try."""

    def fetch(self, url: str, known: FeedRow | None, target: Path) -> Fetched:
        """Fetch a file to a path, unless it is the known one.

        What was received of a file that could not be fetched to its end stays beside the path, and is gone on with.
        Raises :class:`BadInput` with the address and the reason.
        """
        one = _Fetching(self, url, known if known is not None and known.url == url else None, target)
        reason = ""
        for number in range(TRIES):
            try:
                return one.once()
            except (Interrupted, *BROKEN) as problem:
                reason = _reason(problem)
                wait_s = problem.wait_s if isinstance(problem, Interrupted) else None
                if number < TRIES - 1:
                    self.pause(min(LONGEST_PAUSE_S, 2.0**number if wait_s is None else wait_s))
            except (httpx.HTTPError, httpx.InvalidURL) as problem:
                reason = _reason(problem)
                break
            except OSError as problem:
                raise BadInput(f"{url} could not be kept: {problem.strerror}.", "Is the disk full?") from problem
        raise BadInput(f"{url} could not be fetched: {reason}.", "Check the network, or set a mirror; then try again.")


def _reason(problem: Exception) -> str:
    return str(problem) or type(problem).__name__


class _Fetching:
    """One feed on its way."""

    def __init__(self, fetcher: Fetcher, url: str, known: FeedRow | None, target: Path) -> None:
        self._client, self._limits = fetcher.client, fetcher.limits
        self._url, self._known, self._target = url, known, target
        self._part = Partial(target)

    def once(self) -> Fetched:
        """Try it once. Raises :class:`Interrupted` if it should be tried again."""
        address, headers, before = self._url, self._headers(), ""
        for _ in range(MOST_REDIRECTS + 1):
            _allowed(address, before)
            with self._client.stream(
                "GET", address, headers=headers, timeout=TIMEOUT_S, follow_redirects=False
            ) as answer:
                if answer.has_redirect_location:
                    before, address = address, str(answer.url.join(answer.headers["location"]))
                    continue
                return self._taken(answer)
        raise BadInput(f"{self._url} leads on more than {MOST_REDIRECTS} times.")

    def _headers(self) -> dict[str, str]:
        known, origin = self._known, self._part.origin(self._url)
        found = {"If-None-Match": known.etag, "If-Modified-Since": known.modified} if known is not None else {}
        if origin is not None:
            found |= {"Range": f"bytes={self._part.size()}-", "If-Range": origin.etag}
        if origin is not None or urlsplit(self._url).path.endswith(STORED):
            found["Accept-Encoding"] = "identity"
        return {name: value for name, value in found.items() if value}

    def _taken(self, answer: httpx.Response) -> Fetched:
        status = answer.status_code
        etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        if status == httpx.codes.NOT_MODIFIED:
            return self._unchanged(etag, modified)
        if status in BUSY:
            wait = answer.headers.get("retry-after", "")
            raise Interrupted(f"it answered {status}", float(wait) if wait.isdigit() else None)
        if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            self._part.drop()
            raise Interrupted("the beginning that was kept is not of this file")
        total: int | None
        if status == httpx.codes.PARTIAL_CONTENT:
            total = self._gone_on(answer)
        elif status == httpx.codes.OK:
            total = self._begun(answer, etag)
        else:
            raise BadInput(f"{self._url} answered {status}.", "Check the address, or set a mirror.")
        self._received(answer, total)
        size = self._part.size()
        self._part.finish(self._target)
        return Fetched(True, etag, modified, size)

    def _unchanged(self, etag: str, modified: str) -> Fetched:
        self._part.drop()
        if self._known is None:
            raise BadInput(f"{self._url} answered 304 to whom has nothing.", "Check the address, or set a mirror.")
        return Fetched(False, etag, modified, 0)

    def _begun(self, answer: httpx.Response, etag: str) -> int | None:
        """Start over; return the size that is announced."""
        packed = "content-encoding" in answer.headers
        self._part.begin(self._url, "" if packed else etag)
        length = answer.headers.get("content-length", "")
        return int(length) if length.isdigit() and not packed else None

    def _gone_on(self, answer: httpx.Response) -> int:
        """Check that an answer goes on where the part ends; return the size of the whole."""
        place = PLACE.fullmatch(answer.headers.get("content-range", ""))
        if place is None or int(place[1]) != self._part.size() or "content-encoding" in answer.headers:
            self._part.drop()
            raise Interrupted("it sent another part than was asked for")
        return int(place[2])

    def _received(self, answer: httpx.Response, total: int | None) -> None:
        self._fits(total or 0)
        size, end = self._part.size(), time.monotonic() + self._limits.seconds
        try:
            with self._part.open() as file:
                for piece in answer.iter_bytes():  # in pieces as they come: none is lost with a connection
                    size += len(piece)
                    self._fits(size)
                    file.write(piece)
                    if size != total and time.monotonic() > end:
                        raise Interrupted(f"it took more than {self._limits.seconds:.0f} seconds")
        except httpx.TransportError as problem:
            raise Interrupted(f"it was cut off after {size} bytes ({_reason(problem)})") from problem
        if total is not None and size != total:
            self._part.drop()
            raise Interrupted(f"it sent {size} bytes of {total}")

    def _fits(self, size: int) -> None:
        if size > self._limits.bytes:
            self._part.drop()
            raise BadInput(f"{self._url} is larger than {self._limits.bytes >> 20} MiB.", "Is it a feed of advisories?")


def _allowed(address: str, before: str) -> None:
    """Let https pass, and http on this machine where it is set as a mirror: no server may lead there."""
    try:
        scheme, host = urlsplit(address).scheme, urlsplit(address).hostname
    except ValueError as problem:
        raise BadInput(f"{address} is no address: {problem}.", "Check the address, or set a mirror.") from problem
    if scheme != "https" and not (scheme == "http" and host in LOOPBACK and not before.startswith("https:")):
        raise BadInput(f"{address} is not https.", "Feeds are fetched over https alone.")
