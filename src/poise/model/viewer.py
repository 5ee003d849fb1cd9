"""What a viewer may see: whole scopes, and the assets of groups.

A viewer is a set of words: ids of scopes, and groups as addresses name them, ``group:NAME``. None sees everything. What
is not named is hidden, so that a place that knows nothing of groups hides too much and never too little.
"""

from __future__ import annotations

from collections.abc import Iterable

from poise.model.listings import ScopeFilter

GROUP = "group:"


def groups_of(viewer: ScopeFilter) -> frozenset[str]:
    """Return the names of the groups that a viewer may see."""
    return frozenset(word.removeprefix(GROUP) for word in viewer or () if word.startswith(GROUP))


def sees_parts(viewer: ScopeFilter) -> bool:
    """Whether a viewer may see some assets of a scope and not others: what is summed by scope says too much then."""
    return any(word.startswith(GROUP) for word in viewer or ())


def viewer_of(words: Iterable[str]) -> ScopeFilter:
    """Return the viewer of the words that name what may be seen; everything if there are none."""
    return frozenset(words) or None
