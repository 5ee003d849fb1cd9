"""The rule of a check as people read it: texts filled in, examples, parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from poise.model import Check, Example
from poise.model.asset import to_json
from poise.model.check import NOW
from poise.model.finding import AssetRef, ControlRef
from poise.web.visit import Visit

HOLE = re.compile(r"\{(id|name|scope|region)\}")
NUMBERED = re.compile(r"^\s*(?:\d+[.)]|[-*])\s+")
SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Texts:
    """How to cure, for each way people work."""

    console: tuple[str, ...]
    """Steps, one by one."""
    cli: str
    terraform: str
    impact: str


@dataclass(frozen=True)
class Rule:
    """What a check looks at, and how it was tried."""

    paragraphs: tuple[str, ...]
    """The risk."""
    examples: tuple[tuple[Example, dict[str, Any]], ...]
    """Each example with the facts that it is about."""
    controls: Sequence[ControlRef]
    """Controls of standards that ask for it."""
    facts: tuple[str, ...]
    """Names of the facts that tell its examples apart."""


def texts(check: Check, asset: AssetRef | None = None) -> Texts:
    """Fill the fix texts with an asset's own ids; without an asset the holes stay to be seen."""
    known = {"id": asset.id, "name": asset.name, "scope": asset.scope, "region": asset.region} if asset else {}

    def filled(text: str) -> str:
        return HOLE.sub(lambda hole: known.get(hole[1], f"<{hole[1]}>"), text.strip("\n"))

    fix = check.fix
    return Texts(_steps(filled(fix.console)), filled(fix.cli), filled(fix.terraform), filled(fix.impact))


def of(visit: Visit, check: Check) -> Rule:
    """Describe the rule of a check."""
    facts = _deciding(check)
    return Rule(
        tuple(part.replace("\n", " ") for part in check.risk.split("\n\n") if part.strip()),
        tuple((example, _shown(example, facts)) for example in check.examples),
        tuple(visit.workspace.controls().get(check.id, ())),
        facts,
    )


def _steps(text: str) -> tuple[str, ...]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = SENTENCE.split(lines[0])
    return tuple(NUMBERED.sub("", line).strip() for line in lines)


def _deciding(check: Check) -> tuple[str, ...]:
    """Name the facts in which the examples differ: these are what the rule looks at."""
    seen: dict[str, set[str]] = {}
    for example in check.examples:
        if type(example.asset) is check.asset:
            shaped = to_json(example.asset)
            for fact in ("tags", *check.asset.FACTS):
                gap = shaped["unread"].get(fact)
                value = shaped["tags"] if fact == "tags" else shaped["record"].get(fact)
                seen.setdefault(fact, set()).add(f"unread {gap}" if gap else repr(value))
    return tuple(fact for fact, values in seen.items() if len(values) > 1)


def _shown(example: Example, facts: tuple[str, ...]) -> dict[str, Any]:
    shaped = to_json(example.asset)
    record = {**shaped["record"], "tags": shaped["tags"]}
    gaps = shaped["unread"]
    shown: dict[str, Any] = {fact: f"unread: {gaps[fact]}" if fact in gaps else record.get(fact) for fact in facts}
    around = {
        "neighbours": [other.id for other in example.others],
        "not listed": dict(example.unlisted),
        "parameters": dict(example.parameters),
        "on": f"{example.now:%Y-%m-%d}" if example.now != NOW else "",
    }
    return shown | {name: value for name, value in around.items() if value}
