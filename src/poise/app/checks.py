"""Use cases about checks: list, explain, try their examples, render them, begin a new one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poise.app.skeletons import skeleton, write_skeleton
from poise.assess.engine import judge_example
from poise.assess.rules import Settings, prepare
from poise.checks import catalog
from poise.model.check import EXPECTED_STATES, Check, Example
from poise.model.errors import UsageError
from poise.model.verdict import Verdict

__all__ = [
    "ExampleRun",
    "all_checks",
    "check",
    "chosen",
    "faults",
    "parameter_settings",
    "render",
    "run_examples",
    "skeleton",
    "write_skeleton",
]


Own = Mapping[str, Check]
"""The tenant's own checks, by id."""
NONE: Own = {}


@dataclass(frozen=True)
class ExampleRun:
    """One example of a check with the verdict that the rule gave."""

    check: Check
    example: Example
    verdict: Verdict

    @property
    def is_right(self) -> bool:
        """Whether the verdict is the one that the example names, for the reason that it names."""
        return self.verdict.state == self.example.state and self.example.reason in self.verdict.reason


def all_checks(own: Own = NONE) -> tuple[Check, ...]:
    """Return every check, by id, then the tenant's own."""
    return (*catalog.load().values(), *own.values())


def check(id: str, own: Own = NONE) -> Check:
    """Return one check by its id, or by an id that it had before. Raises :class:`UsageError` with near names."""
    return own[id] if id in own else catalog.get(id)


def chosen(ids: Sequence[str], own: Own = NONE) -> tuple[Check, ...]:
    """Return the checks of these ids or beginnings of ids (`aws.s3`); every check if there are none."""
    found: dict[str, Check] = {}
    for id in ids:
        below = [each for each in all_checks(own) if each.id.startswith(f"{id}.")]
        found |= {each.id: each for each in below or [check(id, own)]}
    return tuple(found.values()) if ids else all_checks(own)


def run_examples(ids: Sequence[str] = (), own: Own = NONE) -> Iterator[ExampleRun]:
    """Judge every example of the chosen checks."""
    for each in chosen(ids, own):
        for example in each.examples:
            yield ExampleRun(each, example, judge_example(each, example))


def parameter_settings(everywhere: Mapping[str, Any], by_scope: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return the parameters that are set: check id -> parameter -> value, everywhere and for single scopes.

    Raises :class:`UsageError` for a check or parameter that there is not, and for a value that is not allowed.
    """
    for table in (everywhere, *by_scope.values()):
        for id, values in table.items():
            found = check(id)
            if not isinstance(values, Mapping):
                raise UsageError(f"The parameters of {id} are {values!r}.", "Expected a table of names and values.")
            Settings({found.id: values}).values(found, "")
    return Settings(everywhere, by_scope)


def faults(check: Check) -> list[str]:
    """Say what a check still lacks in form, for its author: texts, states of examples, arguments."""
    if check.is_custom:
        return []
    found = []
    try:
        prepare(check)
    except UsageError as problem:
        found.append(str(problem))
    lacking = sorted(EXPECTED_STATES - {example.state for example in check.examples})
    names = [example.name for example in check.examples]
    texts = (check.fix.console, check.fix.cli, check.fix.terraform)
    rules = (
        (not lacking, f"no example is {', '.join(lacking)}"),
        (len(set(names)) == len(names), "two examples have one name"),
        (bool(check.risk.strip()), "the docstring of the file says no risk"),
        (" should " in check.title, "the title does not say what should be"),
        (not check.title.endswith("."), "the title ends with a dot"),
        (check.source.startswith("https://"), "the source is no web address"),
        (all(text.strip() for text in texts), "a fix text is empty"),
    )
    return found + [fault for holds, fault in rules if not holds]


def render(check: Check) -> str:
    """Render a check as Markdown: risk, rule, fix and examples with the verdicts that the rule gives."""
    facts = [f"`{check.id}`", f"severity **{check.severity}**", f"`{check.asset.KIND}`", check.category, check.status]
    parts = [
        f"# {check.title}",
        f"{' · '.join(facts)} · since {check.since}",
        f"## Risk\n\n{check.risk}",
        _rule(check),
        _fix(check),
        _examples(check),
    ]
    if check.source:
        parts.append(f"Source: <{check.source}>")
    if check.formerly:
        parts.append(f"Formerly {', '.join(f'`{id}`' for id in check.formerly)}.")
    return "\n\n".join(parts) + "\n"


def _rule(check: Check) -> str:
    code = ("text", check.rule_text) if check.rule_text else ("python", inspect.getsource(check.evaluate))
    text = f"## Rule\n\n{_fenced(*code)}"
    if not check.parameters:
        return text
    rows = (f"| `{p.name}` | `{_shown(p.default)}` | {p.meaning} |" for p in check.parameters)
    return "\n".join((f"{text}\n\n### Parameters\n", "| parameter | default | meaning |", "|---|---|---|", *rows))


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def _fix(check: Check) -> str:
    fix = check.fix
    if check.is_custom:
        return f"## Fix\n\n{fix.console.strip() or 'Nobody has said how.'}"
    parts = [
        "## Fix",
        f"### Console\n\n{fix.console.strip()}",
        f"### Command line\n\n{_fenced('sh', fix.cli)}",
        f"### Terraform\n\n{_fenced('hcl', fix.terraform)}",
    ]
    if fix.impact:
        parts.append(f"### Impact\n\n{fix.impact.strip()}")
    return "\n\n".join(parts)


def _examples(check: Check) -> str:
    runs = (ExampleRun(check, example, judge_example(check, example)) for example in check.examples)
    rows = (
        f"| {_cell(r.example.name)} | {r.verdict.state.replace('_', ' ')} | {_cell(r.verdict.reason)} |" for r in runs
    )
    return "\n".join(("## Examples\n", "| asset | verdict | reason |", "|---|---|---|", *rows))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.strip()}\n```"
