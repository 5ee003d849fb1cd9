"""Reading an expression into its tree. Source: cel-spec, "Language Definition", section "Syntax"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poise.policy.gcp.cel.lexer import Wrong, tokens
from poise.policy.gcp.cel.tree import MACROS, Call, Expression, Has, ListOf, Literal, Macro, MapOf, Name, Node, Select
from poise.policy.gcp.cel.values import INT

LONGEST = 65_536
"""Characters; a condition of Google Cloud has 12 logical operators at most."""
DEEPEST = 50
LONGEST_CHAIN = 200
"""Operators of one rank in a row, and steps of a member chain."""
RELATIONS = ("<", "<=", ">=", ">", "==", "!=", "in")
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "in"),
        *("let", "loop", "package", "namespace", "return", "var", "void", "while"),
    )
)


def parse(written: str) -> Expression:
    """Read an expression. What cannot be understood becomes its problem; nothing is raised."""
    if len(written) > LONGEST:
        return Expression(written[:80], None, f"it is longer than {LONGEST} characters")
    try:
        return Expression(written, _Parser(list(tokens(written))).whole())
    except Wrong as wrong:
        return Expression(written, None, str(wrong))


class _Parser:
    """Recursive descent over the tokens, to a bounded depth."""

    def __init__(self, words: list[tuple[str, Any]]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """Read all tokens."""
        node = self._expression()
        if self._at < len(self._words):
            raise Wrong(f"{self._peek()[1]!s:.40} is not expected")
        return node

    def _peek(self) -> tuple[str, Any]:
        return self._words[self._at] if self._at < len(self._words) else ("end", "the end")

    def _is(self, *wanted: str) -> bool:
        kind, text = self._peek()
        return kind != "literal" and text in wanted

    def _accept(self, sign: str) -> bool:
        if not self._is(sign):
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise Wrong(f"{self._peek()[1]!s:.40} where {sign!r} is expected")

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Wrong(f"it is nested more than {DEEPEST} deep")
        node = self._many("||", lambda: self._many("&&", self._relation))
        if self._accept("?"):
            yes = self._many("||", lambda: self._many("&&", self._relation))
            self._expect(":")
            node = Call("?:", None, (node, yes, self._expression()))
        self._depth -= 1
        return node

    def _many(self, sign: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._accept(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(sign, None, tuple(parts))

    def _chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        node = part()
        for _ in range(LONGEST_CHAIN):
            if not self._is(*signs):
                return node
            sign = str(self._peek()[1])
            self._at += 1
            node = Call(sign, None, (node, part()))
        raise Wrong(f"more than {LONGEST_CHAIN} operators in a row")

    def _relation(self) -> Node:
        return self._chain(RELATIONS, self._sum)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/", "%"), self._signed)

    def _signed(self) -> Node:
        nots = minuses = 0
        while self._accept("!"):
            nots += 1
        while not nots and self._accept("-"):
            minuses += 1
        if max(nots, minuses) > LONGEST_CHAIN:
            raise Wrong(f"more than {LONGEST_CHAIN} signs in a row")
        kind, content = self._peek()
        if minuses and kind == "literal" and content.kind in ("int", "double"):
            self._words[self._at] = kind, Literal(content.kind, -content.value)
            minuses -= 1
        node = self._member()
        for sign, times in (("!", nots), ("-u", minuses)):
            for _ in range(times):
                node = Call(sign, None, (node,))
        return node

    def _member(self) -> Node:
        node = self._primary()
        for _ in range(LONGEST_CHAIN):
            if self._accept("."):
                node = self._field(node)
            elif self._accept("["):
                node = Call("[]", None, (node, self._expression()))
                self._expect("]")
            else:
                return node
        raise Wrong(f"more than {LONGEST_CHAIN} members in a row")

    def _field(self, base: Node) -> Node:
        if self._peek()[0] == "quoted":
            self._at += 1
            return Select(base, str(self._words[self._at - 1][1]).strip("`"))
        name = self._name()
        if not self._accept("("):
            return Select(base, name)
        arguments = self._list(")")
        if name in MACROS and arguments and isinstance(arguments[0], Name):
            return _macro(name, base, arguments)
        return Call(name, base, arguments)

    def _primary(self) -> Node:
        kind, content = self._peek()
        if kind == "literal":
            self._at += 1
            assert isinstance(content, Literal)
            if content.kind == "int" and content.value not in INT:
                raise Wrong(f"{content.value} is too large")
            return content
        if self._accept("("):
            node = self._expression()
            self._expect(")")
            return node
        if self._accept("["):
            return ListOf(self._list("]"))
        if self._accept("{"):
            return self._map()
        self._accept(".")
        return self._named()

    def _named(self) -> Node:
        name = self._name()
        if name in RESERVED:
            raise Wrong(f"{name} is a reserved word")
        if not self._accept("("):
            return Name(name)
        arguments = self._list(")")
        if name == "has":
            if len(arguments) != 1 or not isinstance(arguments[0], Select):
                raise Wrong("has() takes one field")
            return Has(arguments[0])
        return Call(name, None, arguments)

    def _name(self) -> str:
        kind, content = self._peek()
        if kind != "name":
            raise Wrong(f"{content!s:.40} where a name is expected")
        self._at += 1
        return str(content)

    def _list(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._accept(closing):
            items.append(self._expression())
            if not self._is(closing):
                self._expect(",")
        return tuple(items)

    def _map(self) -> Node:
        entries: list[tuple[Node, Node]] = []
        while not self._accept("}"):
            key = self._expression()
            self._expect(":")
            entries.append((key, self._expression()))
            if not self._is("}"):
                self._expect(",")
        return MapOf(tuple(entries))


def _macro(name: str, base: Node, arguments: tuple[Node, ...]) -> Node:
    variable = arguments[0]
    assert isinstance(variable, Name)
    if len(arguments) == 3 and name == "map":
        return Macro(name, base, variable.name, arguments[2], arguments[1])
    if len(arguments) != 2:
        raise Wrong(f"{name}() takes a name and an expression")
    return Macro(name, base, variable.name, arguments[1])
