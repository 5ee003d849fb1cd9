"""Standards: published lists of numbered controls, mapped to checks."""

from __future__ import annotations

import msgspec


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered requirement. Its title is our own short wording."""

    number: str
    title: str
    checks: tuple[str, ...] = ()
    manual: str = ""
    """Why no check can answer it; empty if checks can."""


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one published list."""

    id: str
    title: str
    version: str
    source: str
    controls: tuple[Control, ...]


class ScoreControl(msgspec.Struct, frozen=True, kw_only=True):
    """A group of checks of the secure score with its fixed maximum of points."""

    name: str
    max: int
    checks: tuple[str, ...] = ()
    """A check is in at most one score control."""
