"""Tells a feed from what only looks like one: a list of errors, another ecosystem's, or what is left of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from poise.model.errors import BadInput
from poise.vulns.advisory import Advisory
from poise.vulns.index import EPSS, KEV

MOST_REFUSED = 100
"""More records than this that cannot be understood, and more than one in twenty: the file is no feed."""
LARGE = 100
"""A feed of fewer records may shrink as it likes."""
T = TypeVar("T")


class Wanted(msgspec.Struct, frozen=True):
    """What a fetched file must be; the default takes everything, as for a file that somebody names."""

    holds: str = ""
    """An ecosystem, `kev` or `epss`; empty if it may be any."""
    before: int = 0
    """Records that the feed held before."""

    def form(self, found: str) -> None:
        """Raise :class:`BadInput` if the form of a file (`kev`, `epss`, or empty for advisories) is another one."""
        wanted = self.holds if self.holds in (KEV, EPSS) else ""
        if self.holds and found != wanted:
            raise BadInput(f"The file holds {_word(found)}, not {_word(wanted)}.", "Check the mirror.")

    def counted(self, records: Iterable[T], file: object) -> Iterator[T]:
        """Pass records on; raise :class:`BadInput` behind the last if there are none, or less than half as before."""
        number = 0
        for record in records:
            number += 1
            yield record
        if number == 0:
            raise BadInput(f"{file} holds no records.", "Is it a feed of advisories?")
        if number * 2 < self.before and self.before >= LARGE:
            raise BadInput(
                f"{file} holds {number} records, where there were {self.before}.",
                "Check the mirror. If this is right, take the file with `poise vulns import`.",
            )


ANYTHING = Wanted()


def sound(found: Iterable[Advisory], file: object, refused: Sequence[str], wanted: Wanted) -> Iterator[Advisory]:
    """Pass advisories on. Raise :class:`BadInput` if many cannot be understood, or most are of another ecosystem."""
    number = others = 0
    for number, one in enumerate(found, 1):
        if _is_hopeless(refused, number):
            break
        others += bool(wanted.holds) and not any(of(part.ecosystem) == wanted.holds for part in one.affected)
        yield one
    if _is_hopeless(refused, number):
        raise BadInput(f"{file}: {len(refused)} records cannot be understood.", refused[0])
    if number == 0:
        raise BadInput(f"{file} holds no records.", refused[0] if refused else "Is it a feed of advisories?")
    if others * 2 > number:
        raise BadInput(f"{file}: {others} of {number} advisories are not of {wanted.holds}.", "Check the mirror.")


def of(ecosystem: str) -> str:
    """Return the ecosystem without its release: `Debian:12` is of `Debian`."""
    return ecosystem.partition(":")[0]


def _is_hopeless(refused: Sequence[str], number: int) -> bool:
    return len(refused) > MOST_REFUSED and len(refused) * 20 > number


def _word(form: str) -> str:
    return {KEV: "known exploited vulnerabilities", EPSS: "probabilities of exploitation"}.get(form, "advisories")
