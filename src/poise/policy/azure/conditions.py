"""Conditions of role assignments: their grammar.

Source: Microsoft Learn, "Azure role assignment condition format and syntax" (version 2.0). Names of operators,
sources and attributes are read without case. A condition that cannot be understood keeps its problem, so that
whoever asks gets `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from poise.policy.azure.operators import Operator, operator_of

LONGEST = 65_536
"""Characters; Azure refuses conditions above 8 KB."""
DEEPEST = 60
TOKEN = re.compile(
    r"""\s+|(?P<attribute>@\w+\s*\[[^\]]*\])|(?P<text>'(?:[^'\\]|\\.)*')|(?P<sign>&&|\|\||[!(){},])
    |(?P<word>[\w.:+-]+)""",
    re.VERBOSE,
)
SOURCES = frozenset({"resource", "request", "principal", "environment"})


class Attribute(msgspec.Struct, frozen=True):
    """An attribute: `@Resource[Microsoft.Storage/storageAccounts:name]`."""

    key: str
    """As it is looked up: `@resource[microsoft.storage/storageaccounts:name]`."""
    written: str

    @classmethod
    def of(cls, written: str) -> Attribute:
        """Read an attribute; the key of a tag keeps its case where it is said to count."""
        source, _, rest = written.partition("[")
        name = rest.rstrip("]").strip()
        head, sign, tag = name.partition("<$key_case_sensitive$>")
        prefix, colon, tag_key = head.rpartition(":")
        lowered = f"{prefix.lower()}{colon}{tag_key}{sign}{tag}" if sign else name.lower()
        return cls(f"{source.strip().lower()}[{lowered}]", f"{source.strip()}[{name}]")


class Compare(msgspec.Struct, frozen=True):
    """A comparison of an attribute, or values, with values or an attribute."""

    left: Attribute | tuple[str, ...]
    operator: Operator
    right: Attribute | tuple[str, ...]

    def __str__(self) -> str:
        return f"{_shown(self.left)} {self.operator.name} {_shown(self.right)}"


class Exists(msgspec.Struct, frozen=True):
    """Whether an attribute is there."""

    attribute: Attribute

    def __str__(self) -> str:
        return f"Exists {self.attribute.written}"


class ActionMatches(msgspec.Struct, frozen=True):
    """Whether the action matches a pattern."""

    pattern: str


class SubOperationMatches(msgspec.Struct, frozen=True):
    """Whether the request is a named part of the action."""

    pattern: str

    def __str__(self) -> str:
        return f"the request is {self.pattern}"


class Not(msgspec.Struct, frozen=True):
    """A negation."""

    part: Node


class Join(msgspec.Struct, frozen=True):
    """An AND or OR."""

    is_and: bool
    parts: tuple[Node, ...]


Leaf = Compare | Exists | ActionMatches | SubOperationMatches
Node = Leaf | Not | Join


class Condition(msgspec.Struct, frozen=True):
    """A condition, or why it is not understood."""

    written: str
    node: Node | None
    problem: str = ""


class _Wrong(Exception):
    """The condition cannot be understood."""


NEVER_READ = Condition("", None, "it is not a text")


def parse_condition(written: str) -> Condition:
    """Read a condition. What cannot be understood becomes its problem; nothing is raised."""
    if len(written) > LONGEST:
        return Condition(written[:80], None, f"it is longer than {LONGEST} characters")
    try:
        parser = _Parser(list(_tokens(written)))
        return Condition(written, parser.whole())
    except _Wrong as wrong:
        return Condition(written, None, str(wrong))


def _tokens(written: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(written):
        found = TOKEN.match(written, at)
        if found is None:
            raise _Wrong(f"{written[at : at + 20]!r} at character {at} has no meaning")
        if found.lastgroup:
            yield found.lastgroup, found.group()
        at = found.end()


class _Parser:
    """Recursive descent over the tokens, to a bounded depth."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """Read all tokens."""
        node = self._either()
        if self._at < len(self._tokens):
            raise _Wrong(f"{self._peek()[1][:40]!r} is not expected")
        return node

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "the end")

    def _is(self, *wanted: str) -> bool:
        kind, text = self._peek()
        return kind in ("sign", "word") and text.lower() in wanted

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, sign: str) -> None:
        if not self._is(sign):
            raise _Wrong(f"{self._peek()[1][:40]!r} where {sign!r} is expected")
        self._at += 1

    def _either(self) -> Node:
        parts = [self._both()]
        while self._is("or", "||"):
            self._at += 1
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Join(False, tuple(parts))

    def _both(self) -> Node:
        parts = [self._one()]
        while self._is("and", "&&"):
            self._at += 1
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Join(True, tuple(parts))

    def _one(self) -> Node:
        negations = 0
        while self._is("!", "not"):
            self._at += 1
            negations += 1
        node = self._grouped() if self._is("(") else self._leaf()
        return Not(node) if negations % 2 else node

    def _grouped(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Wrong(f"it is nested more than {DEEPEST} deep")
        self._expect("(")
        node = self._either()
        self._expect(")")
        self._depth -= 1
        return node

    def _leaf(self) -> Leaf:
        if self._is("exists"):
            self._at += 1
            return Exists(self._attribute())
        if self._is("actionmatches", "suboperationmatches"):
            kind = ActionMatches if self._take()[1].lower() == "actionmatches" else SubOperationMatches
            values = self._values()
            if len(values) != 1:
                raise _Wrong(f"{kind.__name__} takes one pattern")
            return kind(values[0])
        left = self._operand()
        name = self._take()[1]
        operator = operator_of(name)
        if operator is None:
            raise _Wrong(f"operator {name[:60]!r} is not known")
        return Compare(left, operator, self._operand())

    def _operand(self) -> Attribute | tuple[str, ...]:
        if self._peek()[0] == "attribute":
            return self._attribute()
        return self._values() if self._is("{") else (self._value(),)

    def _attribute(self) -> Attribute:
        kind, written = self._take()
        attribute = Attribute.of(written) if kind == "attribute" else None
        if attribute is None or attribute.key[1:].partition("[")[0] not in SOURCES:
            raise _Wrong(f"{written[:60]!r} is no attribute")
        return attribute

    def _values(self) -> tuple[str, ...]:
        self._expect("{")
        values = [self._value()]
        while self._is(","):
            self._at += 1
            values.append(self._value())
        self._expect("}")
        return tuple(values)

    def _value(self) -> str:
        kind, text = self._take()
        if kind == "text":
            return text[1:-1]
        if kind != "word":
            raise _Wrong(f"{text[:40]!r} where a value is expected")
        return text


def _shown(operand: Attribute | tuple[str, ...]) -> str:
    if isinstance(operand, Attribute):
        return operand.written
    more = f" and {len(operand) - 5} more" if len(operand) > 5 else ""
    return f"{{{', '.join(value[:80] for value in operand[:5])}{more}}}"
