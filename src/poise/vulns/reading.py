"""Reads a file of advisories of any form that we know into the index."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from poise.model.errors import BadInput
from poise.vulns import distributions, opening
from poise.vulns.advisory import Advisory
from poise.vulns.index import EPSS, KEV, FeedRow, Index
from poise.vulns.osv import advisory
from poise.vulns.soundness import ANYTHING, Wanted, sound

Refuse = Callable[[str], None]


def read_into(index: Index, path: Path, feed: FeedRow, wanted: Wanted = ANYTHING) -> FeedRow:
    """Put a file in the place of what its feed held; return what is now known of the feed.

    Records that cannot be understood are left out and counted. Raises :class:`BadInput` that names the place if the
    whole cannot be, or is not what is wanted; the index is then as it was.
    """
    refused: list[str] = []
    if opening.is_zip(path):
        wanted.form("")
        count = index.replace(feed, _sound(_zipped(path, refused.append), path, refused, wanted))
    else:
        count = _plain(index, path, feed, refused, wanted)
    malformed = {row.name: row.malformed for row in index.feeds()}.get(feed.name, 0)
    done = msgspec.structs.replace(feed, records=count, refused=len(refused), malformed=malformed)
    index.note(done)
    return done


def feed_name(path: Path) -> str:
    """Return the name of the feed that a file is, from its content where that tells, else from its own name."""
    if not opening.is_zip(path):
        with opening.stream(path) as opened:
            head = opened.read(400)
        if _is_epss(head):
            return EPSS
        if b'"catalogVersion"' in head:
            return KEV
        return path.name.split(".")[0]
    for one in _zipped(path, lambda problem: None):
        if one.affected:
            return f"osv-{one.affected[0].ecosystem.partition(':')[0].replace(' ', '-')}"
    return path.name.split(".")[0]


def _plain(index: Index, path: Path, feed: FeedRow, refused: list[str], wanted: Wanted) -> int:
    with opening.stream(path) as opened:
        head = opened.read(400)
    if _is_epss(head):
        wanted.form(EPSS)
        scores = wanted.counted(_scores(path), path)
        return index.replace_probabilities(msgspec.structs.replace(feed, name=EPSS), scores)
    if _has_many_lines(path):
        wanted.form("")
        return index.replace(feed, _sound(_listed(path, refused.append), path, refused, wanted))
    document = _json(opening.whole(path), str(path))
    if isinstance(document, dict) and "catalogVersion" in document:
        wanted.form(KEV)
        days = dict(wanted.counted(_exploited(document, path).items(), path))
        return index.replace_exploited(msgspec.structs.replace(feed, name=KEV), days)
    wanted.form("")
    return index.replace(feed, _sound(_documented(document, path, refused.append), path, refused, wanted))


def _sound(found: Iterable[Advisory], path: Path, refused: list[str], wanted: Wanted) -> Iterator[Advisory]:
    return wanted.counted(sound(found, path, refused, wanted), path)


def _documented(document: Any, path: Path, refuse: Refuse) -> Iterator[Advisory]:
    if isinstance(document, list):
        yield from _each(((f"record {at}", record) for at, record in enumerate(document, 1)), refuse)
    elif isinstance(document, dict) and "distroversion" in document and isinstance(document.get("packages"), list):
        yield from distributions.alpine_secdb(document)
    elif isinstance(document, dict) and "id" in document:
        yield advisory(document)
    elif isinstance(document, dict) and any(isinstance(value, dict) for value in document.values()):
        yield from distributions.debian_tracker(document)
    else:
        raise BadInput(f"{path} is no feed that we know.", "Expected OSV, secdb, tracker, KEV or EPSS files.")


def _zipped(path: Path, refuse: Refuse) -> Iterator[Advisory]:
    for name, content in opening.members(path):
        if name.endswith(".json"):
            yield from _each(_decoded(((f"{name}", content),), refuse), refuse)


def _listed(path: Path, refuse: Refuse) -> Iterator[Advisory]:
    numbered = ((f"{path} line {number}", line) for number, line in opening.lines(path))
    yield from _each(_decoded(numbered, refuse), refuse)


def _decoded(found: Iterable[tuple[str, bytes]], refuse: Refuse) -> Iterator[tuple[str, Any]]:
    for place, content in found:
        try:
            yield place, _json(content, place)
        except BadInput as problem:
            refuse(problem.what)


def _each(records: Iterable[tuple[str, Any]], refuse: Refuse) -> Iterator[Advisory]:
    for place, record in records:
        try:
            yield advisory(record)
        except BadInput as problem:
            refuse(f"{place}: {problem.what}")


def _has_many_lines(path: Path) -> bool:
    """Return whether a file is JSON lines: its first line is a whole record, and another one follows."""
    with opening.stream(path) as opened:
        first, second = opened.readline(opening.MOST_RECORD), opened.readline(64)
    return first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")


def _json(content: bytes, place: str) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, ValueError) as problem:
        raise BadInput(f"{place} is not JSON: {problem}.") from problem


def _exploited(document: dict[str, Any], path: Path) -> dict[str, str]:
    try:
        found = {str(row["cveID"]): str(row["dateAdded"]) for row in document["vulnerabilities"]}
    except (TypeError, KeyError) as problem:
        raise BadInput(f"{path}: the catalogue cannot be understood: {problem}.") from problem
    if not found:
        raise BadInput(f"{path}: the catalogue is empty.")
    return found


def _is_epss(head: bytes) -> bool:
    return b"cve,epss" in head.split(b"{")[0]


def _scores(path: Path) -> Iterator[tuple[str, float]]:
    with io.TextIOWrapper(opening.stream(path), "utf-8", errors="replace") as text:
        try:
            for number, row in enumerate(csv.reader(text), 1):
                if row and not row[0].startswith("#") and row[0] != "cve":
                    yield row[0], _probability(row, f"{path} line {number}")
        except csv.Error as problem:
            raise BadInput(f"{path} is no table of probabilities: {problem}.") from problem


def _probability(row: list[str], place: str) -> float:
    try:
        score = float(row[1])
    except (ValueError, IndexError) as problem:
        raise BadInput(f"{place} has no probability.") from problem
    if not 0 <= score <= 1:
        raise BadInput(f"{place} has a probability of {score}.", "Expected 0 to 1.")
    return score
