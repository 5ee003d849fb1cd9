"""Use cases of known vulnerabilities: fetch and import feeds, show them, match what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import msgspec

from poise.app.scan import Run, ScanOptions, scan
from poise.app.vulnerabilities_matching import StoredSoftware
from poise.app.workspace import Workspace
from poise.model.errors import BadInput, PoiseError
from poise.model.host.software import Software
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listings import AssetFilter
from poise.vulns import bundle
from poise.vulns.download import Fetcher
from poise.vulns.feeds import Feed
from poise.vulns.index import FeedRow, Index, open_index
from poise.vulns.match import Matcher
from poise.vulns.reading import feed_name, read_into
from poise.vulns.soundness import Wanted

FILE = "advisories.db"
STALE_DAYS = 3
"""Feeds older than this are warned of."""


class Synced(msgspec.Struct, frozen=True):
    """What became of one feed."""

    feed: str
    state: str
    """`updated`, `unchanged` or `failed`."""
    records: int = 0
    refused: int = 0
    problem: str = ""


class Shown(msgspec.Struct, frozen=True):
    """A feed as lists show it."""

    feed: str
    url: str
    fetched: datetime
    age_days: int
    published: datetime | None
    """When its publisher last changed it, as far as the server said so."""
    records: int
    refused: int
    malformed: int
    """Records with a bound that is no version: packages are not compared with it."""
    is_stale: bool


def index_path(data_dir: Path, setting: str | None) -> Path:
    """Return where the index is: the file that is set, else one in the data folder."""
    return Path(setting).expanduser() if setting else data_dir / FILE


def sync(
    path: Path, feeds: Iterable[Feed], bases: Mapping[str, str], now: datetime, fetcher: Fetcher | None = None
) -> Iterator[Synced]:
    """Fetch feeds into the index, one after the other; yield what became of each. One that fails stays as it was.

    What a broken connection left lies in a folder beside the index, and the next run goes on with it.
    """
    folder = path.with_name(f"{path.name}.parts")
    with open_index(path) as index, nullcontext(fetcher) if fetcher else _fetcher() as using:
        folder.mkdir(mode=0o700, exist_ok=True)
        for feed in feeds:
            try:
                yield _synced(index, using, feed, feed.url(bases), now, folder / feed.name)
            except PoiseError as problem:
                yield Synced(feed.name, "failed", problem=str(problem))
    if not any(folder.iterdir()):
        folder.rmdir()


@contextmanager
def _fetcher() -> Iterator[Fetcher]:
    with httpx.Client() as client:
        yield Fetcher(client)


def _synced(index: Index, fetcher: Fetcher, feed: Feed, url: str, now: datetime, target: Path) -> Synced:
    known = {row.name: row for row in index.feeds()}.get(feed.name)
    answer = fetcher.fetch(url, known, target)
    if not answer.is_changed and known is not None:
        index.note(msgspec.structs.replace(known, fetched=now))
        return Synced(feed.name, "unchanged", known.records, known.refused)
    row = FeedRow(name=feed.name, url=url, etag=answer.etag, modified=answer.modified, fetched=now)
    try:
        done = read_into(index, target, row, Wanted(feed.holds, known.records if known is not None else 0))
    finally:
        target.unlink(missing_ok=True)
    return Synced(feed.name, "updated", done.records, done.refused)


def import_files(path: Path, files: Iterable[Path], now: datetime) -> Iterator[Synced]:
    """Take feeds from files, or from one bundle of another site. Raises :class:`BadInput` that names the place."""
    with open_index(path) as index:
        for file in files:
            if not file.is_file():
                raise BadInput(f"There is no file {file}.")
            if bundle.is_bundle(file):
                for row in bundle.read_into(index, file):
                    yield Synced(row.name, "updated", row.records, row.refused)
                continue
            row = FeedRow(name=feed_name(file), url=str(file), fetched=now)
            done = read_into(index, file, row)
            yield Synced(done.name, "updated", done.records, done.refused)


def export_bundle(path: Path, target: Path) -> int:
    """Write the whole index to one file for a site without network; return the number of its feeds."""
    with open_index(path) as index:
        if not index.feeds():
            raise BadInput("The index is empty: there is nothing to export.", "Run `poise vulns sync` first.")
        return bundle.write(index, target)


def status(path: Path, now: datetime, stale_days: int = STALE_DAYS) -> list[Shown]:
    """Return the feeds of the index with their ages."""
    with open_index(path) as index:
        return [
            Shown(
                row.name,
                row.url,
                row.fetched,
                (now - row.fetched).days,
                _moment(row.modified),
                row.records,
                row.refused,
                row.malformed,
                now - row.fetched > timedelta(days=stale_days),
            )
            for row in index.feeds()
        ]


def _moment(text: str) -> datetime | None:
    """Return the moment of a `Last-Modified` (RFC 9110, 5.6.7); None if it says none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def match_stored(workspace: Workspace, path: Path, watch: Callable[[str], None] | None = None) -> Run | None:
    """Match the stored software of all machines with the index, judge and keep the result; no disk is read.

    Returns None if no machine's software is stored.
    """
    sources = stored_sources(workspace)
    if not sources:
        return None
    with open_index(path) as index:
        matcher = Matcher(index)
        connectors = [StoredSoftware(workspace, source, scopes, matcher) for source, scopes in sources.items()]
        if watch is not None:
            watch(f"matching the software of {len(connectors)} sources")
        return scan(workspace, connectors, ScanOptions(command="vulns match", threads=1))


def match_scanned(workspace: Workspace, source: str, scopes: Sequence[str], path: Path) -> bool:
    """Match the software of some scopes with the index, right after they were scanned, judge and keep the result.

    Returns whether there are advisories. With none, the records say that nothing could be compared.
    """
    with open_index(path) as index:
        scan(workspace, [StoredSoftware(workspace, source, scopes, Matcher(index))], ScanOptions(command="vulns match"))
        return bool(index.feeds())


def stored_sources(workspace: Workspace) -> dict[str, Sequence[str]]:
    """Return source -> scopes in which the software of machines is stored."""
    found: dict[str, set[str]] = {}
    wanted = AssetFilter(kinds=frozenset({Software.KIND}))
    for row, _ in workspace.store.assets.all(workspace.viewer, wanted):
        found.setdefault(row.source, set()).add(row.asset.scope)
    return {source: sorted(scopes) for source, scopes in sorted(found.items())}


def matched_machines(workspace: Workspace) -> int:
    """Return of how many machines the vulnerabilities are stored."""
    return workspace.store.assets.count(workspace.viewer, AssetFilter(kinds=frozenset({Vulnerabilities.KIND})))
