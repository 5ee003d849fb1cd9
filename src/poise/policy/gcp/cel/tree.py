"""The tree of an expression."""

from __future__ import annotations

from typing import Any

import msgspec

MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})
INFIX = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"})


class Literal(msgspec.Struct, frozen=True):
    """A value that is written out."""

    kind: str
    """Name of its type, so that 1, 1.0 and true differ."""
    value: Any

    def __str__(self) -> str:
        if self.kind == "string":
            return repr(self.value)
        if self.kind in ("bool", "null_type"):
            return {True: "true", False: "false", None: "null"}[self.value]
        return f"{self.value}{'u' if self.kind == 'uint' else ''}"


class Name(msgspec.Struct, frozen=True):
    """A name."""

    name: str

    def __str__(self) -> str:
        return self.name


class Select(msgspec.Struct, frozen=True):
    """A field of something."""

    base: Node
    field: str

    def __str__(self) -> str:
        return f"{self.base}.{self.field}"


class Call(msgspec.Struct, frozen=True):
    """A function, method or operator; `&&` and `||` take two parts or more."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]

    def __str__(self) -> str:
        parts = [_bracketed(part) for part in self.arguments]
        if self.function in INFIX or self.function in ("&&", "||"):
            return f" {self.function} ".join(parts)
        if self.function == "?:":
            return f"{parts[0]} ? {parts[1]} : {parts[2]}"
        if self.function == "[]":
            return f"{parts[0]}[{self.arguments[1]}]"
        if self.function in ("!", "-u"):
            return f"{self.function[0]}{parts[0]}"
        listed = ", ".join(map(str, self.arguments))
        return f"{'' if self.target is None else f'{self.target}.'}{self.function}({listed})"


class Has(msgspec.Struct, frozen=True):
    """`has(a.b)`: whether a field is there."""

    of: Select

    def __str__(self) -> str:
        return f"has({self.of})"


class ListOf(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


class MapOf(msgspec.Struct, frozen=True):
    """A map."""

    entries: tuple[tuple[Node, Node], ...]

    def __str__(self) -> str:
        return f"{{{', '.join(f'{key}: {value}' for key, value in self.entries)}}}"


class Macro(msgspec.Struct, frozen=True):
    """`x.all(v, body)` and the like; ``condition`` is the middle part of a `map` of three."""

    kind: str
    range: Node
    variable: str
    body: Node
    condition: Node | None = None

    def __str__(self) -> str:
        middle = "" if self.condition is None else f"{self.condition}, "
        return f"{self.range}.{self.kind}({self.variable}, {middle}{self.body})"


Node = Literal | Name | Select | Call | Has | ListOf | MapOf | Macro


class Expression(msgspec.Struct, frozen=True):
    """An expression, or why it is not understood."""

    written: str
    node: Node | None
    problem: str = ""


def path_of(node: Node) -> str:
    """Return the dotted path of names that a node is, or nothing."""
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.base
    if not isinstance(node, Name):
        return ""
    return ".".join([node.name, *reversed(fields)])


def _bracketed(node: Node) -> str:
    loose = isinstance(node, Call) and (node.function in INFIX or node.function in ("&&", "||", "?:"))
    return f"({node})" if loose else str(node)
