"""Sets of (port, address) pairs equal brute force on small ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model.errors import BadInput
from poise.policy.intervals import IpSet, PortSet
from poise.policy.traffic import Traffic, first_match

SMALL = 8


def spans(most=SMALL - 1):
    return st.tuples(st.integers(0, most), st.integers(0, most)).map(lambda pair: (min(pair), max(pair)))


def addresses(low, high):
    return IpSet(v4=((low, high),))


pairs = st.builds(lambda p, a: (PortSet.of(p), addresses(*a)), spans(), spans())
traffics = st.lists(pairs, max_size=5).map(Traffic.of)


def points(traffic):
    """Every pair of a small set."""
    return {
        (port, address)
        for ports, held in traffic.parts
        for low, high in ports.ranges
        for port in range(low, high + 1)
        for first, last in held.v4
        for address in range(first, last + 1)
    }


@given(st.lists(pairs, max_size=6))
def test_adding_up_equals_brute_force(given_pairs):
    expected = set().union(*(points(Traffic.between(*one)) for one in given_pairs))

    assert points(Traffic.of(given_pairs)) == expected


@given(traffics, traffics)
def test_algebra_equals_brute_force(one, other):
    assert points(one | other) == points(one) | points(other)
    assert points(one & other) == points(one) & points(other)
    assert points(one - other) == points(one) - points(other)
    assert one.covers(other) == (points(one) >= points(other))


@given(traffics, traffics)
def test_equal_sets_are_equal_values(one, other):
    assert (one | other) == (other | one)
    assert ((one - other) | (one & other)) == one


@given(st.lists(st.tuples(st.booleans(), pairs), max_size=6))
def test_first_match_equals_brute_force(rules):
    found = first_match([(allows, *pair) for allows, pair in rules])
    expected = set()
    for port in range(SMALL):
        for address in range(SMALL):
            decided = (a for a, (p, held) in rules if port in p and held.covers(addresses(address, address)))
            if next(decided, False):
                expected.add((port, address))

    assert points(found) == expected


def test_everything_is_neutral():
    some = Traffic.between(PortSet.of(22), addresses(1, 5))

    assert Traffic.every() & some == some
    assert some & Traffic.every() == some
    assert Traffic.every().covers(some)
    assert not Traffic()
    assert some.at(22) == addresses(1, 5)
    assert not some.at(23)


def test_too_many_rules_are_refused_and_not_followed():
    rules = [(True, PortSet.of(port), addresses(port, port)) for port in range(3000)]

    with pytest.raises(BadInput, match="more rules"):
        first_match(rules)
