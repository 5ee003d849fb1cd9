"""Sudo's rules: `sudoers(5)` with includes taken in and aliases replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from poise.disk.facts.reading import Line, Reading
from poise.model.host.accounts import SudoDefault, Sudoers, SudoRule

CONFIG = "/etc/sudoers"
INCLUDE = re.compile(r"[@#](?P<kind>includedir|include)\s+(?P<path>\S.*)")
ALIAS = re.compile(r"(?P<kind>User|Runas|Host|Cmnd|Cmd)_Alias\s+(?P<rest>.+)")
DEFAULTS = re.compile(r"Defaults(?P<scope>[@:!>]\S+)?\s+(?P<rest>.+)")
TAG = re.compile(
    r"(?P<tag>NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|NOLOG_INPUT|LOG_OUTPUT|NOLOG_OUTPUT|FOLLOW|NOFOLLOW|MAIL|"
    r"NOMAIL|INTERCEPT|NOINTERCEPT)\s*:\s*"
)
OPTION = re.compile(r"(?:TYPE|ROLE|PRIVS|LIMITPRIVS|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER|APPARMOR_PROFILE)=\S+\s+")
RUN_AS = re.compile(r"\((?P<users>[^:)]*)(?::(?P<groups>[^)]*))?\)\s*")
DEEPEST = 16
MOST_EXPANDED = 1000
Aliases = dict[tuple[str, str], list[str]]


class _Parts(msgspec.Struct):
    """What the files hold."""

    aliases: Aliases
    rules: list[Line]
    defaults: list[SudoDefault]
    bad: list[str]


def read_sudo(reading: Reading) -> Sudoers | None:
    """Return sudo's rules, or None if it is not configured. Raises :class:`Unreadable`."""
    if not reading.is_file(CONFIG):
        return None
    parts = _Parts({}, [], [], [])
    for line in _lines(reading, CONFIG, DEEPEST):
        _sort(line, parts)
    rules: list[SudoRule] = []
    for line in parts.rules:
        found = list(_rules(line, parts.aliases))
        rules += found
        if not found:
            parts.bad.append(line.place)
    most = reading.limits.entries
    if len(rules) > most:
        reading.miss(CONFIG, f"more than {most} rules: the rest is not listed")
    return Sudoers(rules=tuple(rules[:most]), defaults=tuple(parts.defaults), not_understood=tuple(parts.bad))


def _lines(reading: Reading, path: str, deepest: int) -> Iterator[Line]:
    """Yield the lines with continued ones joined, comments taken off, and included files in their places."""
    for line in _joined(reading.all_lines(path)):
        include = INCLUDE.fullmatch(line.text)
        if include is None:
            text = re.sub(r"(?:^|\s)#(?!\d).*$", "", line.text).strip()
            if text:
                yield Line(line.path, line.number, text)
            continue
        if deepest == 0:
            reading.miss(line.place, f"more than {DEEPEST} includes inside each other: not followed")
            continue
        for inner in _included(reading, include):
            yield from _lines(reading, inner, deepest - 1)


def _included(reading: Reading, include: re.Match[str]) -> list[str]:
    path = include["path"].strip().strip('"')
    path = path if path.startswith("/") else f"/etc/{path}"
    if include["kind"] == "include":
        return [path]
    return [p for p in reading.files(path) if "." not in (name := p.rpartition("/")[2]) and not name.endswith("~")]


def _joined(lines: list[Line]) -> Iterator[Line]:
    held: Line | None = None
    for line in lines:
        text = f"{held.text} {line.text}" if held else line.text
        start = held or line
        held = Line(line.path, start.number, text[:-1].rstrip()) if text.endswith("\\") else None
        if held is None:
            yield Line(line.path, start.number, text)
    if held:
        yield held


def _sort(line: Line, parts: _Parts) -> None:
    alias, defaults = ALIAS.fullmatch(line.text), DEFAULTS.fullmatch(line.text)
    if alias:
        kind = alias["kind"].replace("Cmd", "Cmnd") if alias["kind"] == "Cmd" else alias["kind"]
        for definition in _split(alias["rest"], ":"):
            name, sep, members = definition.partition("=")
            if sep:
                parts.aliases[kind, name.strip()] = _split(members, ",")
    elif defaults:
        parts.defaults += [_default(item, defaults["scope"] or "", line) for item in _split(defaults["rest"], ",")]
    else:
        parts.rules.append(line)


