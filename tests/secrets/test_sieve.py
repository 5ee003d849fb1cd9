"""The searches that make the rules fast lose nothing: compared with trying every rule everywhere.

Expectations come from the plainest search there is (`bytes.find`, `re.finditer` over the whole text) and from what
:class:`~poise.secrets.rule.Place` promises.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.secrets import assignments, catalog, engine, sieve
from poise.secrets.rule import Place
from poise.secrets.text import LEAST_RUN, LONG_RUN, REACH, TOKEN_CHARACTERS, Text
from tests.secrets.labelled import INNOCENT, SECRETS

PROSE = "the quick brown fox jumps over a lazy dog,\n" * 40
RUN = re.compile(b"[" + re.escape(TOKEN_CHARACTERS) + b"]{%d,}" % LEAST_RUN)
RULES = catalog.load()


def naive(data, part):
    return [at for at in range(len(data) - len(part) + 1) if data.startswith(part, at)]


def widest(keyword):
    """Return the widest place that a rule asks for a keyword."""
    if keyword in assignments.KEYWORDS:
        return Place.ANYWHERE
    return min(rule.place for rule in RULES if keyword in rule.keywords)


KEYWORDS = sorted({keyword for rule in RULES for keyword in rule.keywords} | set(assignments.KEYWORDS))


@pytest.mark.parametrize("row", SECRETS, ids=[f"{i}-{row[1]}" for i, row in enumerate(SECRETS)])
def test_every_rule_that_matches_anywhere_is_found_far_from_other_runs(row):
    data = (PROSE + row[2] + "\n" + PROSE).encode()
    found = [(c.start, c.end) for c in engine.find(Text(data))]

    for rule in RULES:
        for match in rule.pattern.finditer(data):
            start, end = match.span(match.lastindex)
            if rule.accept(data[start:end]):
                assert any(start < b and a < end for a, b in found), rule.name


def test_texts_without_secrets_stay_so_beside_each_other():
    assert engine.find(Text(("\n" + PROSE).join(INNOCENT).encode())) == []


@given(
    st.lists(
        st.one_of(
            st.sampled_from(KEYWORDS),
            st.sampled_from([b" ", b"\n", b"x", b"PASSWORD", b"Az", b"\xe9", b"." * 9, b"a1" * 16, b"a1" * 10]),
            st.just(b"- " * 360),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_keywords_are_found_where_a_plain_search_finds_them(pieces):
    data = b"".join(pieces)
    lower = data.lower()
    runs = [match.span() for match in RUN.finditer(data)]
    expected = {}
    for keyword in KEYWORDS:
        places = naive(lower, keyword)
        match widest(keyword):
            case Place.IN_RUN:
                places = [at for at in places if any(a <= at and at + len(keyword) <= b for a, b in runs)]
            case Place.BY_LONG_RUN:
                long = [(a - REACH, b + REACH) for a, b in runs if b - a >= LONG_RUN]
                places = [at for at in places if any(a <= at and at + len(keyword) <= b for a, b in long)]
        if places:
            expected[keyword] = places

    found = sieve.positions(Text(data))

    narrow = {k: v for k, v in expected.items() if widest(k) is not Place.BY_LONG_RUN}
    assert narrow == {k: v for k, v in found.items() if widest(k) is not Place.BY_LONG_RUN}
    for keyword in expected.keys() - narrow.keys():
        assert set(expected[keyword]) <= set(found[keyword]) <= set(naive(lower, keyword))


@given(st.binary(max_size=300), st.integers(0, 40))
def test_runs_are_those_of_a_pattern(data, more):
    data += b"k" * more + data
    assert Text(data).runs == [match.span() for match in RUN.finditer(data)]


@pytest.mark.parametrize("rule", [r for r in RULES if r.place is Place.BY_LONG_RUN], ids=lambda r: r.name)
def test_a_rule_that_waits_for_a_long_run_matches_within_reach_of_it(rule):
    assert max(rule.before, rule.after) + max(map(len, rule.keywords)) <= REACH
