"""A mount whose volume cannot be read: every question about it says why, so that nothing looks empty."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NoReturn

from poise.disk.tree import Unreadable


class Absent:
    """Stands for a volume that `fstab` mounts and that is not here or not readable."""

    def __init__(self, path: str, reason: str) -> None:
        self._path = path
        self._reason = reason

    def root(self) -> str:
        """Return its path."""
        return self._path

    def identity(self, node: str) -> Hashable:
        """Return the path."""
        return node

    def child(self, folder: str, name: str) -> NoReturn:
        """Raise `Unreadable`."""
        raise self._unread()

    def facts(self, node: str) -> NoReturn:
        """Raise `Unreadable`."""
        raise self._unread()

    def names(self, folder: str) -> NoReturn:
        """Raise `Unreadable`."""
        raise self._unread()

    def target(self, node: str) -> NoReturn:
        """Raise `Unreadable`."""
        raise self._unread()

    def open(self, node: str) -> NoReturn:
        """Raise `Unreadable`."""
        raise self._unread()

    def _unread(self) -> Unreadable:
        return Unreadable(self._path, f"{self._path} was not read: {self._reason}")
