"""Finds literals that are assigned to something whose name says secret: `password=...`, `"apiKey": "..."`.

All spellings of an assignment go through here: shell, INI, JSON, YAML, code, XML attributes, lists of
`{"name": ..., "value": ...}` and options of commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.secrets.names import Kind, kind_of
from poise.secrets.rule import Candidate
from poise.secrets.values import is_code, is_literal, is_named_key, is_named_password, is_named_secret

KEYWORDS = (
    *(b"passw", b"passphrase", b"pwd", b"pass=", b"pass:", b'pass"', b"secret", b"token"),
    *(b"apikey", b"_key", b"api-key", b"accesskey"),
)
"""Literals in lower case of which every assignment of a secret has one in its name."""
NAME_BEHIND = re.compile(rb"[\w.\-]{0,40}")
NAME_AHEAD = re.compile(rb"[\w.\-]{0,40}\Z")
QUOTED = rb"[bru@$]?\"(?P<double>[^\"\n]{1,512})\"|[bru]?'(?P<single>[^'\n]{1,512})'"
BARE = rb"(?P<bare>[^\s\"'`,;|<>(){}\[\]]{1,512})"
VALUE = rb"(?:" + QUOTED + rb"|" + BARE + rb")"
ASSIGNED = re.compile(rb"(?:\\?[\"']|\])?(?P<gap>[ \t]{0,8}(?:=>|:=|\?=|=(?!=)|:(?![:/]))[ \t]{0,8})" + VALUE)
LISTED = re.compile(rb"[\"']?[\s,]{0,40}[\"']?value[\"']?\s{0,4}[:=]\s{0,4}" + VALUE, re.IGNORECASE)
OPTION = re.compile(rb"[ \t]{1,4}" + VALUE)
NAMES = {Kind.PASSWORD: "password", Kind.SECRET: "secret_value", Kind.KEY: "secret_value"}
TESTS = {Kind.PASSWORD: is_named_password, Kind.SECRET: is_named_secret, Kind.KEY: is_named_key}
SHELL_NAME = re.compile(rb"[A-Z][A-Z0-9_]*")


def find(data: bytes, positions: list[int]) -> Iterator[Candidate]:
    """Yield the secrets assigned to names that hold one of :data:`KEYWORDS` at ``positions``, in order."""
    done = 0
    for position in positions:
        if position < done:
            continue
        ahead = NAME_AHEAD.search(data[max(0, position - 40) : position])
        behind = NAME_BEHIND.match(data, position)
        assert ahead is not None
        assert behind is not None
        done = behind.end()
        name = ahead.group() + behind.group()
        kind = kind_of(name.decode("ascii", "replace"))
        if kind is not None:
            found = _assigned(data, name, kind, behind.end())
            if found is not None:
                done = found.end
                yield found


def named(name: str, value: bytes) -> str | None:
    """Return the rule by which a variable of this name holds a secret; None if it does not."""
    kind = kind_of(name)
    return NAMES[kind] if kind is not None and TESTS[kind](value) else None


def _assigned(data: bytes, name: bytes, kind: Kind, at: int) -> Candidate | None:
    match = ASSIGNED.match(data, at) or LISTED.match(data, at)
    if match is None and name.startswith(b"--"):
        match = OPTION.match(data, at)
    if match is None:
        return None
    group = match.lastgroup
    assert group is not None
    value = match.group(group).rstrip(b"\\")
    if not TESTS[kind](value) or len(value) < 6:
        return None
    if group == "bare" and not _is_bare_literal(data, name, value, match):
        return None
    start = match.start(group)
    return Candidate(NAMES[kind], start, start + len(value))


def _is_bare_literal(data: bytes, name: bytes, value: bytes, match: re.Match[bytes]) -> bool:
    """Whether an unquoted value is text, as in a shell or INI file, and not an expression of code."""
    end = match.end()
    if data[end : end + 1] in (b"(", b"[", b"{"):
        return False
    if match.groupdict().get("gap") == b"=" and SHELL_NAME.fullmatch(name):
        return is_literal(value)
    digits = sum(c in b"0123456789" for c in value)
    return digits > 0 and not is_code(value, data[end : end + 1]) and re.fullmatch(rb"\w+\.\w[\w.]*", value) is None
