"""Reads `governance.toml`: rules that are reviewed like code. Whatever is wrong is named with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from poise.app import governing
from poise.app.workspace import Workspace
from poise.collect.files import text_of
from poise.model.errors import BadInput
from poise.model.governance import Condition, CountedFrom, Overwrite, OwnerSource, Place, Rule
from poise.store.governance import RuleChange

HEADER = re.compile(r"\s*\[\[\s*rule\s*\]\]\s*(#.*)?")
MOST_BYTES = 1_000_000
"""Length of a file; far above what people write."""


class RuleTable(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One ``[[rule]]`` of a file."""

    name: str
    priority: int
    scope: Place = Place()
    excluded: Place = Place()
    condition: tuple[Condition, ...] = ()
    owner: OwnerSource = OwnerSource()
    days: int = 30
    grace: bool = False
    counted_from: CountedFrom = CountedFrom.FIRST_SEEN
    notify_owner: bool = True
    managers: tuple[str, ...] = ()
    ticket: str = ""
    enabled: bool = True

    def rule(self, origin: str) -> Rule:
        """Return the rule that it means."""
        return Rule(
            name=self.name,
            priority=self.priority,
            scope=self.scope,
            excluded=self.excluded,
            conditions=self.condition,
            owner=self.owner,
            days=self.days,
            is_grace=self.grace,
            counted_from=self.counted_from,
            notifies_owner=self.notify_owner,
            managers=self.managers,
            ticket=self.ticket,
            is_enabled=self.enabled,
            origin=origin,
        )


class Synced(msgspec.Struct, frozen=True):
    """What taking rules from a file changes."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    dry_run: governing.DryRun
    """What the rules assign then."""


def sync(workspace: Workspace, path: Path, actor: str, *, dry_run: bool = False) -> Synced:
    """Make the rules of a file be those that it holds, and let them assign; rules from elsewhere are left alone.

    Raises :class:`BadInput` naming the line of whatever is wrong; nothing is changed then.
    """
    origin = str(path.resolve())
    there = {one.name: one for one in governing.rules(workspace)}
    elsewhere = [one for one in there.values() if one.origin != origin]
    wanted = read_file(workspace, path, elsewhere)
    names = {one.name for one in wanted}
    added = [one for one in wanted if one.name not in there]
    changed = [one for one in wanted if one.name in there and there[one.name] != one]
    removed = [one.name for one in there.values() if one.origin == origin and one.name not in names]
    found = governing.dry_run(workspace, [*elsewhere, *wanted])
    if not dry_run:
        change = RuleChange([*added, *changed], [*removed, *(one.name for one in changed)], actor)
        workspace.store.governance.change(change)
        governing.run_rules(workspace, actor, Overwrite.NOTHING)
    texts = [tuple(one.name for one in some) for some in (added, changed)]
    return Synced(texts[0], texts[1], tuple(removed), len(wanted) - len(added) - len(changed), found)


def read_file(workspace: Workspace, path: Path, others: Iterable[Rule] = ()) -> Sequence[Rule]:
    """Return the rules of a file, each checked against those before it and the others.

    Raises :class:`UsageError` if the file cannot be read, and :class:`BadInput` for what it holds.
    """
    file = _File(path)
    known = list(others)
    made: list[Rule] = []
    for number, entry in enumerate(file.entries):
        one = file.rule(number, entry)
        if any(one.name == other.name for other in known):
            raise file.error(number, "name", f"there is a rule {one.name!r} already")
        wrong = governing.fault_of(workspace, one, known)
        if wrong is not None:
            raise file.error(number, wrong[0], f"the rule {one.name!r} cannot be: {wrong[1]}")
        known.append(one)
        made.append(one)
    return made


class _File:
    def __init__(self, path: Path) -> None:
        self._path = path
        text = text_of(path, MOST_BYTES)
        self._lines = text.splitlines()
        try:
            table = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as problem:
            raise BadInput(f"{path}: {problem}.") from problem
        entries = table.get("rule", [])
        others = sorted(table.keys() - {"rule"})
        if others or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise BadInput(f"{path} holds {', '.join(others) or 'something else'}.", "Expected [[rule]] tables.")
        self.entries: Sequence[Mapping[str, Any]] = entries
        lines = [number for number, line in enumerate(self._lines, start=1) if HEADER.fullmatch(line)]
        self._headers = lines if len(lines) == len(entries) else []

    def rule(self, number: int, entry: Mapping[str, Any]) -> Rule:
        try:
            return msgspec.convert(entry, RuleTable).rule(str(self._path.resolve()))
        except msgspec.ValidationError as problem:
            words, _, place = str(problem).partition(" - at `$")
            field = re.search(r"unknown field `(\w+)`", words)
            path = [part for part in re.split(r"[.\[\]`]+", place) if part and not part.isdecimal() and part != "..."]
            key = field[1] if field else (path[-1] if path else "")
            raise self.error(number, key, f"{words}{f' in {path[0]!r}' if path else ''}") from problem

    def error(self, number: int, key: str, text: str) -> BadInput:
        """Return the error that names the line of a key of an entry."""
        line = self._line(number, key.rsplit(".", 1)[-1]) or self._line(number, key.split(".", 1)[0])
        return BadInput(f"{self._path}:{line}: {text}." if line else f"{self._path}: rule {number + 1}: {text}.")

    def _line(self, number: int, key: str) -> int | None:
        if number >= len(self._headers):
            return None
        first = self._headers[number]
        last = self._headers[number + 1] if number + 1 < len(self._headers) else len(self._lines) + 1
        pattern = re.compile(rf"""(\s*|.*[{{,]\s*|\s*\w+\.)["']?{re.escape(key)}["']?\s*[=.]""")
        lines = range(first + 1, last)
        return next((line for line in lines if key and pattern.match(self._lines[line - 1])), first)
