"""Fills a shipped standard with what it has in common with another one.

A publisher often lists the same requirements for several products, under the same numbers or with a whole group moved::

    [same]
    standard = "cis_debian_12"
    without = ["1.1.1.9"]             # numbers that would come along and are not in this one

    [same.numbers]
    "1" = "1"                         # 1.1, 1.2.3 ... as they stand there
    "1.1.1.6" = "1.1.1.7"             # a later line goes before an earlier one
    "4.1" = "4.2"                     # 4.1.3 here is 4.2.3 there

Sections come along in the same way. What the file itself says of a number goes before what it shares. A section lies
within, and a control in, the section with the longest number that its own number begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

Table = Mapping[str, Any]
OtherStandard = Callable[[str], Table]
"""Id of a shipped standard -> the table of its file."""
FIELD = "same"


def filled(table: Table, other: OtherStandard) -> Table:
    """Return the table of a standard with all that its field `same` brings, ordered by number.

    ``table`` and what ``other`` returns are read from TOML. A table without the field is returned as it is.
    """
    if FIELD not in table:
        return table
    shared = table[FIELD]
    theirs = filled(other(shared["standard"]), other)
    left_out = frozenset(shared.get("without", ()))
    own = {name: value for name, value in table.items() if name != FIELD}
    sections = {**dict(_moved(shared, theirs["section"], left_out)), **own.get("section", {})}
    controls = {**dict(_moved(shared, theirs["control"], left_out)), **own.get("control", {})}
    return {
        **own,
        "section": {number: _placed(sections[number], "within", number, sections) for number in _sorted(sections)},
        "control": {number: _placed(controls[number], "section", number, sections) for number in _sorted(controls)},
    }


def _moved(shared: Table, entries: Table, left_out: Collection[str]) -> Iterator[tuple[str, Table]]:
    """Yield our number and the fields of each entry whose number lies in a shared group."""
    for mine, group in shared["numbers"].items():
        for number, fields in entries.items():
            ours = mine + number[len(group) :]
            if (number == group or number.startswith(f"{group}.")) and ours not in left_out:
                yield ours, {key: value for key, value in fields.items() if key not in ("section", "within")}


def _placed(fields: Table, name: str, number: str, sections: Collection[str]) -> Table:
    """Return fields with the section around in the field ``name``: the one given, or as the number says it."""
    around = [section for section in sections if number.startswith(f"{section}.")]
    return {name: max(around, key=len), **fields} if around else fields


def _sorted(entries: Collection[str]) -> list[str]:
    """Return numbers in the order in which people count: 1.9 before 1.10."""
    return sorted(entries, key=lambda number: [int(part) for part in re.findall(r"\d+", number)])
