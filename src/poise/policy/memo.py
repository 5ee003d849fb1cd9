"""Remembers what was concluded of an object while several checks ask about it, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


def remembered(most: int) -> Callable[[Callable[Concatenate[T, P], R]], Callable[Concatenate[T, P], R]]:
    """Make a pure function remember its latest answers by the identity of its first argument.

    For arguments that are frozen and costly to hash, such as a parsed policy, of which equal documents share one. The
    objects of the latest ``most`` answers are kept alive.
    """

    def decorate(function: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
        known: dict[Any, tuple[T, R]] = {}

        @wraps(function)
        def asked(first: T, /, *args: P.args, **more: P.kwargs) -> R:
            key = (id(first), args, tuple(more.items()))
            hit = known.get(key)
            if hit is not None and hit[0] is first:
                return hit[1]
            answer = function(first, *args, **more)
            if len(known) >= most:
                known.clear()
            known[key] = (first, answer)
            return answer

        return asked

    return decorate
