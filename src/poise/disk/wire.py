"""What the process that reads a disk and the one that serves its blocks say to each other.

The parent sends one request, then answers reads; the child asks for blocks and ends with a result. The child is not
trusted: :func:`scanned` builds the records anew, each field checked, under the identity that the parent gave.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import Identity
from poise.disk.scanned import Scanned
from poise.model.asset import Asset, build
from poise.model.errors import BadInput
from poise.model.host.disk_scan import VolumeFacts
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
MOST_RESULT_BYTES = 128 << 20
MOST_PARTS = 8_000_000
"""Values of a result: an empty list takes two bytes of JSON and thirty times as many of memory."""
MOST_GAPS = 1000
MOST_IMAGES, MOST_NAME = 1000, 500
IMAGE = "#image/"
"""Between the id of a machine and that of an image in its store."""
IMAGE_ID = re.compile(r"[A-Za-z0-9:._+-]{1,200}")
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


class Image(msgspec.Struct, frozen=True):
    """The software of a container image in the machine's store."""

    id: str
    """What stands behind `#image/` in its id."""
    name: str
    software: Record


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the child sends at the end."""

    machine: Record | None = None
    software: Record | None = None
    secrets: Record | None = None
    images: tuple[Image, ...] = ()
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
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MOST_PARTS:
        raise BadInput(f"what the reading process sent has more than {MOST_PARTS:,} parts")
    try:
        result = msgspec.json.decode(content, type=Result)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        raise BadInput(f"what the reading process sent is malformed: {problem}") from None
    return Scanned(
        machine=_built(Machine, result.machine, identity, ""),
        software=_built(Software, result.software, identity, "#software"),
        secrets=_built(Secrets, result.secrets, identity, "#secrets"),
        images=tuple(_image(one, identity) for one in result.images[:MOST_IMAGES]),
        volumes=result.volumes,
        gaps=tuple(gap[:MOST_REASON_BYTES] for gap in result.gaps[:MOST_GAPS]),
        peak_memory_bytes=result.peak_memory_bytes,
    )


def _built(kind: type[A], record: Record | None, identity: Identity, suffix: str) -> A | None:
    if record is None:
        return None
    named = {"id": identity.id + suffix, "name": identity.name, "scope": identity.scope, "region": identity.region}
    return build(kind, named, {"tags": dict(identity.tags), **record.record}, _texts(record.unread))


def _image(image: Image, identity: Identity) -> Software:
    if not IMAGE_ID.fullmatch(image.id):
        raise BadInput(f"what the reading process sent is malformed: {image.id[:80]!r} is no id of an image")
    named = msgspec.structs.replace(identity, name=image.name[:MOST_NAME])
    found = _built(Software, image.software, named, IMAGE + image.id)
    assert found is not None
    return found


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
