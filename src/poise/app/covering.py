"""Which checks an exemption is about, and applying all exemptions to what is stored."""

from __future__ import annotations

from collections.abc import Mapping

from poise.model.check import Check
from poise.model.exemption import Covers
from poise.store import Store


def apply_exemptions(store: Store, checks: Mapping[str, Check]) -> int:
    """Make every finding agree with the exemptions and grace periods that hold now; return how many changed."""
    rows = store.exemptions.present()
    meant = {row.exemption.name: checks_of(row.exemption.covers, checks) for row in rows}
    return store.exemptions.apply(meant) + store.governance.settle()


def checks_of(covers: Covers, checks: Mapping[str, Check]) -> frozenset[str] | None:
    """Return the ids of the checks that are meant; None for all of them.

    An id may be one that the check had before. One of a check that is gone stays, for the findings that it left.
    """
    if not covers.checks and not covers.categories:
        return None
    named = frozenset(id for word in covers.checks for id in ids_of(word, checks) or {word})
    of_category = frozenset(id for id, check in checks.items() if check.category in covers.categories)
    if not covers.checks:
        return of_category
    return named & of_category if covers.categories else named


def ids_of(word: str, checks: Mapping[str, Check]) -> frozenset[str]:
    """Return the checks with an id, or below a beginning of ids such as ``aws.s3``; none if there is none."""
    return frozenset(id for id, check in checks.items() if word in (id, *check.formerly) or id.startswith(f"{word}."))
