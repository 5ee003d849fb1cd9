"""Changes of policy documents: a copy that does not allow some actions any more, or does not trust somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from poise.policy.globs import matches

Json = Any


def without_actions(document: Mapping[str, Json], actions: Iterable[str]) -> dict[str, Json] | None:
    """Return a policy that allows none of some actions; None if it allows none as it is.

    A pattern that matches one is taken out of its statement, and a statement that is left with none goes.
    """
    wanted = [action.lower() for action in actions]

    def kept(statement: Mapping[str, Json]) -> Mapping[str, Json] | None:
        if statement.get("Effect") != "Allow":
            return statement
        if "NotAction" in statement:
            return None
        stated = _listed(statement.get("Action", []))
        left = [one for one in stated if not any(matches(str(one).lower(), action) for action in wanted)]
        return statement if len(left) == len(stated) else ({**statement, "Action": left} if left else None)

    return _changed(document, kept)


def without_statements(
    document: Mapping[str, Json], is_meant: Callable[[Mapping[str, Json]], bool]
) -> dict[str, Json] | None:
    """Return a policy without the Allow statements that are meant; None if there is none of them."""

    def kept(statement: Mapping[str, Json]) -> Mapping[str, Json] | None:
        return None if statement.get("Effect") == "Allow" and is_meant(statement) else statement

    return _changed(document, kept)


def _changed(
    document: Mapping[str, Json], kept: Callable[[Mapping[str, Json]], Mapping[str, Json] | None]
) -> dict[str, Json] | None:
    before = _listed(document.get("Statement", []))
    after = [new for statement in before if isinstance(statement, Mapping) and (new := kept(statement)) is not None]
    return None if after == before else {**document, "Statement": after}


def _listed(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else [value]
