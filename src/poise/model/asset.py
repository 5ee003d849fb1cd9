"""Assets: one thing in a cloud that we keep a record of.

An asset class is the typed record of one kind. It is made by :func:`asset_kind`, holds **what the API said**,
and has no defaults: a field is known, or it is named in ``unread`` with the reason. Touching an unread field
raises :class:`~poise.model.errors.NotCollected`, which the engine turns into the verdict ``unknown``.

Identity (``id``, ``name``, ``scope``, ``region``) is always known;
``tags`` may be unread like any other fact.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast, dataclass_transform, get_type_hints

import msgspec

from poise.model.errors import NotCollected

A = TypeVar("A", bound="Asset")
Json = Any
"""Any JSON value, as a provider answered it."""
Document = dict[str, Any]
"""A policy or other JSON object, as a provider answered it. Only `policy/` reads inside."""

IDENTITY = ("id", "name", "scope", "region")
TYPE_HINT_NAMES = {"Mapping": Mapping}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A nested piece of a record: a rule, an attachment, a listener. Compared and hashed by value.

    Subclasses repeat `frozen=True, kw_only=True`: both count for their own fields alone.
    """


@dataclass_transform(kw_only_default=True, frozen_default=True)
def _typed(cls: type[A]) -> type[A]:
    """Tell the type checker that the fields below are constructor arguments of every kind."""
    return cls


@_typed
class Asset:
    """One thing in a cloud. Subclasses add the facts of a kind."""

    __slots__ = ("_digest", "id", "name", "region", "scope", "tags", "unread")

    KIND: ClassVar[str] = ""
    """The provider's own type name."""
    PROVIDER: ClassVar[str] = ""
    """`aws`, `azure`, `gcp`, `kubernetes`, `host` or `repo`."""
    FACTS: ClassVar[tuple[str, ...]] = ()
    """Names of the facts, in the order of their declaration, `tags` not among them."""

    if TYPE_CHECKING:
        id: str
        """The provider's own id: ARN, ARM id, full resource name."""
        name: str
        """What people call it."""
        scope: str
        """Account, subscription or project that holds it."""
        region: str
        """Region or location; `global` where the provider has none."""
        tags: Mapping[str, str]
        """Tags or labels."""
        unread: Mapping[str, str] = {}
        """Reason for each fact that could not be read."""
    else:
        # Hidden from the type checker: it would accept every misspelt field.
        def __getattr__(self, field: str) -> Any:
            reason = _unread_reason(self, field)
            if reason is None:
                raise AttributeError(f"{type(self).__name__} has no field {field!r}")
            raise NotCollected(field, reason)

    def __init__(self, *, unread: Mapping[str, str] | None = None, **fields: Any) -> None:
        put = object.__setattr__
        for name in IDENTITY:
            put(self, name, fields.pop(name))
        gaps = dict(unread or {})
        for name in ("tags", *self.FACTS):
            if name in fields:
                put(self, name, fields.pop(name))
                if name in gaps:
                    raise TypeError(f"{type(self).__name__}.{name} is both known and unread")
            elif name not in gaps:
                raise TypeError(f"{type(self).__name__}.{name} is neither known nor unread")
        unknown = fields.keys() | gaps.keys() - {"tags", *self.FACTS}
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        put(self, "unread", gaps)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: use replace()")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def known(self) -> dict[str, Any]:
        """Return the facts that were read, by field name, without identity and tags."""
        return {name: getattr(self, name) for name in self.FACTS if name not in self.unread}

    def __reduce__(self) -> tuple[Callable[..., Asset], tuple[type[Asset], dict[str, Any], dict[str, str]]]:
        return _restore, (type(self), _fields(self), dict(self.unread))

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return _fields(self) == _fields(other) and self.unread == other.unread

    def __hash__(self) -> int:
        return hash((self.KIND, self.id))

    def __repr__(self) -> str:
        gaps = f", unread={sorted(self.unread)}" if self.unread else ""
        return f"<{type(self).__name__} {self.id}{gaps}>"


@dataclass_transform(kw_only_default=True, frozen_default=True)
def asset_kind(kind: str, provider: str) -> Callable[[type[A]], type[A]]:
    """Make an asset class of the annotated class below it: slots, no defaults, frozen.

    ``kind`` is the provider's own type name, such as ``AWS::S3::Bucket``.
    """

    def make(cls: type[A]) -> type[A]:
        facts = tuple(inspect.get_annotations(cls))
        body = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__", *facts)}
        body |= {"__slots__": facts, "KIND": kind, "PROVIDER": provider, "FACTS": facts}
        made: Any = type(cls)
        return cast("type[A]", made(cls.__name__, cls.__bases__, body))

    return make


