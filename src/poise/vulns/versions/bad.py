"""The error for a version that its family cannot order."""

from __future__ import annotations

from poise.model.errors import BadInput

LONGEST = 256
"""Longer versions are not real, and would cost time."""


class BadVersion(BadInput):
    """A text is no version of its family, so nothing may be concluded from it."""

    def __init__(self, family: str, text: str) -> None:
        super().__init__(f"{text[:80]!r} is no {family} version.")


def plain(family: str, text: str) -> str:
    """Return the text without white space around it, or raise :class:`BadVersion`."""
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST or not stripped.isascii():
        raise BadVersion(family, text)
    return stripped
