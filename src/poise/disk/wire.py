"""What the process that reads a disk and the one that serves its blocks say to each other.

The parent sends one request, then answers reads; the child asks for blocks and ends with a result. The child is not
trusted: :func:`scanned` builds the records anew, each field checked, under the identity that the parent gave.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import Identity
from poise.disk.scanned import Scanned, VolumeFacts
from poise.model.asset import Asset, build
from poise.model.errors import BadInput
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software

A = TypeVar("A", bound=Asset)
LENGTH = struct.Struct("<I")
"""Ahead of the request, of each answer and of the result."""
READ = struct.Struct("<cBQ")
"""`R`, number of the disk, number of the block."""
REFUSED = 0xFFFFFFFF
"""Length that announces the reason why a block could not be read."""
MOST_RESULT_BYTES = 512 << 20
MOST_REASON_BYTES = 2000


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the child is to read."""

    identity: Identity
    sizes: tuple[int, ...]
    """Bytes of each disk; none for a folder."""
    folder: str | None
    """A folder of this machine to read instead of disks."""
    passphrases: tuple[str, ...]
    """Keys for encrypted volumes."""
    secret_key: bytes | None
    """Key of fingerprints; None if no file is to be searched for secrets."""
    limits: Limits
    memory_bytes: int
    cpu_s: int


class Record(msgspec.Struct, frozen=True):
    """An asset as the child sends it."""

    record: dict[str, Any]
    unread: dict[str, str]
    tags: dict[str, str] | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the child sends at the end."""

    machine: Record | None = None
    software: Record | None = None
    secrets: Record | None = None
    volumes: tuple[VolumeFacts, ...] = ()
    gaps: tuple[str, ...] = ()
    peak_memory_bytes: int = 0


def encoded(result: Result) -> bytes:
    """Return a result as JSON; bytes of names that are no UTF-8 are replaced."""
    try:
        return msgspec.json.encode(result)
    except UnicodeEncodeError:
        return msgspec.json.encode(_replaced(msgspec.to_builtins(result)))


def scanned(content: bytes, identity: Identity) -> Scanned:
    """Return what a child read; raises :class:`BadInput` if it is no result."""
    try:
        result = msgspec.json.decode(content, type=Result)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise BadInput(f"what the reading process sent is malformed: {problem}") from None
    return Scanned(
        machine=_built(Machine, result.machine, identity, ""),
        software=_built(Software, result.software, identity, "#software"),
        secrets=_built(Secrets, result.secrets, identity, "#secrets"),
        volumes=result.volumes,
        gaps=result.gaps,
        peak_memory_bytes=result.peak_memory_bytes,
    )


def _built(kind: type[A], record: Record | None, identity: Identity, suffix: str) -> A | None:
    if record is None:
        return None
    named = {"id": identity.id + suffix, "name": identity.name, "scope": identity.scope, "region": identity.region}
    return build(kind, named, {"tags": dict(identity.tags), **record.record}, _texts(record.unread))


def _texts(unread: Mapping[str, str]) -> dict[str, str]:
    return {name: reason[:MOST_REASON_BYTES] for name, reason in unread.items()}


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_replaced(key): _replaced(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(item) for item in value]
    return value
