"""Reads a standard from TOML; what is wrong in it is told with the line.

::

    title = "House rules"
    version = "2"
    source = "https://wiki.example.org/rules"

    [section.1]
    title = "Storage"

    [control."1.1"]
    title = "Buckets are private"
    section = "1"
    checks = ["aws.s3.open_to_everyone"]

    [control."1.2"]
    title = "Each bucket has an owner"
    section = "1"
    manual = "process"

A control has checks, or a reason why no program can answer it (a word of :class:`ManualClass`, or a sentence), or
neither as long as nobody has written the check.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from poise.model.errors import BadInput
from poise.model.standard import Control, ManualClass, Section, Standard
from poise.standards.sharing import OtherStandard, Table, filled

MOST_BYTES = 1_000_000
"""A standard that is larger is refused: the largest that is shipped takes a ninth of it."""
ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
FIELDS = {
    "title": str,
    "version": str,
    "source": str,
    "notes": str,
    "providers": list,
    "section": dict,
    "control": dict,
}
SECTION_FIELDS = {"title": str, "within": str}
CONTROL_FIELDS = {"title": str, "section": str, "checks": list, "manual": str}


def read(
    text: str, id: str, place: str, known: Collection[str] | None = None, other: OtherStandard | None = None
) -> Standard:
    """Return the standard that a TOML text holds. ``place`` names the text in errors.

    ``known`` are the ids that checks may have; None takes any. ``other`` gives the standards that this one may share
    controls with; None lets it share none. Raises :class:`BadInput` with the line.
    """
    return _Reader(text, place, known, other).standard(id)


class _Reader:
    def __init__(
        self, text: str, place: str, known: Collection[str] | None, other: OtherStandard | None = None
    ) -> None:
        self._text = text
        self._place = place
        self._known = known
        self._other = other

    def standard(self, id: str) -> Standard:
        if not ID.fullmatch(id):
            raise BadInput(
                f"{self._place}: {id!r} is no id of a standard.", "Name the file of small letters, digits, _ . -"
            )
        if len(self._text.encode(errors="replace")) > MOST_BYTES:
            size = len(self._text) / 1_000_000
            raise BadInput(f"{self._place} has {size:.1f} MB; a standard may have {MOST_BYTES / 1_000_000:.0f} MB.")
        table = self._table()
        self._require_fields(table, FIELDS, "")
        for name in ("title", "control"):
            if not table.get(name):
                raise self._wrong(f"`{name}` is missing", "")
        sections = tuple(self._sections(table.get("section", {})))
        return Standard(
            id=id,
            title=table["title"],
            version=table.get("version", ""),
            source=table.get("source", ""),
            notes=" ".join(table.get("notes", "").split()),
            providers=tuple(self._texts(table.get("providers", []), "providers", "providers")),
            sections=sections,
            controls=tuple(self._controls(table["control"], {section.number for section in sections})),
        )

    def _table(self) -> Table:
        try:
            table = tomllib.loads(self._text)
            return filled(table, self._other) if self._other else table
        except tomllib.TOMLDecodeError as problem:
            raise BadInput(f"{self._place} is not valid TOML: {problem}.", "A number is given once only.") from problem
        except RecursionError as problem:
            raise BadInput(f"{self._place} is not valid TOML: it is nested too deep.") from problem

    def _sections(self, table: Table) -> Iterator[Section]:
        for number, fields in table.items():
            self._require_table(fields, f"section {number}", number)
            self._require_fields(fields, SECTION_FIELDS, number)
            within = fields.get("within", "")
            if within and within not in table:
                raise self._wrong(f"section {number} lies within {within!r}, which is no section", number)
            self._require_no_cycle(number, table)
            yield Section(number=number, title=self._title(fields, f"section {number}", number), within=within)

    def _require_no_cycle(self, number: str, table: Table) -> None:
        seen = [number]
        while inner := table[seen[-1]]:
            around = inner.get("within", "") if isinstance(inner, dict) else ""
            if not around or around not in table:
                return
            if around in seen:
                raise self._wrong(f"sections lie in a circle: {' in '.join([*seen, around])}", number)
            seen.append(around)

    def _controls(self, table: Table, sections: Collection[str]) -> Iterator[Control]:
        seen: dict[str, str] = {}
        for number, fields in table.items():
            what = f"control {number}"
            self._require_table(fields, what, number)
            self._require_fields(fields, CONTROL_FIELDS, number)
            plain = number.strip().casefold()
            if not plain or plain in seen:
                raise self._wrong(f"{what} is a second {seen.get(plain, 'control without a number')!r}", number)
            seen[plain] = number
            section = fields.get("section", "")
            if section and section not in sections:
                raise self._wrong(f"{what} is in section {section!r}, which is not there", number)
            yield self._control(number, fields, section)

    def _control(self, number: str, fields: Table, section: str) -> Control:
        what = f"control {number}"
        checks = self._texts(fields.get("checks", []), f"{what}: checks", number)
        for check in checks:
            self._require_known(check, what)
        if len(set(checks)) < len(checks):
            raise self._wrong(f"{what} names a check twice", number)
        manual = fields.get("manual", "").strip()
        if manual and checks:
            raise self._wrong(f"{what} has checks and a reason why none can answer it", number)
        if manual in set(ManualClass):
            manual = ManualClass(manual).meaning
        title = self._title(fields, what, number)
        return Control(number=number.strip(), title=title, section=section, checks=tuple(checks), manual=manual)

    def _require_known(self, check: str, what: str) -> None:
        if self._known is None or check in self._known:
            return
        near = difflib.get_close_matches(check, self._known, 1)
        advice = f"Did you mean {near[0]}?" if near else "`poise checks list` shows all."
        raise self._wrong(f"{what} names the check {check!r}, which there is not", f'"{check}"', advice)

    def _require_fields(self, table: Table, allowed: Mapping[str, type], number: str) -> None:
        for name, value in table.items():
            if name not in allowed:
                near = difflib.get_close_matches(name, allowed, 1)
                raise self._wrong(
                    f"there is no field {name!r}", number or name, f"Did you mean {near[0]}?" if near else ""
                )
            if not isinstance(value, allowed[name]):
                raise self._wrong(f"`{name}` is {value!r}, expected {KINDS[allowed[name]]}", number or name)

    def _require_table(self, value: object, what: str, number: str) -> None:
        if not isinstance(value, dict):
            raise self._wrong(f"{what} is {value!r}, expected a table with a title", number)

    def _title(self, fields: Table, what: str, number: str) -> str:
        title = " ".join(fields.get("title", "").split())
        if not title:
            raise self._wrong(f"{what} has no title", number)
        return title

    def _texts(self, value: Sequence[object], what: str, number: str) -> list[str]:
        if not all(isinstance(item, str) for item in value):
            raise self._wrong(f"{what} is {value!r}, expected a list of texts", number)
        return [str(item) for item in value]

    def _wrong(self, what: str, key: str, advice: str = "") -> BadInput:
        return BadInput(f"{self._place}, line {_line_of(self._text, key)}: {what}.", advice)


KINDS: Mapping[type, str] = {str: "a text", list: "a list of texts", dict: "tables"}


def _line_of(text: str, key: str) -> int:
    """Return the line of a header or a field with this name, else the first that holds it; 1 if none does."""
    name = f"[\"']?{re.escape(key)}[\"']?"
    header, field = rf"\s*\[+\s*\w+\s*\.\s*{name}\s*\]", rf"\s*{name}\s*="
    lines = text.splitlines()
    for pattern in (header, field, f".*{re.escape(key)}") if key else ():
        for number, line in enumerate(lines, start=1):
            if re.match(pattern, line):
                return number
    return 1


def as_custom(standard: Standard) -> Standard:
    """Return a standard marked as a tenant's own."""
    return msgspec.structs.replace(standard, is_custom=True)