def replace(asset: A, unread: Mapping[str, str] | None = None, **changes: Any) -> A:
    """Copy an asset with some facts changed, or made unread.

    A fact named in ``unread`` loses its value; a fact named in ``changes`` is known again.
    """
    gaps = {name: reason for name, reason in asset.unread.items() if name not in changes} | dict(unread or {})
    fields = {name: value for name, value in _fields(asset).items() if name not in gaps}
    return type(asset)(unread=gaps, **(fields | changes))


def build(kind: type[A], identity: Mapping[str, str], facts: Mapping[str, Any], unread: Mapping[str, str]) -> A:
    """Make an asset from plain JSON values, each checked against the type of its field.

    ``identity`` holds ``id``, ``name``, ``scope`` and ``region``. A value of a wrong type does not fail the
    asset: that one field becomes unread with the reason "malformed: ...". A field that is in neither
    ``facts`` nor ``unread`` becomes unread too, so that a connector cannot forget one silently.
    """
    gaps = dict(unread)
    values: dict[str, Any] = {}
    for name, expected in field_types(kind).items():
        if name in gaps:
            continue
        if name not in facts:
            gaps[name] = "not in the answer"
            continue
        try:
            value = msgspec.convert(facts[name], expected)
            msgspec.json.encode(value)
            values[name] = value
        except (msgspec.ValidationError, ValueError, OverflowError, RecursionError, TypeError) as problem:
            gaps[name] = f"malformed: {problem}"
    return kind(unread=gaps, **{name: identity[name] for name in IDENTITY}, **values)


def field_types(kind: type[Asset]) -> Mapping[str, Any]:
    """Return the type of every fact of a kind, `tags` included, in order."""
    if kind not in _FIELD_TYPES:
        hints = get_type_hints(kind, localns=TYPE_HINT_NAMES)
        _FIELD_TYPES[kind] = {"tags": dict[str, str]} | {name: hints[name] for name in kind.FACTS}
    return _FIELD_TYPES[kind]


_FIELD_TYPES: dict[type[Asset], dict[str, Any]] = {}


def content_hash(asset: Asset) -> bytes:
    """Hash what an asset is: identity, tags, known facts and gaps (SHA-256, 32 bytes). Computed once per object."""
    try:
        return cast("bytes", object.__getattribute__(asset, "_digest"))
    except AttributeError:
        content = (asset.KIND, _fields(asset), dict(asset.unread))
        digest = hashlib.sha256(msgspec.json.encode(content, order="sorted")).digest()
        object.__setattr__(asset, "_digest", digest)
        return digest


def hash_without(asset: Asset, facts: Collection[str]) -> bytes:
    """Hash what an asset is, but for some facts (`tags` is one), known or not: SHA-256, 32 bytes."""
    fields = {name: value for name, value in _fields(asset).items() if name not in facts}
    gaps = {name: reason for name, reason in asset.unread.items() if name not in facts}
    return hashlib.sha256(msgspec.json.encode((asset.KIND, fields, gaps), order="sorted")).digest()


def to_json(asset: Asset) -> dict[str, Any]:
    """Return the public JSON form: identity, ``tags``, ``record`` (known facts) and ``unread``."""
    return {
        "id": asset.id,
        "kind": asset.KIND,
        "name": asset.name,
        "provider": asset.PROVIDER,
        "scope": asset.scope,
        "region": asset.region,
        "tags": None if "tags" in asset.unread else dict(asset.tags),
        "record": msgspec.to_builtins(asset.known()),
        "unread": dict(asset.unread),
    }


def _fields(asset: Asset) -> dict[str, Any]:
    names: Iterable[str] = (*IDENTITY, *(n for n in ("tags", *asset.FACTS) if n not in asset.unread))
    return {name: getattr(asset, name) for name in names}


def _restore(kind: type[A], fields: dict[str, Any], unread: dict[str, str]) -> A:
    return kind(unread=unread, **fields)


def _unread_reason(asset: Asset, field: str) -> str | None:
    try:
        gaps: Mapping[str, str] = object.__getattribute__(asset, "unread")
    except AttributeError:
        return None
    return gaps.get(field)
