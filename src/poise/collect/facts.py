"""Gathers the facts of one asset from several answers, each failure becoming a gap on just the fields it feeds.

A connector makes one :class:`Facts` per asset, feeds it answers, and yields what :meth:`Facts.finish` gives:
the problems that were met, then the asset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from poise.collect.redact import redacted
from poise.model.asset import Asset, Json, build, field_types
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState

A = TypeVar("A", bound=Asset)
T = TypeVar("T")
MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading inside an answer of an unexpected shape raises."""


class Found(Generic[A]):
    """An asset with the answers it came from."""

    __slots__ = ("asset", "raw")

    def __init__(self, asset: A, raw: Mapping[str, Json]) -> None:
        self.asset = asset
        self.raw = raw


Piece = Found[Any] | Listing | NotRead
"""What a connector yields: assets, the state of each listing, and problems."""


class Facts(Generic[A]):
    """The facts of one asset, as they come in."""

    def __init__(self, kind: type[A]) -> None:
        self.kind = kind
        self.values: dict[str, Json] = {}
        self.unread: dict[str, str] = {}
        self.problems: list[NotRead] = []
        self.raw: dict[str, Json] = {}

    def set(self, **values: Json) -> None:
        """Take values that are already plain."""
        self.values |= values

    def pick(self, call: str, item: Json, **paths: str | Callable[[Json], Json]) -> None:
        """Take fields out of an answer that was already read, e.g. one item of a list page.

        A path is ``Key.Sub``, or a function of the item. A key that is not there gives None where the field
        allows None, else an unread field. ``call`` is ``service:Operation``.
        """
        self.raw[call] = item
        for field, path in paths.items():
            try:
                self.values[field] = self._at(item, path, field)
            except MALFORMED as problem:
                self._malformed(call, (field,), problem)

    def read(
        self,
        call: Callable[[], Json],
        absent: Mapping[str, Json] | None = None,
        **paths: str | Callable[[Json], Json],
    ) -> None:
        """Make a call and take fields out of its answer, as :meth:`pick` does.

        ``absent`` maps an error code that means "there is none" to the value that its fields then have
        (None, an empty list ...), or to a mapping of field to value. Any other failure makes the fields unread.
        """
        try:
            answer = call()
        except NotRead as problem:
            if absent is not None and problem.code in absent:
                self._set_absent(absent[problem.code], paths)
                return
            self.problems.append(problem)
            self.unread |= dict.fromkeys(paths, problem.reason)
            return
        self.pick(_call_name(call), answer, **paths)

    def lacks(self, problem: NotRead, *fields: str) -> None:
        """Record that fields could not be read."""
        self.problems.append(problem)
        self.unread |= dict.fromkeys(fields, problem.reason)

    def finish(self, *, id: str, name: str, scope: str, region: str) -> Iterator[Found[A] | NotRead]:
        """Yield the problems that were met, then the asset."""
        yield from self.problems
        identity = {"id": id, "name": name, "scope": scope, "region": region}
        asset = build(self.kind, identity, self.values, self.unread)
        for field, reason in asset.unread.items():
            if field not in self.unread and reason.startswith("malformed"):
                yield NotRead(f"{self.kind.KIND}.{field}", "malformed", reason)
        yield Found(asset, redacted(self.raw))

    def _at(self, item: Json, path: str | Callable[[Json], Json], field: str) -> Json:
        if callable(path):
            return path(item)
        value = item
        for key in path.split("."):
            if isinstance(value, Mapping) and key not in value and _may_be_none(self.kind, field):
                return None
            if value is None and _may_be_none(self.kind, field):
                return None
            value = value[key]
        return value

    def _set_absent(self, value: Json, paths: Iterable[str]) -> None:
        if isinstance(value, Mapping):
            self.values |= value
        else:
            self.values |= dict.fromkeys(paths, value)

    def _malformed(self, call: str, fields: Iterable[str], problem: BaseException) -> None:
        missing = isinstance(problem, KeyError)
        reason = f"not in the answer: {problem}" if missing else f"malformed: {problem}"
        self.problems.append(NotRead(call, "incomplete" if missing else "malformed", f"{call}: {reason}"))
        self.unread |= dict.fromkeys(fields, reason)


def listed(kind: type[Asset], items: Iterable[Json], convert: Callable[[Json], Iterable[Piece]]) -> Iterator[Piece]:
    """Yield the assets of a listing, then the state of the listing.

    ``items`` may raise :class:`NotRead` at any point: what came before is kept, the listing is not complete.
    An item that cannot be understood makes the listing partial.
    """
    state, reason = ListingState.COMPLETE, ""
    seen = False
    try:
        for item in items:
            seen = True
            try:
                yield from convert(item)
            except MALFORMED as problem:
                text = f"malformed item in the list of {kind.KIND}: {type(problem).__name__} {problem}"
                state, reason = ListingState.PARTIAL, text
                yield NotRead(kind.KIND, "malformed", text)
    except NotRead as problem:
        state, reason = _state_of(problem, seen), problem.reason
        yield problem
    yield Listing(kind.KIND, state, reason)


def attempted(convert: Callable[[T], Iterable[Piece]], item: T) -> list[Piece] | Exception:
    """Convert one item beside others; what cannot be understood is returned, for :func:`unwrapped` to raise."""
    try:
        return list(convert(item))
    except MALFORMED as problem:
        return problem


def unwrapped(outcome: list[Piece] | Exception) -> list[Piece]:
    """Return what :func:`attempted` gave, or raise what it met: inside :func:`listed`, which counts it."""
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def failed(kinds: Iterable[type[Asset]], problem: NotRead) -> Iterator[Piece]:
    """Yield that a call failed on which the listings of several kinds depend."""
    yield problem
    for kind in kinds:
        yield Listing(kind.KIND, _state_of(problem, seen=False), problem.reason)


def _state_of(problem: NotRead, seen: bool) -> ListingState:
    if seen:
        return ListingState.PARTIAL
    if problem.code == "not_in_export":
        return ListingState.NOT_IN_EXPORT
    if problem.code in EXPECTED:
        return ListingState.NOT_OFFERED
    return ListingState.DENIED if problem.is_denied else ListingState.PARTIAL


EXPECTED = frozenset({"not_in_export", "not_offered", "not_enabled", "SubscriptionRequiredException"})
"""Codes of problems that no permission and no other try would cure."""


def _may_be_none(kind: type[Asset], field: str) -> bool:
    return type(None) in getattr(field_types(kind)[field], "__args__", ())


def _call_name(call: Callable[[], Json]) -> str:
    args = getattr(call, "args", ())
    return ":".join(args[:2]) if len(args) >= 2 else getattr(call, "__qualname__", "call")
