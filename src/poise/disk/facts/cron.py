"""Commands that run at set times, and who may change them. Source: crontab(5), anacron(8)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.reading import Line, Reading
from poise.disk.facts.redact import shown
from poise.disk.tree import Unreadable
from poise.model.host.system import CronEntry

SYSTEM = ("/etc/crontab",)
SYSTEM_FOLDER = "/etc/cron.d"
USER_FOLDERS = ("/var/spool/cron/crontabs", "/var/spool/cron", "/etc/crontabs")
SCRIPT_FOLDERS = ("hourly", "daily", "weekly", "monthly", "yearly")
ENTRY = re.compile(r"(?P<schedule>@\w+|(?:\S+\s+){4}\S+)\s+(?P<rest>\S.*)")
VARIABLE = re.compile(r"\w+\s*=")


def read_cron(reading: Reading) -> tuple[CronEntry, ...]:
    """Return every entry of the system's and of users' tables, and the scripts of `cron.daily` and its like."""
    found = [entry for path in (*SYSTEM, *reading.files(SYSTEM_FOLDER)) for entry in _table(reading, path, "")]
    for folder in USER_FOLDERS:
        for path in reading.files(folder):
            found += _table(reading, path, path.rpartition("/")[2])
    for name in SCRIPT_FOLDERS:
        for path in reading.files(f"/etc/cron.{name}"):
            if not path.rpartition("/")[2].startswith("."):
                found.append(_entry(reading, Line(path, 0, path), ("root", f"cron.{name}")))
    if len(found) > reading.limits.entries:
        reading.miss("cron", f"more than {reading.limits.entries} entries: the rest is not listed")
    return tuple(found[: reading.limits.entries])


def _table(reading: Reading, path: str, user: str) -> Iterator[CronEntry]:
    """Yield the entries of a table; in one of the system, where ``user`` is empty, each line names its user."""
    try:
        lines = reading.lines(path)
    except Unreadable as problem:
        reading.miss(path, problem.reason)
        return
    for line in lines:
        match = None if VARIABLE.match(line.text) else ENTRY.fullmatch(line.text)
        if match is None:
            continue
        who, command = (user, match["rest"]) if user else _user_first(match["rest"])
        if command:
            yield _entry(reading, Line(line.path, line.number, command), (who, match["schedule"]))


def _user_first(text: str) -> tuple[str, str]:
    parts = text.split(None, 1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _entry(reading: Reading, line: Line, when: tuple[str, str]) -> CronEntry:
    program = _program(line.text)
    table = reading.mode(line.path)
    assert table is not None
    return CronEntry(
        place=line.place if line.number else line.path,
        user=when[0],
        schedule=" ".join(when[1].split()),
        command=shown(line.text),
        table=table,
        target=reading.mode(program) if program else None,
        target_folder=reading.mode(program.rpartition("/")[0] or "/") if program else None,
    )


def _program(command: str) -> str:
    """Return the first absolute path that a command runs, tests and `cd` passed over; empty if there is none."""
    for part in re.split(r"&&|\|\||;", command):
        words = [w for w in part.split() if not re.match(r"\w+=", w)]
        if words and words[0] in ("[", "test", "cd", "command", "if", "then"):
            continue
        if words and words[0].startswith("/"):
            return words[0].rstrip(")")
    return ""
