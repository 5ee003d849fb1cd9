"""The standards that there are, shipped and a tenant's own, and the scopes that each is assigned to."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from poise.checks import catalog
from poise.collect.files import text_of
from poise.model.errors import UsageError
from poise.model.finding import ControlRef
from poise.model.standard import Standard
from poise.standards import library
from poise.standards.reading import MOST_BYTES, as_custom, read

Assigned = Mapping[str, Sequence[str]]
"""Standard id -> patterns of scope ids: `*` for all, none for nowhere. One that is not named holds everywhere."""
Place = tuple[str, str]
"""Provider and id of a scope."""


@dataclass(frozen=True)
class Standards:
    """Every standard, and where it holds."""

    own: tuple[Standard, ...] = ()
    """Standards of the tenant."""
    assigned: Assigned = field(default_factory=dict)

    def __post_init__(self) -> None:
        for id in self.assigned:
            self.get(id)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of all, shipped ones first. Nothing is read."""
        return (*library.standard_ids(), *(standard.id for standard in self.own))

    def all(self) -> tuple[Standard, ...]:
        """Return all, shipped ones first."""
        return (*library.standards(), *self.own)

    def get(self, id: str) -> Standard:
        """Return one. Raises :class:`UsageError` with near ids if there is none."""
        found = {standard.id: standard for standard in self.own}.get(id)
        if found is not None:
            return found
        if id in library.standard_ids():
            return library.standard(id)
        near = difflib.get_close_matches(id, self.ids, 3, 0.4)
        advice = f"Did you mean {', '.join(near)}?" if near else f"There are: {', '.join(self.ids)}."
        raise UsageError(f"There is no standard {id!r}.", advice)

    def scopes(self, standard: Standard, places: Iterable[Place]) -> frozenset[str]:
        """Return the ids of the scopes that a standard holds for: of its providers, and assigned to it."""
        patterns = self.assigned.get(standard.id, ("*",))
        return frozenset(
            scope
            for provider, scope in places
            if (not standard.providers or provider in standard.providers)
            and any(fnmatch.fnmatchcase(scope, pattern) for pattern in patterns)
        )

    @cached_property
    def _references(self) -> Mapping[str, tuple[ControlRef, ...]]:
        own = library.references(self.own)
        shipped = _shipped_references()
        return {check: (*shipped.get(check, ()), *own.get(check, ())) for check in {*shipped, *own}}

    def controls_of(self, check: str) -> tuple[ControlRef, ...]:
        """Return the controls that a check answers, of all standards."""
        return self._references.get(check, ())


@cache
def _shipped_references() -> Mapping[str, tuple[ControlRef, ...]]:
    return library.references(library.standards())


def read_files(paths: Iterable[Path], own: Iterable[str] = ()) -> tuple[Standard, ...]:
    """Return the tenant's standards in TOML files, and in those of folders; ``own`` are ids of the tenant's checks.

    Raises :class:`UsageError` for a file that cannot be read or an id that is taken, :class:`BadInput` with the line
    for what is wrong in one.
    """
    known = {*catalog.load(), *own}
    found: dict[str, Standard] = {}
    for path in _expanded(paths):
        standard = read_file(path, known)
        if standard.id in found or standard.id in library.standard_ids():
            raise UsageError(f"{path}: there is a standard {standard.id!r} already.", "Give the file another name.")
        found[standard.id] = standard
    return tuple(found.values())


def read_file(path: Path, known: Iterable[str] | None = None) -> Standard:
    """Return the standard of one file; its id is the file's name."""
    ids = catalog.load() if known is None else set(known)
    return read_text(text_of(path, MOST_BYTES), path.stem, str(path), ids)


def read_text(text: str, id: str, place: str = "", known: Iterable[str] | None = None) -> Standard:
    """Return the standard that a text holds, for uploads. Raises :class:`BadInput` with the line.

    ``known`` are the ids that checks may have: None for the installed ones, empty for any.
    """
    return as_custom(read(text, id, place or id, catalog.load() if known is None else set(known) or None))


def _expanded(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        yield from sorted(path.glob("*.toml")) if path.is_dir() else (path,)
