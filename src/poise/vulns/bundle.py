"""One file with the whole index, to carry to a site without network."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from poise.model.errors import BadInput
from poise.vulns import opening
from poise.vulns.advisory import Advisory
from poise.vulns.index import EPSS, KEV, FeedRow, Index

MANIFEST = "poise-advisories.json"
FORMAT = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle holds."""

    format: int
    feeds: tuple[FeedRow, ...]


def write(index: Index, target: Path) -> int:
    """Write the index to a new bundle, whole or not at all; return the number of feeds."""
    feeds = tuple(index.feeds())
    part = target.with_name(f"{target.name}.part")
    encode = msgspec.json.encode
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, encode(Manifest(format=FORMAT, feeds=feeds)))
            for number, feed in enumerate(feeds):
                with archive.open(f"{number}.jsonl", "w", force_zip64=True) as member:
                    for record in index.records(feed.name):
                        member.write(encode(record) + b"\n")
        part.replace(target)
    except OSError as problem:
        raise BadInput(f"{target} cannot be written: {problem.strerror}.") from problem
    finally:
        part.unlink(missing_ok=True)
    return len(feeds)


def is_bundle(path: Path) -> bool:
    """Return whether a file is a bundle."""
    if not opening.is_zip(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def read_into(index: Index, path: Path) -> Iterator[FeedRow]:
    """Put the feeds of a bundle in, each whole or not at all; yield them with the dates they were fetched at."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
            if manifest.format != FORMAT:
                raise BadInput(f"{path} has format {manifest.format}.", f"This version reads format {FORMAT}.")
            for number, feed in enumerate(manifest.feeds):
                _put(index, archive, f"{number}.jsonl", feed)
                yield feed
    except (zipfile.BadZipFile, msgspec.DecodeError, KeyError, OSError, RuntimeError, EOFError) as problem:
        raise BadInput(f"{path} is damaged: {problem}.", "Export it again.") from problem


def _put(index: Index, archive: zipfile.ZipFile, member: str, feed: FeedRow) -> None:
    if feed.name == KEV:
        index.replace_exploited(feed, dict(_rows(archive, member, tuple[str, str])))
    elif feed.name == EPSS:
        index.replace_probabilities(feed, _rows(archive, member, tuple[str, float]))
    else:
        index.replace(feed, _rows(archive, member, Advisory))
    index.note(feed)


def _rows(archive: zipfile.ZipFile, member: str, kind: Any) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(kind)
    with archive.open(member) as lines:
        while line := lines.readline(opening.MOST_RECORD + 1):
            if len(line) > opening.MOST_RECORD:
                raise BadInput(f"{member} holds a record of more than {opening.MOST_RECORD >> 20} MiB.")
            yield decoder.decode(line)
