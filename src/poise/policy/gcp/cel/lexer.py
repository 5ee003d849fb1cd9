"""The words of an expression. Source: cel-spec, "Language Definition", section "Syntax"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from poise.policy.gcp.cel.tree import Literal
from poise.policy.gcp.cel.values import INT, UINT, Uint

TOKEN = re.compile(
    r'''(?P<space>(?:\s|//[^\n]*)+)
    |(?P<text>(?:[bB][rR]?|[rR][bB]?)?(?:"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'))
    |(?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<number>(?:0[xX][0-9a-fA-F]+|\d+)[uU]?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<quoted>`[\w .\-/]+`)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])''',
    re.VERBOSE | re.ASCII | re.DOTALL,
)
RAW = re.compile(r"""([rRbB]{0,2})(\"\"\"|'''|"|')""")
ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)", re.DOTALL)
PLAIN = {
    **dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True)),
    **{sign: sign for sign in "\\?\"'`"},
}
WORDS: dict[str, tuple[str, Any]] = {
    "true": ("bool", True),
    "false": ("bool", False),
    "null": ("null_type", None),
}


class Wrong(Exception):
    """The expression cannot be understood."""


def tokens(written: str) -> Iterator[tuple[str, Any]]:
    """Yield kind and content of each token; literals are ready. Raises Wrong."""
    at = 0
    while at < len(written):
        found = TOKEN.match(written, at)
        if found is None:
            raise Wrong(f"{written[at : at + 20]!r} at character {at} has no meaning")
        kind, text = str(found.lastgroup), found.group()
        at = found.end()
        if kind == "space":
            continue
        if kind in ("text", "double", "number"):
            yield "literal", _literal(kind, text)
        elif text in WORDS:
            yield "literal", Literal(*WORDS[text])
        else:
            yield kind, text


def _literal(kind: str, text: str) -> Literal:
    if kind == "double":
        return Literal("double", float(text))
    if kind == "text":
        return _string(text)
    if len(text) > 40:
        raise Wrong(f"{text[:20]}... is too large")
    bare = text.rstrip("uU")
    value = int(bare, 16) if bare[:2] in ("0x", "0X") else int(bare)
    if bare != text:
        if value not in UINT:
            raise Wrong(f"{text} is too large")
        return Literal("uint", Uint(value))
    if value > INT.stop:
        raise Wrong(f"{text} is too large")
    return Literal("int", value)


def _string(text: str) -> Literal:
    opening = RAW.match(text)
    assert opening is not None
    marks, quote = opening.group(1).lower(), opening.group(2)
    inner = text[opening.end() : -len(quote)]
    is_bytes = "b" in marks
    if "r" not in marks:
        inner = ESCAPE.sub(lambda found: _escaped(found.group(), is_bytes), inner)
    if is_bytes:
        return Literal("bytes", b"".join(_octets(sign) for sign in inner))
    return Literal("string", inner)


OCTET = 0xF700
"""Escapes of bytes are carried through text as private characters from here on."""


def _octets(sign: str) -> bytes:
    code = ord(sign)
    return bytes([code - OCTET]) if OCTET <= code <= OCTET + 255 else sign.encode("utf-8", "surrogatepass")


def _escaped(written: str, is_bytes: bool) -> str:
    mark = written[1]
    if mark in PLAIN and len(written) == 2:
        return PLAIN[mark]
    if mark in "xXuU" or mark in "0123":
        if len(written) < 4:
            raise Wrong(f"{written!r} is no escape")
        code = int(written[1:], 8) if mark in "0123" else int(written[2:], 16)
        if is_bytes and mark in "uU":
            raise Wrong(f"{written!r} is no escape in bytes")
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise Wrong(f"{written!r} is no character")
        return chr(code + OCTET) if is_bytes else chr(code)
    raise Wrong(f"{written!r} is no escape")
