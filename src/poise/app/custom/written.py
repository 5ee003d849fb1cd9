"""Checks in CEL that were written on the page or sent to the API: what the store keeps of them, made into checks."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import structlog

from poise.app.custom import WRITTEN
from poise.app.custom.sandbox import Sandbox
from poise.assess.custom.definition import read
from poise.assess.custom.rule import check
from poise.model.check import Check
from poise.model.errors import BadInput
from poise.store import Store

log = structlog.get_logger()
MOST = 200
"""Checks that may be kept."""


def texts(store: Store) -> dict[str, str]:
    """Return name -> definition as TOML of the checks that are kept, by name."""
    content = store.kept.get(WRITTEN)
    return msgspec.json.decode(content, type=dict[str, str]) if content else {}


def written_checks(store: Store) -> dict[str, Check]:
    """Return the checks that are kept, by id. No rule is compiled, and no process started."""
    made = (made_of(name, text) for name, text in texts(store).items())
    return {one.id: one for one in made if one is not None}


@lru_cache(1)
def sandbox() -> Sandbox:
    """Return the one process that evaluates the rules of all of them; it starts when it is first asked."""
    return Sandbox()


@lru_cache(MOST)
def made_of(name: str, text: str) -> Check | None:
    """Return a check that is kept; one that can be read no more, as its kind is gone, is told of and left out."""
    try:
        return check(name, read(text, name), sandbox())
    except BadInput as problem:
        log.warning("a check of your own cannot be read", check=name, reason=str(problem))
        return None
