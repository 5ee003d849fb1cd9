"""Reads records in the OSV form (https://ossf.github.io/osv-schema/) into advisories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poise.model.errors import BadInput
from poise.vulns.advisory import Advisory, Affected, Interval, bounds
from poise.vulns.names import feed_ecosystem, is_distribution, package_name
from poise.vulns.versions.bad import BadVersion
from poise.vulns.versions.schemes import malformed, scheme

KNOWN_RANGE = re.compile(r"\s*(<=?)\s*(\S+)\s*")
MOST_EVENTS = 10_000
RATINGS = {"moderate": "medium", "important": "high", "negligible": "low", "untriaged": ""}
LEVELS = frozenset({"critical", "high", "medium", "low"})


def advisory(record: Any) -> Advisory:
    """Return one record. Raises :class:`BadInput` that names it if it cannot be understood."""
    if not isinstance(record, Mapping) or not isinstance(record.get("id"), str) or not record["id"]:
        raise BadInput("A record has no id.", "Expected an advisory in the OSV form.")
    try:
        return _advisory(record)
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError) as problem:
        raise BadInput(f"Advisory {record['id'][:80]!r} cannot be understood: {problem}.") from problem


def _advisory(record: Mapping[str, Any]) -> Advisory:
    severities = record.get("severity") or []
    own = record.get("database_specific") or {}
    return Advisory(
        id=record["id"],
        aliases=_texts(record.get("aliases")),
        upstream=_texts(record.get("upstream")) or _fixed_ones(record),
        published=str(record.get("published") or ""),
        withdrawn=str(record.get("withdrawn") or ""),
        vectors=tuple(s["score"] for s in severities if str(s["score"]).startswith(("CVSS:", "AV:"))),
        score=max((_number(s["score"]) for s in severities if s["type"] == "CVSS_V3_SCORE"), default=0.0),
        severity=rating(own.get("severity")) or _ubuntu_rating(severities),
        summary=str(record.get("summary") or "")[:300],
        affected=tuple(_affected(record.get("affected") or [])),
    )


def rating(text: Any) -> str:
    """Return a rating in our words; empty if it is none."""
    word = text.lower() if isinstance(text, str) else ""
    word = RATINGS.get(word, word)
    return word if word in LEVELS else ""


def _ubuntu_rating(severities: Iterable[Mapping[str, Any]]) -> str:
    return next((rating(s["score"]) for s in severities if s["type"] == "Ubuntu"), "")


def _number(text: Any) -> float:
    number = float(text)
    return number if 0 <= number <= 10 else 0.0


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"expected a list of texts, got {str(value)[:60]!r}")
    return tuple(value)


def _fixed_ones(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a distribution's advisory is about if it names that as `related`, as all did before OSV 1.7."""
    rows = [row["package"]["ecosystem"] for row in record.get("affected") or [] if row.get("package")]
    if not any(is_distribution(feed_ecosystem(row)) for row in rows):
        return ()
    return tuple(id for id in _texts(record.get("related")) if id.startswith("CVE-"))


def _affected(rows: Iterable[Mapping[str, Any]]) -> Iterator[Affected]:
    for row in rows:
        package = row.get("package")
        if not package:
            continue
        ecosystem = feed_ecosystem(package["ecosystem"])
        own, special = row.get("database_specific") or {}, row.get("ecosystem_specific") or {}
        intervals, never = _intervals(row, ecosystem, own)
        yield Affected(
            ecosystem=ecosystem,
            name=package_name(ecosystem.partition(":")[0], package["name"]),
            intervals=intervals,
            versions=_texts(row.get("versions")),
            status="not_affected" if never else "affected",
            module=str(special.get("module") or special.get("rpmmod") or ""),
            severity=rating(special.get("urgency") or special.get("severity")),
            note=str(special.get("urgency") or "") if special.get("urgency") in ("unimportant", "end-of-life") else "",
            unfixed=_requirements(own.get("vulnerable")) or (("*",) if "patched" in own else ()),
            patched=(*_requirements(own.get("patched")), *_requirements(own.get("unaffected"))),
            malformed=malformed(ecosystem, map(bounds, intervals)),
        )


def _requirements(value: Any) -> tuple[str, ...]:
    """Return requirements; one that npm's older feed writes as `<0.0.0` means none."""
    texts = (value,) if isinstance(value, str) else _texts(value)
    return tuple(text for text in texts if text.strip() and text.strip() != "<0.0.0")


def _intervals(row: Mapping[str, Any], ecosystem: str, own: Mapping[str, Any]) -> tuple[tuple[Interval, ...], bool]:
    """Return the intervals, and whether the feed says that no version was ever affected."""
    found: list[Interval] = []
    is_never = False
    for one in row.get("ranges") or []:
        if one["type"] == "GIT":
            continue
        events = one.get("events") or []
        if len(events) > MOST_EVENTS:
            raise ValueError(f"a range has {len(events)} events")
        is_never = is_never or any(event.get("fixed") == "0" for event in events) or not events
        found += _bounded(_swept(events, ecosystem), own)
    return tuple(found), is_never and not found


def _bounded(intervals: Iterable[Interval], own: Mapping[str, Any]) -> Iterator[Interval]:
    known = KNOWN_RANGE.fullmatch(str(own.get("last_known_affected_version_range") or ""))
    for interval in intervals:
        if known is None or interval.fixed or interval.last or interval.limit:
            yield interval
        elif known[1] == "<":
            yield Interval(interval.introduced, limit=known[2])
        else:
            yield Interval(interval.introduced, last=known[2])


def _swept(events: Iterable[Mapping[str, str]], ecosystem: str) -> Iterator[Interval]:
    """Sort events by version and sweep: each `introduced` opens an interval that the next end closes."""
    begun: str | None = None
    for _, kind, version in sorted(_ordered(events, ecosystem), key=lambda event: event[:2]):
        if kind == INTRODUCED:
            begun = version if begun is None else begun
        elif begun is not None:
            ends = {ENDS[kind]: version}
            yield Interval(begun, **ends)
            begun = None
    if begun is not None:
        yield Interval(begun)


ENDS = {0: "fixed", 1: "limit", 3: "last"}
INTRODUCED = 2
KINDS = {"fixed": 0, "limit": 1, "introduced": INTRODUCED, "last_affected": 3}


def _ordered(events: Iterable[Mapping[str, str]], ecosystem: str) -> Iterator[tuple[Any, int, str]]:
    key = scheme(ecosystem)
    for event in events:
        for name, version in event.items():
            if name not in KINDS or version == "*" or (name == "fixed" and version == "0"):
                continue
            if not isinstance(version, str):
                raise TypeError(f"{name} is {version!r}")
            yield _place(key, version), KINDS[name], version


def _place(key: Any, version: str) -> Any:
    """Return where an event stands; `0` before everything, what cannot be ordered at the end."""
    if version == "0":
        return (0,)
    try:
        return (1, key(version)) if key else (2, version)
    except BadVersion:
        return (2, version)
