"""Addresses: the URL is the state of a page. Links are made from it by changing one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from poise.app.parameters import Reading

Pairs = tuple[tuple[str, str], ...]

EVERYWHERE = ("scope",)
"""Parameters that every link keeps."""
NOT_FILTERS = ("page", "per_page", "sort", "view", "tab", "scope", "selected")
"""Parameters that are kept when all filters are cleared, or reset by any change."""


@dataclass(frozen=True)
class Address:
    """The path and parameters that were asked for."""

    path: str
    """Path without parameters."""
    pairs: Pairs = ()
    """Parameters in order; a name may come more than once."""

    @classmethod
    def parse(cls, href: str) -> Address:
        """Read an address from a link."""
        path, _, query = href.partition("?")
        return cls(path, tuple(parse_qsl(query)))

    def reading(self, *left_out: str, **instead: str) -> Reading:
        """Read the parameters, some left out, some replaced."""
        texts: dict[str, list[str]] = {name: [value] for name, value in instead.items()}
        for name, value in self.pairs:
            if name not in left_out:
                texts.setdefault(name, []).append(value)
        return Reading(texts)

    def values(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(value for key, value in self.pairs if key == name and value)

    def first(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter."""
        return next(iter(self.values(name)), default)

    def to(self, **changes: object) -> str:
        """Link to the same page with changes. None removes a parameter; any change starts at the first page."""
        dropped = {*changes, "page"}
        kept = [(key, value) for key, value in self.pairs if key not in dropped and value]
        return _join(self.path, [*kept, *_flat(changes)])

    def without(self, name: str, value: str) -> str:
        """Link to the same page with one value of one filter taken away."""
        kept = [pair for pair in self.pairs if pair != (name, value) and pair[0] != "page" and pair[1]]
        return _join(self.path, kept)

    def cleared(self) -> str:
        """Link to the same page without filters."""
        kept = [(key, value) for key, value in self.pairs if key in NOT_FILTERS and key != "page"]
        return _join(self.path, kept)

    def at(self, *parts: str, **parameters: object) -> str:
        """Link to another page, with the scope kept. Each part of the path is quoted."""
        path = "/" + "/".join(quote(part, safe="") for part in parts if part)
        kept = [(key, value) for key, value in self.pairs if key in EVERYWHERE and key not in parameters and value]
        return _join(path, [*_flat(parameters), *kept])

    def kept(self, *dropped: str) -> Pairs:
        """Return the parameters that a form of this page sends along unseen."""
        return tuple((key, value) for key, value in self.pairs if key not in (*dropped, "page") and value)


def _flat(parameters: dict[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in parameters.items():
        many = value if isinstance(value, list | tuple) else (value,)
        yield from ((name, str(one)) for one in many if one is not None and one != "")


def _join(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path
