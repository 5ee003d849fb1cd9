"""From the answers of `policy/` to edges: their state, their condition in words, and what proves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from poise.model.graph import EdgeState, Evidence
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.as_read import as_far_as_read
from poise.policy.reach import Decision as Reached
from poise.policy.reach import Reach

MOST_PROOFS = 12
"""Facts that one edge names."""
MOST_GAPS = 5
"""Inputs that a condition names."""


class Standing(NamedTuple):
    """How far an edge is proven."""

    state: EdgeState
    condition: str


CERTAIN = Standing(EdgeState.CERTAIN, "")


def standing(answer: Answer) -> Standing | None:
    """Return how far an answer proves an edge; None if it denies."""
    if answer.decision is Decision.DENY:
        return None
    if answer.decision is Decision.ALLOW:
        return Standing(EdgeState.CERTAIN, "")
    if answer.decision is Decision.CONDITIONAL:
        return Standing(EdgeState.CONDITIONAL, str(answer.residual))
    as_read, left = as_far_as_read(answer)
    if as_read is Decision.UNKNOWN:
        return Standing(EdgeState.UNKNOWN, f"nothing that was read allows it; {_gaps(answer.unread)}")
    return Standing(EdgeState.UNKNOWN, _gaps(answer.unread, "" if left is None else f"; and it needs: {left}"))


def is_blind(answer: Answer) -> bool:
    """Say whether nothing that was read allows it, so that only an unread policy could."""
    return answer.decision is Decision.UNKNOWN and as_far_as_read(answer)[0] is Decision.UNKNOWN


def reach_standing(found: Reach) -> Standing | None:
    """Return how far a way is proven; None if it is closed."""
    if found.decision is Reached.CLOSED:
        return None
    if found.decision is Reached.OPEN:
        return Standing(EdgeState.CERTAIN, "")
    return Standing(EdgeState.UNKNOWN, _gaps(found.unread))


def unread_standing(input: str, reason: str) -> Standing:
    """Return the standing of an edge that one unread input decides."""
    return Standing(EdgeState.UNKNOWN, f"not read: {input} ({reason})")


def both(one: Standing, other: Standing) -> Standing:
    """Return the standing of what needs two things: the weaker state, and both conditions."""
    state = max(one.state, other.state, key=(EdgeState.CERTAIN, EdgeState.CONDITIONAL, EdgeState.UNKNOWN).index)
    return Standing(state, " and ".join(dict.fromkeys(filter(None, (one.condition, other.condition)))))


class Pointer:
    """Tells which asset and field hold what a reason points at.

    ``places`` maps the name of a document, as reasons give it, to the asset and the field that it stands in.
    """

    def __init__(self, places: dict[str, tuple[str, str]], otherwise: str) -> None:
        self._places = places
        self._otherwise = otherwise

    def evidence(self, reasons: Iterable[Reason]) -> tuple[Evidence, ...]:
        """Return the facts behind reasons, each once."""
        return tuple(dict.fromkeys(self._each(reasons)))[:MOST_PROOFS]

    def _each(self, reasons: Iterable[Reason]) -> Iterator[Evidence]:
        for reason in reasons:
            # What was answered for one of a class names the policy of that one; this one has the same of its own.
            inline = "inline_policies" if reason.statement is not None and "/" in reason.source else ""
            asset, field = self._places.get(reason.source, (self._otherwise, inline))
            if (
                reason.source.startswith(("arn:", "/subscriptions/", "/providers/"))
                and reason.source not in self._places
            ):
                asset, field = reason.source, "document" if ":policy/" in reason.source else ""
            place = "" if reason.statement is None else f"statement {reason.statement + 1}"
            yield Evidence(asset=asset, field=field, says=reason.text, place=f"{place} {reason.sid}".strip())


def _gaps(unread: Iterable[Unread], more: str = "") -> str:
    texts = list(dict.fromkeys(f"{gap.input} ({gap.reason})" for gap in unread)) or ["an input"]
    rest = f" and {len(texts) - MOST_GAPS} more" if len(texts) > MOST_GAPS else ""
    return f"not read: {'; '.join(texts[:MOST_GAPS])}{rest}{more}"