def _default(item: str, scope: str, line: Line) -> SudoDefault:
    match = re.match(r"(?P<name>!?\w+)\s*(?P<sep>\+=|-=|=)?\s*(?P<value>.*)", item)
    name = match["name"] if match else item
    if match is None or not match["sep"]:
        return SudoDefault(
            scope=scope, name=name.lstrip("!"), value="false" if name[:1] == "!" else "true", place=line.place
        )
    value = match["value"].strip().strip('"')
    return SudoDefault(scope=scope, name=name, value=value, place=line.place)


def _rules(line: Line, aliases: Aliases) -> Iterator[SudoRule]:
    """Yield the rules of a line: users, then lists of hosts and commands set apart by colons."""
    head, sep, rest = line.text.partition("=")
    words = _split_last_word(head.strip())
    if not sep or words is None:
        return
    users, hosts = words
    for number, part in enumerate(_split(rest, ":")):
        if number:
            hosts, sep, part = part.partition("=")
            if not sep:
                return
        yield from _of_commands((_expand("User", users, aliases), _expand("Host", hosts, aliases)), part, line, aliases)


def _of_commands(
    who: tuple[tuple[str, ...], tuple[str, ...]], text: str, line: Line, aliases: Aliases
) -> Iterator[SudoRule]:
    """Yield a rule for each stretch of commands that run as the same with the same tags; both go on to the next."""
    run_as: tuple[tuple[str, ...], tuple[str, ...]] = (("root",), ())
    tags: dict[str, str] = {}
    groups: dict[tuple[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]], list[str]] = {}
    for item in _split(text, ","):
        match = RUN_AS.match(item)
        if match:
            users, names = match["users"].strip(), (match["groups"] or "").strip()
            run_as = (
                _expand("Runas", users, aliases) or (("root",) if not names else ()),
                _expand("Runas", names, aliases),
            )
            item = item[match.end() :]
        while found := OPTION.match(item) or TAG.match(item):
            if found.re is TAG:
                tags[found["tag"].removeprefix("NO")] = found["tag"]
            item = item[found.end() :]
        in_force = tuple(sorted(tag for tag in tags.values() if tag not in ("PASSWD", "EXEC", "NOSETENV")))
        groups.setdefault((run_as, in_force), []).extend(_expand("Cmnd", item, aliases))
    for (people, in_force), commands in groups.items():
        yield SudoRule(
            users=who[0],
            hosts=who[1],
            run_as=people[0],
            run_as_groups=people[1],
            tags=in_force,
            commands=tuple(commands),
            place=line.place,
        )


def _expand(kind: str, text: str, aliases: Aliases, deepest: int = 8) -> tuple[str, ...]:
    """Return the members of a list, aliases replaced; a negated alias negates its members."""
    found: list[str] = []
    for item in _split(text, ","):
        plain = item.lstrip("! ")
        front = "!" if (len(item) - len(item.lstrip("! "))) % 2 else ""
        members = aliases.get((kind, plain))
        if members is None or deepest == 0:
            found.append(front + plain)
        else:
            inner = _expand(kind, ",".join(members), aliases, deepest - 1)
            found += [_negated(one) if front else one for one in inner]
    return tuple(found[:MOST_EXPANDED])


def _negated(item: str) -> str:
    return item[1:] if item.startswith("!") else f"!{item}"


def _split(text: str, mark: str) -> list[str]:
    """Return the parts of a text between marks that are neither escaped, quoted nor in brackets."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, char in enumerate(text):
        if at and text[at - 1] == "\\":
            continue
        if char == '"':
            quoted = not quoted
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == mark and not quoted and depth <= 0 and not _is_tag_colon(text, start, at):
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def _is_tag_colon(text: str, start: int, at: int) -> bool:
    """Whether a colon ends a tag and sets no lists apart."""
    return (
        text[at] == ":"
        and re.search(r"(?:^|[\s,)=:])[A-Z]+(?:_[A-Z]+)?\s*$", text[start:at]) is not None
        and _is_tag(text[start:at])
    )


def _is_tag(text: str) -> bool:
    word = re.search(r"([A-Z_]+)\s*$", text)
    return word is not None and TAG.fullmatch(f"{word[1]}:") is not None


def _split_last_word(head: str) -> tuple[str, str] | None:
    """Return users and hosts: two lists whose items are set apart by commas, each other by a blank."""
    match = re.fullmatch(r"(?P<users>(?:[^\s,]|\\ )+(?:\s*,\s*(?:[^\s,]|\\ )+)*)\s+(?P<hosts>\S.*)", head)
    return (match["users"], match["hosts"]) if match else None
