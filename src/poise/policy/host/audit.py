"""What the rules of the audit log watch (auditctl(8))."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence


def unwatched_paths(rules: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Return the paths of which no rule logs that they are written or that their attributes change."""
    live = _in_force(rules)
    return [path for path in paths if not any(_watches(words, path) for words in live)]


def unwatched_calls(rules: Iterable[str], calls: Iterable[str]) -> list[str]:
    """Return the system calls that no rule logs."""
    logged: set[str] = set()
    for words in _in_force(rules):
        if _logs(words):
            logged |= {name for value in _values(words, "-S") for name in value.split(",")}
    return [name for name in calls if name not in logged and "all" not in logged]


def _in_force(rules: Iterable[str]) -> list[list[str]]:
    """Return the rules that are left at the end, in words: `-D` removes what came before, `-W` one watch."""
    live: list[list[str]] = []
    for rule in rules:
        words = _words(rule)
        if "-D" in words:
            live.clear()
        elif "-W" in words:
            gone = _values(words, "-W")
            live = [kept for kept in live if _values(kept, "-w") != gone]
        elif words:
            live.append(words)
    return live


def _words(rule: str) -> list[str]:
    try:
        return shlex.split(rule)
    except ValueError:
        return rule.split()


def _values(words: Sequence[str], option: str) -> list[str]:
    return [words[at + 1] for at, word in enumerate(words[:-1]) if word == option]


def _logs(words: Sequence[str]) -> bool:
    return any("always" in value.split(",") for option in ("-a", "-A") for value in _values(words, option))


def _watches(words: Sequence[str], path: str) -> bool:
    fields = dict(value.split("=", 1) for value in _values(words, "-F") if "=" in value and "!=" not in value)
    if places := _values(words, "-w"):
        rights = "".join(_values(words, "-p")) or "rwxa"
        return _holds(places[0], path) and {"w", "a"} <= set(rights)
    if not _logs(words) or not {"w", "a"} <= set(fields.get("perm", "wa")):
        return False
    return fields.get("path") == path or ("dir" in fields and _holds(fields["dir"], path))


def _holds(place: str, path: str) -> bool:
    """Tell whether a path is a watched place or lies below it: watches of folders reach all the way down."""
    return path == place.rstrip("/") or path.startswith(f"{place.rstrip('/')}/")
