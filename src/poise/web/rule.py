"""The rule of a check as people read it: texts filled in, examples, parameters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from poise.app import queries
from poise.app.deciding_facts import deciding_facts
from poise.app.fixes import FixText
from poise.model import Check, Example, Parameter
from poise.model.asset import to_json
from poise.model.check import NOW
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
    """Commands."""
    terraform: str
    """Configuration."""
    impact: str
    """What may break; empty if nothing."""


@dataclass(frozen=True)
class Rule:
    """What a check looks at, and how it was tried."""

    paragraphs: tuple[str, ...]
    """The risk."""
    examples: tuple[tuple[Example, dict[str, Any]], ...]
    """Each example with the facts that it is about."""
    parameters: Sequence[tuple[Parameter, Any]]
    """Each parameter with the value that holds."""
    facts: tuple[str, ...]
    """Names of the facts that tell its examples apart."""
    code: str
    """The rule itself, in Python; empty where only compiled code is installed."""


def texts(check: Check) -> Texts:
    """Return the fix texts without an asset: what differs from asset to asset stays to be seen, in brackets."""
    fix = check.fix
    shown = [HOLE.sub(r"<\1>", text.strip()) for text in (fix.console, fix.cli, fix.terraform, fix.impact)]
    return Texts(_steps(shown[0]), *shown[1:])


def filled_texts(fix: FixText) -> Texts:
    """Return the fix texts of one asset."""
    return Texts(_steps(fix.console), fix.cli, fix.terraform, fix.impact)


def of(visit: Visit, check: Check, scope: str = "") -> Rule:
    """Describe the rule of a check, with the values of its parameters in a scope."""
    facts = deciding_facts(check)
    values = queries.parameter_values(visit.workspace, check, scope)
    return Rule(
        tuple(part.replace("\n", " ") for part in check.risk.split("\n\n") if part.strip()),
        tuple((example, _shown(example, facts)) for example in check.examples),
        tuple((parameter, values[parameter.name]) for parameter in check.parameters),
        facts,
        _code(check),
    )


def _steps(text: str) -> tuple[str, ...]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = SENTENCE.split(lines[0])
    return tuple(NUMBERED.sub("", line).strip() for line in lines)


def _code(check: Check) -> str:
    if check.rule_text:
        return check.rule_text
    try:
        return inspect.getsource(check.evaluate)
    except OSError:
        return ""


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
