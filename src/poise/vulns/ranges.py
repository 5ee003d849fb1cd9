"""Whether a version lies in what an advisory calls affected, and which version would cure it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import structlog

from poise.vulns.advisory import Affected, Interval
from poise.vulns.versions.bad import BadVersion
from poise.vulns.versions.schemes import Key, scheme

log = structlog.get_logger()
COMPARATOR = re.compile(r"(>=|<=|~>|!=|==|[<>=^~])?\s*v?([0-9A-Za-z][^\s,|]*|\*)")


def affects(affected: Affected, version: str) -> bool:
    """Return whether a version is affected: it is listed, or any range holds it.

    A version that cannot be ordered is affected only where it is listed; an advisory that cannot be ordered never is.
    """
    key = scheme(affected.ecosystem)
    if version in affected.versions:
        return True
    if key is None:
        return False
    try:
        mine = key(version)
    except BadVersion:
        return False
    if affected.unfixed or affected.patched:
        return _required(affected, key, mine)
    return any(_holds(interval, key, mine) for interval in affected.intervals)


def cure(affected: Affected, version: str) -> str | None:
    """Return the least version above one that cures it; None if none is stated."""
    key = scheme(affected.ecosystem)
    if key is None:
        return None
    above = [text for text, at in _cures(affected, key) if _is_above(at, key, version)]
    return min(above, key=key, default=None)


def _cures(affected: Affected, key: Key) -> Iterator[tuple[str, Any]]:
    texts = [interval.fixed for interval in affected.intervals if interval.fixed]
    for requirement in affected.patched:
        texts += [found[2] for found in COMPARATOR.finditer(requirement) if found[1] in (">=", "~>", "^", "=", ">")]
    for text in texts:
        try:
            yield text, key(text)
        except BadVersion:
            continue


def _is_above(at: Any, key: Key, version: str) -> bool:
    try:
        return bool(at > key(version))
    except BadVersion:
        return True


def _holds(interval: Interval, key: Key, mine: Any) -> bool:
    try:
        if interval.introduced not in ("", "0") and mine < key(interval.introduced):
            return False
        if interval.fixed and mine >= key(interval.fixed):
            return False
        if interval.limit and mine >= key(interval.limit):
            return False
        return not (interval.last and mine > key(interval.last))
    except BadVersion as problem:
        log.debug("advisory with a malformed version", problem=problem.what)
        return False


def _required(affected: Affected, key: Key, mine: Any) -> bool:
    try:
        if any(satisfies(requirement, key, mine) for requirement in affected.patched):
            return False
        return not affected.unfixed or any(satisfies(requirement, key, mine) for requirement in affected.unfixed)
    except BadVersion as problem:
        log.debug("advisory with a malformed requirement", problem=problem.what)
        return False


def satisfies(requirement: str, key: Key, mine: Any) -> bool:
    """Return whether a version satisfies a requirement as npm, Cargo or RubyGems write it."""
    return any(
        all(_compares(found[1] or "=", found[2], key, mine) for found in COMPARATOR.finditer(alternative))
        for alternative in requirement.split("||")
        if alternative.strip()
    )


def _compares(operator: str, text: str, key: Key, mine: Any) -> bool:
    if text in ("*", "x", "X"):
        return True
    if operator in ("^", "~", "~>") or (operator == "=" and re.search(r"\.[xX*]", text)):
        low, high = _bounds(operator, text)
        return bool(key(low) <= mine < key(high))
    if re.search(r"\.[xX*]", text):
        low, high = (key(bound) for bound in _bounds("=", text))
        return bool({">=": mine >= low, "<": mine < low, "<=": mine < high, ">": mine >= high}.get(operator, False))
    at = key(text)
    answers = {">=": mine >= at, "<=": mine <= at, ">": mine > at, "<": mine < at, "!=": mine != at}
    return bool(answers.get(operator, mine == at))


def _bounds(operator: str, text: str) -> tuple[str, str]:
    """Return the first version inside and the first one behind a requirement such as `^1.2.3`, `~>1.2`, `1.x`."""
    plain = re.split(r"\.[xX*]", text)[0]
    numbers = [int(number) for number in re.findall(r"\d+", re.split(r"[-+]", plain)[0])] or [0]
    if operator == "=":
        kept = len(numbers)
    elif operator == "^":
        kept = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1) + 1
    elif operator == "~>":
        kept = max(len(numbers) - 1, 1)
    else:
        kept = min(2, len(numbers))
    upper = [*numbers[: kept - 1], numbers[kept - 1] + 1]
    return plain, ".".join(map(str, upper))
