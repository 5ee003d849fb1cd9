"""How values read on a screen: numbers, times, kinds, states."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from poise.model.kinds import by_kind

STEPS = ((60, "min", 60), (3600, "h", 24), (86400, "d", 30))
LABELS = {
    "not_applicable": "Not applicable",
    "not_offered": "Not offered",
    "aws": "AWS",
    "azure": "Azure",
    "host": "Hosts",
    "gcp": "GCP",
}
ABBREVIATIONS = frozenset(
    {"ACL", "AWS", "DB", "EBS", "EC2", "IAM", "IP", "KMS", "NAT", "OIDC", "RDS", "SAML", "S3", "SQL", "VPC"}
)
BEGINNINGS = frozenset({"a", "an", "anyone", "code", "everyone", "the", "whoever"})
"""First words of a sentence that are no names."""
LAST_WORD = re.compile(r"[^:/.]+")
NUMBERED = re.compile(r"^\s*(?:\d+[.)]|[-*])\s+")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def number(value: float | None) -> str:
    """Write a number with thousands separated; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}"


def percent(fraction: float | None) -> str:
    """Write a fraction of 0 to 1 as whole per cent; never 100 or 0 unless it is so."""
    if fraction is None:
        return "–"
    whole = round(fraction * 100)
    if whole == 100 and fraction < 1:
        whole = 99
    if whole == 0 and fraction > 0:
        whole = 1
    return f"{whole} %"


def ago(when: datetime | None, now: datetime) -> str:
    """Write a past time as people say it: "12 min ago"."""
    if when is None:
        return "never"
    seconds = (now - when).total_seconds()
    if seconds < 60:
        return "just now"
    for size, unit, limit in STEPS:
        if seconds / size < limit:
            return f"{int(seconds / size)} {unit} ago"
    months = seconds / 86400 / 30.44
    return f"{plural(max(1, int(months)), 'month')} ago" if months < 24 else f"{int(months / 12)} years ago"


def moment(when: datetime | None) -> str:
    """Write a time exactly: UTC, ISO 8601 to the second."""
    return "" if when is None else when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(when: datetime) -> str:
    """Write the day of a time."""
    return when.astimezone(UTC).strftime("%-d %b %Y")


def duration(started: datetime, finished: datetime | None) -> str:
    """Write how long something took."""
    if finished is None:
        return "–"
    seconds = (finished - started).total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def label(value: str) -> str:
    """Write a word of the model as it starts a line: `not_applicable` -> "Not applicable"."""
    return LABELS.get(value) or value.replace("_", " ").capitalize()


@cache
def kind_label(kind: str) -> str:
    """Write a provider's type name as people say it: `AWS::EC2::SecurityGroup` -> "Security group".

    A kind that there is no record of keeps the provider's own last word.
    """
    record = by_kind().get(kind)
    text = _spaced(record.__name__ if record else LAST_WORD.findall(kind)[-1])
    return text[:1].upper() + text[1:]


def capitalize_first(text: str) -> str:
    """Write a text with a capital at its start, the rest as it is."""
    return text[:1].upper() + text[1:]


def tail(id: str, limit: int = 48) -> str:
    """Write the last part of an id, which tells it from others."""
    text = re.split(r"[/:]", id)
    last = "/".join(text[-2:])
    return last if len(last) <= limit else f"…{last[1 - limit :]}"


def sentence(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with a name of the estate."""
    return capitalize_first(text) if text.partition(" ")[0].lower() in BEGINNINGS else text


def technique_page(id: str) -> str:
    """Return the address of an ATT&CK technique."""
    return f"https://attack.mitre.org/techniques/{id.replace('.', '/')}/"


def as_moment(text: str) -> datetime:
    """Read a time as answers carry it, ISO 8601."""
    return datetime.fromisoformat(text)


def unnumbered(text: str) -> str:
    """Take the number or dash from the start of a step."""
    return NUMBERED.sub("", text).strip()


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def as_json(value: Any) -> str:
    """Write any JSON-like value over several lines."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def inline(value: Any, limit: int = 160) -> str:
    """Write any JSON-like value on one line, cut where it gets long."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _spaced(camel: str) -> str:
    return " ".join(_word(word) for word in CAMEL.sub(" ", camel).split())


def _word(word: str) -> str:
    upper = word.upper()
    return upper if upper in ABBREVIATIONS or word.isupper() else word.lower()
