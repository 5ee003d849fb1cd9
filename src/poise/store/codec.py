"""How values are written: moments, documents of assets, packed verdicts, states."""

from __future__ import annotations

import sys
import threading
from array import array
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import msgspec
import zstandard

from poise.model.asset import IDENTITY, Asset, build, field_types
from poise.model.verdict import Severity, State, Verdict

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
STATES = (State.HEALTHY, State.UNHEALTHY, State.NOT_APPLICABLE, State.UNKNOWN)
state_number = STATES.index
"""State -> its number."""
SEVERITIES = {severity.rank: severity for severity in Severity}
SMALL_BYTES = 256
"""Shorter texts gain nothing from compression."""
PLAIN, COMPRESSED = b"\0", b"\1"
NUL = "\0"
NOT_STORED = "not read when the asset was stored"


def to_moment(when: datetime) -> int:
    """Return microseconds since 1970."""
    return (when - EPOCH) // MICROSECOND


def from_moment(moment: int) -> datetime:
    """Return the UTC time of a moment."""
    return EPOCH + timedelta(microseconds=moment)


def maybe_moment(when: datetime | None) -> int | None:
    """Like :func:`to_moment`, and None for None."""
    return None if when is None else to_moment(when)


def maybe_time(moment: int | None) -> datetime | None:
    """Like :func:`from_moment`, and None for None."""
    return None if moment is None else from_moment(moment)


def clean(text: str) -> str:
    """Return text that both databases accept in a column: no NUL, no half of a surrogate pair."""
    if text.isascii() and NUL not in text:
        return text
    return text.replace(NUL, "\ufffd").encode("utf-8", "replace").decode()


def write_asset(asset: Asset) -> bytes:
    """Return the document of an asset: compressed JSON of what `poise.model.asset.content_hash` digests."""
    names = _field_names(type(asset))  # type: ignore[arg-type]  # mypy: type[Asset] is not Hashable
    if asset.unread:
        names = tuple(name for name in names if name not in asset.unread)
    content = (asset.KIND, dict(zip(names, attrgetter(*names)(asset), strict=True)), dict(asset.unread))
    return press(msgspec.json.encode(content, order="sorted"))


@cache
def _field_names(kind: type[Asset]) -> tuple[str, ...]:
    return (*IDENTITY, "tags", *kind.FACTS)


def read_asset(kind: type[Asset], document: bytes) -> Asset:
    """Return the typed asset of a document.

    A fact that the record has gained since it was written is unread; one of another type is unread as
    malformed.
    """
    plain = unpress(document)
    try:
        _, fields, unread = _decoder(kind).decode(plain)  # type: ignore[arg-type]  # mypy: type[Asset] is not Hashable
    except msgspec.ValidationError:
        return _read_changed(kind, plain)
    if len(fields) + len(unread) != len(IDENTITY) + 1 + len(kind.FACTS):
        return _read_changed(kind, plain)
    return kind(unread=unread, **fields)


def _read_changed(kind: type[Asset], plain: bytes) -> Asset:
    _, fields, unread = msgspec.json.decode(plain)
    names = ("tags", *kind.FACTS)
    facts = {name: fields[name] for name in names if name in fields}
    gaps = {name: unread.get(name, NOT_STORED) for name in names if name not in facts}
    return build(kind, {name: fields[name] for name in IDENTITY}, facts, gaps)


_read_unread = msgspec.json.Decoder(tuple[msgspec.Raw, msgspec.Raw, dict[str, str]]).decode


def unread_of(document: bytes) -> dict[str, str]:
    """Return fact -> why it was not read, of an asset's document; nothing else of it is looked at."""
    return _read_unread(unpress(document))[2]


