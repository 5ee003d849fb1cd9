"""Use cases of checks in CEL that the store keeps: try, keep, list, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from poise.app.checks import ExampleRun
from poise.app.custom import WRITTEN
from poise.app.custom.written import MOST, made_of, sandbox, texts, written_checks
from poise.app.seeing import require_whole
from poise.app.workspace import Workspace, learn
from poise.assess.custom.definition import read
from poise.assess.custom.rule import check, compile_rules
from poise.assess.engine import judge_example
from poise.model.check import Check
from poise.model.errors import BadInput, UsageError
from poise.store.audit import Deed

WHAT = "Writing checks"


class Tried(msgspec.Struct, frozen=True):
    """A check that can be kept, or could be if its examples were right."""

    check: Check
    examples: tuple[ExampleRun, ...]
    """Each example with the verdict that the rules give."""

    @property
    def red(self) -> tuple[ExampleRun, ...]:
        """The examples that get another verdict than they name."""
        return tuple(each for each in self.examples if not each.is_right)


def written(workspace: Workspace) -> Mapping[str, str]:
    """Return name -> definition as TOML of the checks that are kept."""
    return texts(workspace.store)


def kept_checks(workspace: Workspace) -> Mapping[str, Check | None]:
    """Return name -> check of those that are kept; None for one that can be read no more."""
    return {name: made_of(name, text) for name, text in texts(workspace.store).items()}


def get(workspace: Workspace, name: str) -> str:
    """Return the definition of one. Raises :class:`UsageError` if there is none."""
    kept = texts(workspace.store)
    if name not in kept:
        raise UsageError(
            f"There is no check {name!r} that was written here.", f"There are: {', '.join(kept) or 'none'}."
        )
    return kept[name]


def try_out(workspace: Workspace, name: str, text: str) -> Tried:
    """Compile a definition and judge its examples; nothing is kept.

    Raises :class:`BadInput` with line and column of what is wrong in it.
    """
    require_whole(workspace, WHAT)
    definition = read(text, name)
    made = check(name, definition, sandbox())
    compile_rules(made.asset, definition, sandbox())
    return Tried(made, tuple(ExampleRun(made, one, judge_example(made, one)) for one in made.examples))


def keep(workspace: Workspace, name: str, text: str, by: str) -> Tried:
    """Keep a check under a name, in place of the one of that name; it judges from the next scan on. Audited.

    Raises :class:`BadInput` for a definition that is wrong or whose examples are, :class:`UsageError` for a name that
    something else has.
    """
    tried = try_out(workspace, name, text)
    require_room(workspace, name, tried)
    for each in tried.red:
        what = f"{name}: example {each.example.name!r} is {each.verdict.state}, not {each.example.state}"
        raise BadInput(f"{what}: {each.verdict.reason.rstrip('.')}.", "Mend the rule or the example.")
    _put(workspace, {**texts(workspace.store), name: text}, Deed(by, "check written", tried.check.id, text))
    return tried


def require_room(workspace: Workspace, name: str, tried: Tried) -> None:
    """Raise :class:`UsageError` if something else has the name of a check that was tried, or there are too many."""
    kept = texts(workspace.store)
    if name not in kept and len(kept) >= MOST:
        raise UsageError(f"There are {MOST} checks of your own already.", "Remove one first.")
    if tried.check.id in workspace.checks and tried.check.id not in written_checks(workspace.store):
        raise UsageError(f"There is a check {tried.check.id!r} already.", "Give it another name.")


def remove(workspace: Workspace, name: str, by: str) -> None:
    """Remove a check, and what it found. Audited. Raises :class:`UsageError` if there is none."""
    require_whole(workspace, WHAT)
    get(workspace, name)
    others = {other: text for other, text in texts(workspace.store).items() if other != name}
    _put(workspace, others, Deed(by, "check removed", name))


def tried_json(name: str, tried: Tried) -> dict[str, Any]:
    """Return what was tried as scripts get it."""
    return {
        "name": name,
        "id": tried.check.id,
        "title": tried.check.title,
        "examples": [
            {
                "name": each.example.name,
                "expected": each.example.state,
                "given": each.verdict.state,
                "reason": each.verdict.reason,
                "is_right": each.is_right,
            }
            for each in tried.examples
        ],
    }


def _put(workspace: Workspace, kept: Mapping[str, str], deed: Deed) -> None:
    """Keep definitions, have the workspace know them, and withdraw what those found that are no more."""
    before = workspace.checks.keys()
    workspace.store.kept.put(WRITTEN, msgspec.json.encode(dict(sorted(kept.items()))), deed)
    learn(workspace)
    workspace.store.withdraw(before - workspace.checks.keys())
