"""Finds every check by walking the folders when asked; importing changes nothing.

The path is the identity: ``checks/aws/s3/bucket_open_to_everyone.py`` is ``aws.s3.bucket_open_to_everyone``.
Installed packages add checks through the entry-point group ``poise.checks``: each names a package that is
walked the same way.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

import poise.checks as here
from poise.model.check import Check
from poise.model.errors import UsageError

ENTRY_POINTS = "poise.checks"


@cache
def load() -> dict[str, Check]:
    """Return id -> check, for the checks we ship and those of installed packages, by id."""
    packages = [here, *(point.load() for point in entry_points(group=ENTRY_POINTS))]
    found = {check.id: check for package in packages for check in walk(package)}
    return dict(sorted(found.items()))


def walk(package: ModuleType) -> Iterator[Check]:
    """Yield the checks below a package of ``provider/service/bad_thing`` modules."""
    prefix = f"{package.__name__}."
    for info in pkgutil.walk_packages(package.__path__, prefix):
        name = info.name.removeprefix(prefix)
        if not info.ispkg and name.count(".") == 2:
            module = importlib.import_module(info.name)
            yield replace(module.CHECK, id=name, risk=inspect.getdoc(module) or "")


def get(id: str) -> Check:
    """Return one check by its id or by an id that it had before."""
    checks = load()
    if id in checks:
        return checks[id]
    for check in checks.values():
        if id in check.formerly:
            return check
    raise UsageError(f"There is no check {id!r}.", nearest(id, checks))


def nearest(word: str, words: object) -> str:
    """Return "Did you mean ...?" for a mistyped word, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(words), n=3, cutoff=0.6)  # type: ignore[call-overload]
    return f"Did you mean {', '.join(close)}?" if close else ""
