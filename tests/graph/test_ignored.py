"""What families say that they never read, they never read: a proof may take over what they found."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest

from poise.graph.build import build, rebuild
from poise.graph.estate import Estate
from poise.graph.family import families
from poise.model.asset import Asset, replace
from tests.graph.watched import reads_of
from tests.scenarios.runner import Case, asset, cases

CASES = list(cases())
IGNORED = {(kind, fact) for family in families().values() for kind, facts in family.ignores.items() for fact in facts}
CHANGES = 40
"""Changes of an estate that are tried in the suite; all were tried by hand."""


def estates(case: Case) -> Iterator[tuple[Asset, ...]]:
    for miss in ("", *case.content["near_misses"]):
        yield tuple(asset(row) for row in case.rows(miss))


def other_values(assets: tuple[Asset, ...]) -> dict[tuple[str, str], list[object]]:
    """Return the values that a fact has in an estate, which take each other's place."""
    found: dict[tuple[str, str], list[object]] = defaultdict(list)
    for one in assets:
        for fact in ("tags", *one.FACTS):
            if fact not in one.unread and getattr(one, fact) not in found[one.KIND, fact]:
                found[one.KIND, fact].append(getattr(one, fact))
    return found


def changed(one: Asset, values: dict[tuple[str, str], list[object]]) -> Iterator[Asset]:
    """Yield an asset with each ignored fact as it is elsewhere, and unread."""
    for fact in ("tags", *one.FACTS):
        if (one.KIND, fact) in IGNORED:
            yield replace(one, unread={fact: "AccessDenied"})
            yield from (replace(one, **{fact: value}) for value in values[one.KIND, fact])


def with_changes(assets: tuple[Asset, ...], after: Asset) -> tuple[Asset, ...]:
    return tuple(after if one.id == after.id and one.KIND == after.KIND else one for one in assets)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_no_family_reads_what_it_ignores(case):
    for assets in estates(case):
        for name, facts in reads_of(assets).items():
            ignored = families()[name].ignores if name in families() else {}
            assert not [(kind, fact) for kind, fact in facts if fact in ignored.get(kind, ())], name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.number)
def test_a_graph_that_is_built_again_after_a_change_is_that_of_the_changed_estate(case):
    assets = next(estates(case))
    known = rebuild([Estate(assets)], {}).parts
    values = other_values(assets)
    tried = [after for one in assets for after in changed(one, values)]
    random.Random(7).shuffle(tried)
    for after in tried[:CHANGES]:
        estate = Estate(with_changes(assets, after))
        assert rebuild([estate], known).graph.digest == build(estate).digest, (after.id, after.unread)
