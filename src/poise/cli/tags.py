"""Tags as options give them."""

from __future__ import annotations

from collections.abc import Iterable

from poise.model.errors import UsageError


def tags_of(texts: Iterable[str] | None, option: str) -> dict[str, str]:
    """Return the tags of an option. Raises :class:`UsageError` for what is not ``NAME=VALUE``."""
    found: dict[str, str] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError(f"{option} is {text!r}.", "Expected NAME=VALUE.")
        found[name] = value
    return found