class _Decoder:
    """Reads documents of one kind, each fact straight into its type."""

    def __init__(self, kind: type[Asset]) -> None:
        types: Mapping[str, Any] = field_types(kind)
        fields: list[tuple[str, Any, Any]] = [(name, str, msgspec.UNSET) for name in IDENTITY]
        fields += [(name, hint | msgspec.UnsetType, msgspec.UNSET) for name, hint in types.items()]
        record = msgspec.defstruct("Record", fields, forbid_unknown_fields=True)
        self._decode = msgspec.json.Decoder(tuple[str, record, dict[str, str]]).decode  # type: ignore[valid-type]
        self._names = record.__struct_fields__

    def decode(self, plain: bytes) -> tuple[str, dict[str, Any], dict[str, str]]:
        name, record, unread = self._decode(plain)
        values = zip(self._names, msgspec.structs.astuple(record), strict=True)
        return name, {field: value for field, value in values if value is not msgspec.UNSET}, unread


@cache
def _decoder(kind: type[Asset]) -> _Decoder:
    return _Decoder(kind)


def write_tags(asset: Asset) -> str:
    """Return the tags as one text in which one tag can be found exactly; see :func:`tag_text`."""
    if "tags" in asset.unread or not asset.tags:
        return ""
    return "".join(tag_text(key, value)[:-1] for key, value in sorted(asset.tags.items())) + TAG_END


TAG_END, TAG_MIDDLE = "\x1f", "\x1e"


@lru_cache(maxsize=4096)
def tag_text(key: str, value: str) -> str:
    """Return the text that is part of the tags of exactly the assets with this tag."""
    words = (clean(word).replace(TAG_END, " ").replace(TAG_MIDDLE, " ") for word in (key, value))
    return TAG_END + TAG_MIDDLE.join(words) + TAG_END


def read_tags(text: str) -> dict[str, str]:
    """Return the tags of :func:`write_tags`."""
    pairs = (pair.split(TAG_MIDDLE, 1) for pair in text.split(TAG_END) if pair)
    return {pair[0]: pair[1] for pair in pairs}


class Packed(NamedTuple):
    """One verdict as stored: check number, state number, reason, evidence, next change."""

    check: int
    state: int
    reason: str
    seen: Any
    next_change_at: int | None

    def verdict(self) -> Verdict:
        """Return it as the model has it."""
        return Verdict(STATES[self.state], self.reason, self.seen, maybe_time(self.next_change_at))


_packed = msgspec.msgpack.Decoder(list[tuple[int, int, str, Any, int | None]])
_encode = msgspec.msgpack.Encoder().encode
_by_check = itemgetter(0)


PackedRow = tuple[int, int, str, Any, int | None]
"""The values of a :class:`Packed`, where a million are made."""


def pack(verdicts: Iterable[PackedRow]) -> bytes:
    """Return verdicts, sorted by check, as one blob."""
    return press(_encode(sorted(verdicts, key=_by_check)))


def unpack(blob: bytes) -> list[Packed]:
    """Return the verdicts of a blob."""
    return [Packed(*row) for row in _packed.decode(unpress(blob))]


def plain_evidence(seen: Any) -> Any:
    """Return evidence as plain JSON values; what has no such form is shown as text."""
    if seen is None or type(seen) is bool or (type(seen) is str and seen.isascii()):
        return seen
    try:
        plain = msgspec.to_builtins(seen, str_keys=True)
        _encode(plain)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return clean(repr(seen))
    return plain


def number_pairs(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Return (check number, code 0-63) pairs, sorted, as four bytes each."""
    numbers = array("I", sorted([check << 6 | code for check, code in pairs]))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def read_pairs(blob: bytes) -> list[tuple[int, int]]:
    """Return the pairs of :func:`number_pairs`."""
    numbers = array("I", blob)
    if sys.byteorder == "big":
        numbers.byteswap()
    return [(number >> 6, number & 63) for number in numbers]


class _Zstandard(threading.local):
    """Contexts are not safe to share between threads."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=1).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_zstandard = _Zstandard()


def press(plain: bytes) -> bytes:
    """Return bytes compressed, if that may gain something; :func:`unpress` gives them back."""
    if len(plain) < SMALL_BYTES:
        return PLAIN + plain
    return COMPRESSED + _zstandard.compress(plain)


def unpress(blob: bytes) -> bytes:
    """Return the bytes that were given to :func:`press`."""
    if blob[:1] == PLAIN:
        return blob[1:]
    return _zstandard.decompress(blob[1:])
