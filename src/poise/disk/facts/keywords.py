"""Files of names and values, in the forms that Unix programs use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from poise.disk.facts.os_release import unquoted
from poise.disk.facts.reading import Line, Reading

ASSIGNMENT = re.compile(r"(?:export\s+)?(?P<name>[\w.-]+)\s*=\s*(?P<value>.*)")


def spaced(lines: Iterable[Line]) -> dict[str, str]:
    """Return `NAME value` lines, the first of a name counts."""
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.text.partition(" ") if " " in line.text else line.text.partition("\t")
        found.setdefault(name.strip(), value.split("#")[0].strip())
    return found


def switches(lines: Iterable[Line]) -> dict[str, str]:
    """Return `name = value` lines, a bare name as `true`; the last of a name counts."""
    found = {}
    for line in lines:
        name, sep, value = line.text.split("#")[0].partition("=")
        found[name.strip()] = value.strip() if sep else "true"
    return found


def assignments(lines: Iterable[Line]) -> dict[str, str]:
    """Return the assignments of a shell file, quotes taken off; the last of a name counts."""
    found = {}
    for line in lines:
        match = ASSIGNMENT.fullmatch(line.text)
        if match:
            found[match["name"]] = unquoted(match["value"])
    return found


def sections(lines: Iterable[Line]) -> dict[str, dict[str, list[str]]]:
    """Return an INI file: section -> name -> values in order; an empty value takes back those before it."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = found.setdefault("", {})
    for line in lines:
        if line.text.startswith("[") and "]" in line.text:
            section = found.setdefault(line.text[1 : line.text.index("]")], {})
            continue
        name, sep, value = line.text.partition("=")
        if sep:
            values = section.setdefault(name.strip(), [])
            values.append(value.strip())
            if not value.strip():
                values.clear()
    return found


def drop_ins(reading: Reading, name: str) -> dict[str, str]:
    """Return the settings of a systemd configuration file with its folders, names in lower case.

    A file in `/etc` hides one of the same name in `/usr/lib`; drop-ins are sorted by file name across folders, and
    the last value wins. Source: systemd's own pages (`journald.conf(5)`).
    """
    folders = ("/usr/lib/systemd", "/usr/local/lib/systemd", "/run/systemd", "/etc/systemd")
    main = [path for folder in reversed(folders) if reading.is_file(path := f"{folder}/{name}")][:1]
    added = {
        path.rpartition("/")[2]: path for folder in folders for path in reading.files(f"{folder}/{name}.d", "*.conf")
    }
    found: dict[str, str] = {}
    for path in [*main, *(added[key] for key in sorted(added))]:
        for values in sections(reading.lines(path, "#;")).values():
            found |= {key.lower(): values[key][-1] for key in values if values[key]}
    return found
