"""Versions of Python packages (PEP 440)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from poise.vulns.versions.bad import BadVersion, plain

FORM = re.compile(
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<pre_number>\d*))?"
    r"(?:-(?P<post_implicit>\d+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>\d*))?"
    r"(?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>\d*))?(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
    re.IGNORECASE,
)
PRE = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
LAST = 9


@lru_cache(maxsize=65536)
def key(text: str) -> Any:
    """Return a key that sorts as PEP 440 says. Raises :class:`BadVersion`, also for versions older than the PEP."""
    found = FORM.fullmatch(plain("Python", text))
    if found is None:
        raise BadVersion("Python", text)
    release = [int(number) for number in found["release"].split(".")]
    while len(release) > 1 and not release[-1]:
        release.pop()
    return int(found["epoch"] or 0), tuple(release), _pre(found), _post(found), _dev(found), _local(found["local"])


def _pre(found: re.Match[str]) -> tuple[int, int]:
    if found["pre"]:
        return PRE[found["pre"].lower()], int(found["pre_number"] or 0)
    has_post = found["post"] or found["post_implicit"]
    return (-1, 0) if found["dev"] and not has_post else (LAST, 0)


def _post(found: re.Match[str]) -> int:
    if found["post_implicit"]:
        return int(found["post_implicit"])
    return int(found["post_number"] or 0) if found["post"] else -1


def _dev(found: re.Match[str]) -> tuple[int, int]:
    return (0, int(found["dev_number"] or 0)) if found["dev"] else (1, 0)


def _local(text: str | None) -> tuple[tuple[int, int, str], ...]:
    parts = re.split(r"[-_.]", text.lower()) if text else []
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
