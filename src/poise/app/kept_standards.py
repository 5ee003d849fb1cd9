"""What the store keeps of standards: texts that were uploaded, and where each standard holds."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import structlog

from poise.app.standards import Standards, read_text
from poise.model.errors import BadInput
from poise.model.standard import Standard
from poise.standards import library
from poise.store import Store

log = structlog.get_logger()
KEPT = "standards"
MOST_OWN = 100
"""Standards that may be uploaded."""


class Kept(msgspec.Struct, frozen=True):
    """What the store keeps."""

    texts: dict[str, str] = {}
    """Id -> TOML text of an uploaded standard."""
    assigned: dict[str, tuple[str, ...]] = {}
    """Id -> patterns of scope ids; before what the settings say."""


def with_kept(store: Store, given: Standards) -> Standards:
    """Return standards with those that were uploaded, and assigned as was set. An id of a file goes first."""
    there = kept(store)
    files = {standard.id for standard in given.own}
    uploaded = tuple(read for id, text in there.texts.items() if id not in files and (read := _read(id, text)))
    ids = {*library.standard_ids(), *files, *(standard.id for standard in uploaded)}
    assigned = {id: places for id, places in there.assigned.items() if id in ids}
    return Standards((*given.own, *uploaded), {**given.assigned, **assigned})


def kept(store: Store) -> Kept:
    """Return what the store keeps."""
    content = store.kept.get(KEPT)
    return msgspec.json.decode(content, type=Kept) if content else Kept()


@lru_cache(MOST_OWN)
def _read(id: str, text: str) -> Standard | None:
    """Return an uploaded standard; one that cannot be read any more is left out and told of, and stays kept.

    A check that is gone since does not matter: its control has nothing to judge.
    """
    try:
        return read_text(text, id, known=())
    except BadInput as problem:
        log.warning("an uploaded standard cannot be read", standard=id, reason=str(problem))
        return None
