"""Pauses Python's search for cycles of garbage while many objects are made that all stay.

A graph of a million things is looked through again and again as it grows, which took a third of the time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Pauses:
    """How many pauses there are now, of all threads: the last one ends them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._was_on = False

    def begin(self) -> None:
        with self._lock:
            if self._open == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._open += 1

    def end(self) -> None:
        with self._lock:
            self._open -= 1
            if self._open == 0 and self._was_on:
                gc.enable()


_pauses = _Pauses()


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause it; pauses may lie in each other, and in several threads."""
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()
