"""Interval sets equal plain sets of numbers, and know the internet."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model.errors import BadInput
from poise.policy import intervals
from poise.policy.intervals import V4, V6, IpSet, PortSet, internet

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: (min(p), max(p))), max_size=6)


def numbers(one):
    return {n for low, high in one for n in range(low, high + 1)}


@given(pairs, pairs)
def test_set_operations_equal_brute_force(left, right):
    one, other = intervals.union(tuple(left)), intervals.union(tuple(right))
    assert numbers(intervals.union(one, other)) == numbers(one) | numbers(other)
    assert numbers(intervals.intersect(one, other)) == numbers(one) & numbers(other)
    assert numbers(intervals.subtract(one, other)) == numbers(one) - numbers(other)
    assert intervals.size(one) == len(numbers(one))
    assert all(intervals.holds(one, n) is (n in numbers(one)) for n in range(45))


@given(pairs, pairs)
def test_results_are_sorted_disjoint_and_not_adjacent(left, right):
    one, other = intervals.union(tuple(left)), intervals.union(tuple(right))
    for result in (one, intervals.intersect(one, other), intervals.subtract(one, other)):
        assert all(a[1] + 1 < b[0] for a, b in itertools.pairwise(result))


def test_two_halves_of_the_internet_are_the_internet():
    halves = IpSet.from_cidrs(["0.0.0.0/1", "128.0.0.0/1"])
    assert halves.is_everything(V4)
    assert halves.is_internet(V4)
    assert not halves.is_internet(V6)


def test_all_but_private_networks_is_the_internet():
    around = IpSet.every() - IpSet.from_cidrs(["10.0.0.0/8"])
    assert not around.is_everything(V4)
    assert around.is_internet(V4)


def test_all_but_one_public_network_is_not_the_whole_internet():
    assert not (IpSet.every() - IpSet.from_cidrs(["8.8.8.0/24"])).is_internet(V4)


def test_global_unicast_is_the_ipv6_internet():
    assert IpSet.from_cidrs(["2000::/3"]).is_internet(V6)
    assert not IpSet.from_cidrs(["fc00::/7"]) & internet()


def test_a_network_with_host_bits_is_the_network():
    assert IpSet.from_cidrs(["10.1.2.3/8"]) == IpSet.from_cidrs(["10.0.0.0/8"])


def test_networks_come_back_as_the_fewest():
    assert IpSet.from_cidrs(["10.0.0.0/9", "10.128.0.0/9", "::1"]).cidrs() == ("10.0.0.0/8", "::1/128")


@pytest.mark.parametrize("text", ["", "any", "300.1.1.1/8", "10.0.0.0/33", "0.0.0.0/0/0", "1" * 5000])
def test_a_malformed_network_is_named(text):
    with pytest.raises(BadInput, match="is not an address or network"):
        IpSet.from_cidrs([text])


@pytest.mark.parametrize("pair", [(-1, 5), (7, 3), (0, 70000)])
def test_an_impossible_range_of_ports_is_named(pair):
    with pytest.raises(BadInput, match="is not a range of ports"):
        PortSet.of(pair)


def test_ports_read_as_a_person_writes_them():
    ports = PortSet.of(22, (80, 90), 91)
    assert str(ports) == "22, 80-91"
    assert 85 in ports
    assert 23 not in ports
    assert ports.covers(PortSet.of((81, 83)))
    assert not ports.covers(PortSet.of((22, 23)))
    assert (ports - PortSet.of(85)).size() == ports.size() - 1
    assert str(PortSet()) == "none"
    assert PortSet.every().is_everything()
