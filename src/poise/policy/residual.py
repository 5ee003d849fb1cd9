"""Three-valued expressions: yes, no, or what is left to be true.

A truth is a `bool` or a :class:`Residual`, an expression over conditions that could not be decided and over
inputs that were not read. Building keeps it simplified, so a residual never hides a plain yes or no that
follows from its parts.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

MOST_SHOWN = 20
"""Parts of one level that a reading of a residual names."""


class Form(enum.StrEnum):
    """The kinds of a residual."""

    CONDITION = "condition"
    UNREAD = "unread"
    ALL = "all"
    ANY = "any"
    NOT = "not"


class Residual(msgspec.Struct, frozen=True):
    """An expression that is neither true nor false yet."""

    form: Form
    text: str = ""
    """For a condition its reading; for an unread input its name."""
    reason: str = ""
    """Why an input was not read."""
    test: Any = None
    """For a condition: what a position judges it by."""
    parts: tuple[Residual, ...] = ()
    """For `all`, `any`: two or more; for `not`: one."""

    def __str__(self) -> str:
        if self.form in (Form.CONDITION, Form.UNREAD):
            return self.text
        if self.form is Form.NOT:
            return f"not ({self.parts[0]})"
        word = " and " if self.form is Form.ALL else " or "
        shown = word.join(_bracketed(part) for part in self.parts[:MOST_SHOWN])
        more = len(self.parts) - MOST_SHOWN
        return f"{shown}{word}{more} more" if more > 0 else shown

    def leaves(self) -> Iterator[Residual]:
        """Yield the conditions and unread inputs in it."""
        todo = [self]
        while todo:
            one = todo.pop()
            if one.parts:
                todo.extend(reversed(one.parts))
            else:
                yield one


Truth = bool | Residual


def condition(text: str, test: Any) -> Residual:
    """Make the residual of one condition that cannot be decided."""
    return Residual(Form.CONDITION, text, test=test)


def unread(name: str, reason: str) -> Residual:
    """Make the residual of an input that was not read."""
    return Residual(Form.UNREAD, name, reason)


def all_of(parts: Iterable[Truth]) -> Truth:
    """Return whether all parts hold; no part at all is yes. Stops at the first no."""
    return _combine(parts, Form.ALL, absorbing=False)


def any_of(parts: Iterable[Truth]) -> Truth:
    """Return whether some part holds; no part at all is no. Stops at the first yes."""
    return _combine(parts, Form.ANY, absorbing=True)


def negate(part: Truth) -> Truth:
    """Return the opposite."""
    if isinstance(part, bool):
        return not part
    return part.parts[0] if part.form is Form.NOT else Residual(Form.NOT, parts=(part,))


def satisfiable(truth: Truth, outcomes: Callable[[Residual], frozenset[bool]]) -> frozenset[bool]:
    """Return which values an expression can take, given those that each of its leaves can take.

    Leaves count as independent, so a value may be reported that no situation gives, never the reverse.
    """
    if isinstance(truth, bool):
        return frozenset({truth})
    if not truth.parts:
        return outcomes(truth)
    found = [satisfiable(part, outcomes) for part in truth.parts]
    if truth.form is Form.NOT:
        return frozenset(not value for value in found[0])
    stop = truth.form is Form.ANY
    can = {stop} if any(stop in values for values in found) else set()
    return frozenset(can | ({not stop} if all((not stop) in values for values in found) else set()))


def _combine(parts: Iterable[Truth], form: Form, *, absorbing: bool) -> Truth:
    kept: dict[Residual, None] = {}
    for part in parts:
        if isinstance(part, bool):
            if part is absorbing:
                return absorbing
            continue
        kept.update(dict.fromkeys(part.parts if part.form is form else (part,)))
    if any(negate(part) in kept for part in kept):
        return absorbing
    if not kept:
        return not absorbing
    return next(iter(kept)) if len(kept) == 1 else Residual(form, parts=tuple(kept))


def _bracketed(part: Residual) -> str:
    return f"({part})" if part.form in (Form.ALL, Form.ANY) else str(part)
