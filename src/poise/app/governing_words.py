"""Rules of governance as people type them, on the command line and in forms, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.model.errors import UsageError
from poise.model.governance import Condition, OwnerSource, Place, Rule

FIELDS = {
    "severity": "severities",
    "risk": "risks",
    "check": "checks",
    "category": "categories",
    "provider": "providers",
    "kind": "kinds",
}
"""Word of a condition -> field of :class:`Condition`."""
TAG = "tag:"
EXPECTED = "Expected WORD=VALUE,VALUE with severity, risk, check, category, provider, kind or tag:NAME."


def condition_of(text: str) -> Condition:
    """Return a set of conditions: ``severity=high,critical check=aws.s3 tag:team=shop``. All of them must hold.

    Raises :class:`UsageError` for anything else.
    """
    values: dict[str, Any] = {}
    for part in text.split():
        word, equals, given = part.partition("=")
        if not equals or not given or (word not in FIELDS and not word.startswith(TAG)):
            raise UsageError(f"The condition holds {part!r}.", EXPECTED)
        if word.startswith(TAG):
            values.setdefault("tags", {})[word.removeprefix(TAG)] = given
        else:
            values[FIELDS[word]] = given.split(",")
    try:
        return msgspec.convert(values, Condition)
    except msgspec.ValidationError as problem:
        raise UsageError(f"The condition {text!r} cannot be: {problem}.", EXPECTED) from problem


def condition_text(condition: Condition) -> str:
    """Return a set of conditions as :func:`condition_of` reads it."""
    parts = [f"{word}={','.join(found)}" for word, field in FIELDS.items() if (found := getattr(condition, field))]
    return " ".join([*parts, *(f"{TAG}{name}={value}" for name, value in sorted(condition.tags.items()))])


def rule_of(texts: Mapping[str, str]) -> Rule:
    """Return the rule of a form's fields; lists are separated by commas or line breaks.

    Raises :class:`UsageError` for what cannot be understood.
    """
    values: dict[str, Any] = {
        "name": texts.get("name", "").strip(),
        "priority": _number("priority", texts),
        "days": _number("days", texts),
        "scope": _place(texts, ""),
        "excluded": _place(texts, "exclude_"),
        "conditions": [condition_of(line) for line in texts.get("conditions", "").splitlines() if line.strip()],
        "owner": OwnerSource(
            tag=texts.get("owner_tag", "").strip(),
            address=texts.get("owner", "").strip(),
            default=texts.get("default_owner", "").strip(),
        ),
        "is_grace": bool(texts.get("grace")),
        "counted_from": texts.get("counted_from", "first_seen"),
        "notifies_owner": not texts.get("no_owner_mail"),
        "managers": list(_listed(texts.get("managers", ""))),
        "ticket": texts.get("ticket", "").strip(),
        "is_enabled": not texts.get("disabled"),
    }
    try:
        return msgspec.convert(msgspec.to_builtins(values), Rule)
    except msgspec.ValidationError as problem:
        raise UsageError(f"The rule cannot be: {problem}.") from problem


def texts_of(rule: Rule) -> dict[str, str]:
    """Return a rule as the fields of a form; empty ones are left out."""
    texts = {
        "name": rule.name,
        "priority": str(rule.priority),
        "days": str(rule.days),
        **_place_texts(rule.scope, ""),
        **_place_texts(rule.excluded, "exclude_"),
        "conditions": "\n".join(map(condition_text, rule.conditions)),
        "owner_tag": rule.owner.tag,
        "owner": rule.owner.address,
        "default_owner": rule.owner.default,
        "grace": "yes" if rule.is_grace else "",
        "counted_from": rule.counted_from.value,
        "no_owner_mail": "" if rule.notifies_owner else "yes",
        "managers": ", ".join(rule.managers),
        "ticket": rule.ticket,
        "disabled": "" if rule.is_enabled else "yes",
    }
    return {name: text for name, text in texts.items() if text}


def tags_of(texts: Iterable[str], where: str) -> dict[str, str]:
    """Return tags of texts like ``team=shop``. Raises :class:`UsageError` for others."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(f"{where} is {text!r}.", "Expected NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found


def _place(texts: Mapping[str, str], prefix: str) -> Place:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(_listed(texts.get(f"{prefix}{name}", "")))

    tags = tags_of(_listed(texts.get(f"{prefix}tags", "")), f"{prefix}tags".replace("_", " "))
    return Place(
        nodes=listed("nodes"), accounts=listed("accounts"), groups=listed("groups"), assets=listed("assets"), tags=tags
    )


def _place_texts(place: Place, prefix: str) -> dict[str, str]:
    texts = {f"{prefix}{name}": ", ".join(getattr(place, name)) for name in ("nodes", "accounts", "groups", "assets")}
    return texts | {f"{prefix}tags": ", ".join(f"{name}={value}" for name, value in sorted(place.tags.items()))}


def _listed(text: str) -> Iterator[str]:
    return (part.strip() for line in text.splitlines() for part in line.split(",") if part.strip())


def _number(name: str, texts: Mapping[str, str]) -> int:
    text = texts.get(name, "").strip()
    if not (text.isdecimal() and len(text) < 6):
        raise UsageError(f"The {name} is {text!r}.", "Expected a whole number.")
    return int(text)
