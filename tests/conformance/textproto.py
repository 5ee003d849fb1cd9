"""A reader of protocol buffers in text form, as far as the CEL conformance set uses it."""

import re

TOKEN = re.compile(
    r"""(?:\s|\#[^\n]*|[;,])*(?:(?P<text>(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))
    |(?P<sign>[{}<>\[\]:])|(?P<word>[^\s{}<>\[\]:,;#"']+))""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(rb"""\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)""", re.DOTALL)
PLAIN = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def octets(found):
    rest = found.group()[1:]
    if rest[:1] in b"uU":
        return chr(int(rest[1:], 16)).encode("utf-8")
    if rest[:1] == b"x":
        return bytes([int(rest[1:], 16)])
    return bytes([int(rest, 8)]) if rest.isdigit() else PLAIN.get(rest, rest)


def read(text):
    """Return a message as a dictionary of lists: every field can come more than once."""
    tokens = [(m.lastgroup, m.group(m.lastgroup)) for m in TOKEN.finditer(text) if m.lastgroup]
    message, at = fields(tokens, 0, "")
    assert at == len(tokens)
    return message


def fields(tokens, at, closing):
    found = {}
    while at < len(tokens) and tokens[at][1] != closing:
        name = tokens[at][1]
        at += 1
        if name == "[":
            end = next(i for i in range(at, len(tokens)) if tokens[i][1] == "]")
            name, at = "[" + "".join(t for _, t in tokens[at:end]) + "]", end + 1
        if tokens[at][1] == ":":
            at += 1
        value, at = content(tokens, at)
        found.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return found, at + 1 if closing else at


def content(tokens, at):
    kind, text = tokens[at]
    if text == "{" and kind == "sign":
        return fields(tokens, at + 1, "}")
    if text == "[" and kind == "sign":
        items = []
        at += 1
        while tokens[at][1] != "]":
            value, at = content(tokens, at)
            items.append(value)
        return items, at + 1
    if kind == "text":
        raw = b""
        while at < len(tokens) and tokens[at][0] == "text":
            raw += ESCAPE.sub(octets, tokens[at][1][1:-1].encode("utf-8"))
            at += 1
        return raw, at
    return text, at + 1
