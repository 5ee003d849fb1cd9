"""Versions of PHP packages (Composer, VersionParser)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

FORM = re.compile(
    r"v?(\d+(?:\.\d+){0,3})(?:[._-]?(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?\d+)*))?([.-]?dev)?(?:\+\S*)?",
    re.IGNORECASE,
)
STABILITY = {"dev": 0, "alpha": 1, "a": 1, "beta": 2, "b": 2, "rc": 3, "stable": 4, "": 4, "patch": 5, "pl": 5, "p": 5}


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as Composer does. Raises :class:`BadVersion`, also for names of branches."""
    found = FORM.fullmatch(plain("Composer", text))
    if found is None:
        raise BadVersion("Composer", text)
    numbers = [int(number) for number in found[1].split(".")]
    stability = STABILITY[(found[2] or "").lower()]
    counts = tuple(int(number) for number in re.findall(r"\d+", found[3] or ""))
    return (*numbers, *[0] * (4 - len(numbers))), stability, counts, 0 if found[4] else 1
