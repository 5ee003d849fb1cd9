"""Loads JSON that people and providers wrote, with limits and with errors that name the place."""

from __future__ import annotations

from pathlib import Path

import orjson

from poise.model.asset import Document, Json
from poise.model.errors import BadInput

MAX_FILE_BYTES = 512 * 1024 * 1024
"""A file over this size is refused: it is no configuration export."""
MAX_DOCUMENT_CHARACTERS = 1024 * 1024
"""A policy over this size is not read. The largest that a provider allows is 20 KB (S3) to 256 KB."""


def load_json(path: Path) -> Json:
    """Return the JSON value in a file, or raise :class:`BadInput` with file, line and column."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise BadInput(f"{path} is {size:,} bytes; the most that is read is {MAX_FILE_BYTES:,}.")
        return parse_json(path.read_bytes(), str(path))
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}.") from problem


def parse_json(text: bytes | str, place: str) -> Json:
    """Return the JSON value of a text, or raise :class:`BadInput` with the place, line and column."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        where = f"{place}:{problem.lineno}:{problem.colno}"
        raise BadInput(f"{where}: not valid JSON: {problem.msg}.") from problem


def policy_document(value: Json) -> Document | None:
    """Return a policy as an object, from the object itself or from its JSON text; None stays None.

    Raises ``ValueError`` with the reason for anything else, and for a text beyond the size limit.
    """
    if value is None or isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a policy is {type(value).__name__}, expected a JSON object")
    if len(value) > MAX_DOCUMENT_CHARACTERS:
        limit = MAX_DOCUMENT_CHARACTERS
        raise ValueError(f"the policy has {len(value):,} characters; the most that is read is {limit:,}")
    try:
        parsed = orjson.loads(value)
    except orjson.JSONDecodeError as problem:
        raise ValueError(f"the policy is not valid JSON: {problem}") from problem
    if not isinstance(parsed, dict):
        raise ValueError(f"the policy is {type(parsed).__name__}, expected a JSON object")
    return parsed
