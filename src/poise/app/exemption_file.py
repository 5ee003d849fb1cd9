"""Reads `exemptions.toml`: exemptions that are reviewed like code. Whatever is wrong is named with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from poise.collect.files import text_of
from poise.model.errors import BadInput
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.moment import end_of

TABLE = "exemption"
OWN = ("name", "kind", "reason", "approver", "until")
COVERING = {"accounts": "scopes"}
"""Key of the file -> field of :class:`Covers`, where they are not the same."""
Fault = tuple[str, str]
HEADER = re.compile(r"\s*\[\[\s*exemption\s*\]\]\s*(#.*)?")


def read_file(path: Path, fault: Callable[[Exemption], Fault | None]) -> tuple[Exemption, ...]:
    """Return the exemptions of a file; ``fault`` says what is wrong with one, and with which key.

    Raises :class:`UsageError` if the file cannot be read, and :class:`BadInput` for what it holds.
    """
    return _File(path, text_of(path)).exemptions(fault)


class _File:
    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()
        try:
            self._table: Mapping[str, Any] = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as problem:
            raise BadInput(f"{path}: {problem}.") from problem
        self._headers = self._found_headers()

    def exemptions(self, fault: Callable[[Exemption], Fault | None]) -> tuple[Exemption, ...]:
        entries = self._table.get(TABLE, [])
        others = sorted(self._table.keys() - {TABLE})
        if others or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise BadInput(
                f"{self._path} holds {', '.join(others) or 'something else'}.", "Expected [[exemption]] tables."
            )
        found: dict[str, int] = {}
        made = []
        for number, entry in enumerate(entries):
            exemption = self._exemption(number, entry)
            wrong = fault(exemption)
            if wrong is not None:
                raise self._error(number, wrong[0], f"the exemption {exemption.name!r} cannot be: {wrong[1]}")
            if exemption.name in found:
                first = self._line(found[exemption.name], "name")
                raise self._error(number, "name", f"the name {exemption.name!r} is there already, in line {first}")
            found[exemption.name] = number
            made.append(exemption)
        return tuple(made)

    def _exemption(self, number: int, entry: Mapping[str, Any]) -> Exemption:
        for key in OWN:
            if key not in entry:
                raise self._error(number, "", f"an exemption has no {key!r}")
            if key != "until" and not isinstance(entry[key], str):
                raise self._error(number, key, f"{key!r} is {entry[key]!r}; expected a text")
        if entry["kind"] not in list(Kind):
            raise self._error(number, "kind", f"the kind is {entry['kind']!r}; choose from {', '.join(Kind)}")
        try:
            until = end_of(entry["until"])
        except ValueError as problem:
            raise self._error(number, "until", f"'until' cannot be understood: {problem}") from problem
        return Exemption(
            name=entry["name"],
            kind=Kind(entry["kind"]),
            covers=self._covers(number, entry),
            reason=entry["reason"],
            approver=entry["approver"],
            until=until,
        )

    def _covers(self, number: int, entry: Mapping[str, Any]) -> Covers:
        fields: dict[str, Any] = {}
        known = [key for key in Covers.__struct_fields__ if key not in COVERING.values()] + list(COVERING)
        for key, value in entry.items():
            if key in OWN:
                continue
            if key not in known:
                raise self._error(number, key, f"there is no key {key!r}; there are {', '.join((*OWN, *known))}")
            try:
                field = COVERING.get(key, key)
                fields[field] = getattr(msgspec.convert({field: value}, Covers), field)
            except msgspec.ValidationError as problem:
                raise self._error(number, key, f"{key!r}: {str(problem).split(' - at')[0]}") from problem
        return Covers(**fields)

    def _error(self, number: int, key: str, text: str) -> BadInput:
        line = self._line(number, key)
        return BadInput(f"{self._path}:{line}: {text}." if line else f"{self._path}: {TABLE} {number + 1}: {text}.")

    def _line(self, number: int, key: str) -> int | None:
        """Return the line of a key of an entry, else that of its header; None where it is written another way."""
        if number >= len(self._headers):
            return None
        first = self._headers[number]
        last = self._headers[number + 1] if number + 1 < len(self._headers) else len(self._lines) + 1
        pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
        lines = range(first + 1, last)
        return next((line for line in lines if key and pattern.match(self._lines[line - 1])), first)

    def _found_headers(self) -> list[int]:
        """Return the lines of the headers; none if texts of several lines make them ambiguous."""
        lines = [number for number, line in enumerate(self._lines, start=1) if HEADER.fullmatch(line)]
        entries = self._table.get(TABLE, [])
        return lines if isinstance(entries, list) and len(lines) == len(entries) else []
