"""The text in which LVM2 keeps a volume group (`lvm2` source, `doc/lvm_fault_policy`; `vgcfgbackup(8)` writes it)."""

from __future__ import annotations

import re
from typing import Any

from poise.model.errors import BadInput

TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|#[^\n]*|[{}\[\],=]|[^\s{}\[\],=#"]+')
MOST_DEPTH = 16

Section = dict[str, Any]
"""Names to texts, numbers, lists of them, or sections."""


def parse(text: str) -> Section:
    """Return the sections of a text; raises :class:`BadInput` where it is none."""
    return _Reader(text).section(0)


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = [found for found in TOKENS.findall(text) if not found.startswith("#")]
        self._place = 0

    def section(self, depth: int) -> Section:
        """Read entries until the section or the text ends."""
        if depth > MOST_DEPTH:
            raise BadInput(f"the LVM metadata nests deeper than {MOST_DEPTH} sections")
        found: Section = {}
        while self._place < len(self._tokens) and self._tokens[self._place] != "}":
            name = self._next()
            mark = self._next()
            if mark == "{":
                found[name] = self.section(depth + 1)
                self._expect("}")
            elif mark == "=":
                found[name] = self._value()
            else:
                raise BadInput(f"the LVM metadata has {mark!r} behind {name!r}")
        if depth == 0 and self._place < len(self._tokens):
            raise BadInput("the LVM metadata closes a section that it did not open")
        return found

    def _value(self) -> Any:
        token = self._next()
        if token != "[":  # noqa: S105 - a bracket
            return _scalar(token)
        items = []
        while (token := self._next()) != "]":
            if token != ",":  # noqa: S105 - a comma
                items.append(_scalar(token))
        return items

    def _next(self) -> str:
        if self._place >= len(self._tokens):
            raise BadInput("the LVM metadata ends too early")
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, wanted: str) -> None:
        if self._next() != wanted:
            raise BadInput(f"the LVM metadata lacks a {wanted!r}")


def _scalar(token: str) -> str | int | float:
    if token.startswith('"'):
        return token[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if re.fullmatch(r"-?\d{1,20}", token):
        return int(token)
    if re.fullmatch(r"-?\d{1,20}\.\d{1,20}", token):
        return float(token)
    raise BadInput(f"the LVM metadata has the value {token[:40]!r}")
