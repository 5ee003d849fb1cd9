"""Users, groups and passwords: `passwd(5)`, `group(5)`, `shadow(5)`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from poise.disk.facts.reading import Reading
from poise.disk.tree import Unreadable
from poise.model.host.accounts import Group, Password, User

ALGORITHMS = {
    "1": "md5", "2": "bcrypt", "2a": "bcrypt", "2b": "bcrypt", "2x": "bcrypt", "2y": "bcrypt", "3": "nt", "5": "sha256",
    "6": "sha512", "7": "scrypt", "y": "yescrypt", "gy": "gost-yescrypt", "md5": "sunmd5", "sha1": "sha1",
    "argon2i": "argon2", "argon2id": "argon2", "argon2d": "argon2",
}  # fmt: skip
"""Prefix of a hash -> algorithm. Source: crypt(5)."""
DES = re.compile(r"[./0-9A-Za-z]{13}|_[./0-9A-Za-z]{19}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_users(reading: Reading) -> tuple[User, ...]:
    """Return the users in order, with what shadow says of their passwords. Raises :class:`Unreadable`."""
    shadow = _shadow(reading)
    users = []
    for line in reading.lines("/etc/passwd"):
        parts = line.text.split(":")
        if len(parts) < 7 or not (_is_number(parts[2]) and _is_number(parts[3])):
            reading.miss(line.place, "no line of passwd: seven fields with two numbers were expected")
            continue
        password = None if shadow is None else _password(parts[1], shadow.get(parts[0]))
        users.append(
            User(name=parts[0], uid=int(parts[2]), gid=int(parts[3]), home=parts[5], shell=parts[6], password=password)
        )
    return reading.first("/etc/passwd", "users", users, reading.limits.entries)


def read_groups(reading: Reading) -> tuple[Group, ...]:
    """Return the groups in order. Raises :class:`Unreadable`."""
    groups = []
    for line in reading.lines("/etc/group"):
        parts = line.text.split(":")
        if len(parts) < 4 or not _is_number(parts[2]):
            reading.miss(line.place, "no line of group: four fields with one number were expected")
            continue
        members = tuple(name for name in parts[3].split(",") if name)
        groups.append(Group(name=parts[0], gid=int(parts[2]), members=members))
    return reading.first("/etc/group", "groups", groups, reading.limits.entries)


def _shadow(reading: Reading) -> dict[str, list[str]] | None:
    """Return the fields of each line of shadow by user, or None if it could not be read, which is noted."""
    try:
        lines = reading.lines("/etc/shadow")
    except Unreadable as problem:
        reading.miss("/etc/shadow", problem.reason)
        return None
    found: dict[str, list[str]] = {}
    for line in lines:
        parts = line.text.split(":")
        found.setdefault(parts[0], [*parts, *[""] * 9][:9])
    return found


def _password(field: str, fields: list[str] | None) -> Password:
    if field != "x" or fields is None:
        state, algorithm = ("none", None) if field == "x" else judge_hash(field)
        fields = [""] * 9
    else:
        state, algorithm = judge_hash(fields[1])
    changed = _number(fields[2])
    return Password(
        state=state,
        algorithm=algorithm,
        changed=_day(changed),
        must_change=changed == 0,
        min_days=_number(fields[3]),
        max_days=_number(fields[4]),
        warn_days=_number(fields[5]),
        inactive_days=_number(fields[6]),
        expires=_day(_number(fields[7])),
    )


def judge_hash(text: str) -> tuple[str, str | None]:
    """Return state and algorithm of the second field of shadow; see :class:`Password`."""
    if not text:
        return "empty", None
    locked = text[0] in "!*"
    rest = text.lstrip("!*")
    if not rest:
        return "locked", None
    match = re.match(r"\$([^$,]+)[$,]", rest)
    algorithm = ALGORITHMS.get(match[1], "other") if match else "des" if DES.fullmatch(rest) else None
    if algorithm is None:
        return "locked", None
    return ("locked" if locked else "set"), algorithm


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def _number(text: str) -> int | None:
    return int(text) if _is_number(text.strip()) else None


def _day(days: int | None) -> str | None:
    """Return a day counted from 1970, or None if there is none or it is out of range."""
    if days is None or days > 2_000_000:
        return None
    return (EPOCH + timedelta(days=days)).date().isoformat()
