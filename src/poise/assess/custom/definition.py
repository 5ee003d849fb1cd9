"""The definition of a tenant's own check, as it is written in TOML or sent as JSON.

::

    title = "Buckets should have an owner"
    kind = "AWS::S3::Bucket"
    severity = "medium"
    risk = "Nobody answers for a bucket without an owner."
    healthy_if = "'owner' in asset.tags"
    applies_if = "!asset.name.startsWith('tmp-')"      # optional
    unhealthy_because = "the bucket has no tag owner"   # optional
    fix = "Set the tag owner to the team that runs it."

    [[examples]]
    name = "with an owner"
    state = "healthy"
    changes = { tags = { owner = "data" } }

A rule is an expression of CEL (https://github.com/google/cel-spec) over the facts of one asset. Each example is the
ordinary asset of the kind with the `changes`, and with the facts in `unread` not read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from poise.model.errors import BadInput
from poise.model.verdict import Severity, State

PREFIX = "custom"
"""First part of the id of every tenant's check."""
MAX_BYTES = 64 * 1024
"""Largest definition."""
MAX_RULE = 4096
"""Longest rule, in characters."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}")


class CustomExample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An asset with the verdict that the rule must give."""

    name: str
    """What is special about the asset."""
    state: State
    """The verdict's state."""
    changes: Mapping[str, Any] = {}
    """Facts that differ from the ordinary asset, `name` and `tags` among them."""
    unread: Mapping[str, str] = {}
    """Facts that were not read, each with the reason."""


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tenant's own check."""

    title: str
    """The wished state."""
    kind: str
    """Kind of the assets that it judges."""
    healthy_if: str
    """Expression that is true of a healthy asset."""
    severity: Severity = Severity.MEDIUM
    """How bad an unhealthy verdict is."""
    risk: str = ""
    """What may happen."""
    applies_if: str = ""
    """Expression that is true of the assets that the rule concerns; empty for all."""
    unhealthy_because: str = ""
    """Reason that an unhealthy verdict gives; the rule itself if empty."""
    fix: str = ""
    """What to do about it."""
    source: str = ""
    """Address of the page that the rule is taken from."""
    examples: tuple[CustomExample, ...] = ()
    """Assets with the verdicts that the rule must give."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The expressions, in the order in which they are asked."""
        return (self.applies_if, self.healthy_if) if self.applies_if else (self.healthy_if,)


def read(text: str, place: str) -> Definition:
    """Return the definition in a TOML text; raises :class:`BadInput` that names the place and the line."""
    if len(text.encode()) > MAX_BYTES:
        raise BadInput(f"{place}: a check is at most {MAX_BYTES} bytes.")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise BadInput(f"{place}: {wrong}") from None
    return converted(table, place)


def converted(table: Mapping[str, Any], place: str) -> Definition:
    """Return the definition in plain values; raises :class:`BadInput` that names the place."""
    try:
        found = msgspec.convert(table, Definition)
    except msgspec.ValidationError as wrong:
        raise BadInput(f"{place}: {wrong}") from None
    for fault in _faults(found):
        raise BadInput(f"{place}: {fault}")
    return found


def id_of(name: str, provider: str) -> str:
    """Return the id of a check with this name; raises :class:`BadInput` for a name that is none."""
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} cannot name a check.", "Use small letters, digits and _, beginning with a letter.")
    return f"{PREFIX}.{provider}.{name}"


def _faults(found: Definition) -> list[str]:
    rules = (
        (bool(found.title.strip()), "the title is empty."),
        (bool(found.healthy_if.strip()), "healthy_if is empty."),
        (all(len(rule) <= MAX_RULE for rule in found.rules), f"a rule is longer than {MAX_RULE} characters."),
        (not found.source or found.source.startswith("https://"), "the source is no https address."),
        (len({e.name for e in found.examples}) == len(found.examples), "two examples have one name."),
    )
    return [fault for holds, fault in rules if not holds]
