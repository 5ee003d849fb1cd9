"""Every way of the later families is found on its smallest graph."""

import tomllib
from pathlib import Path

import pytest

from poise.attackpaths.analysis import analyse
from poise.attackpaths.choices import Choices
from poise.attackpaths.facts import Facts
from tests.attackpaths.later_families import WAYS

FAMILIES = tomllib.loads((Path(__file__).parent / "shapes.toml").read_text())["family"]


@pytest.mark.parametrize("name", WAYS)
def test_a_way_of_a_later_family_is_found(name):
    nodes, edges, taken, steps = WAYS[name]
    found = analyse(Facts(nodes, edges), Choices(minor_targets=True, assumed_breaches=(taken,) if taken else ()))

    ways = [[t.rule for t in path.steps if not t.step.is_free] for path in found.paths if path.target.node == "end"]
    assert steps in ways


def test_every_family_has_ways_that_are_drawn_or_says_why_not():
    assert {way for one in FAMILIES for way in one.get("ways", ())} == set(WAYS)
    assert all(("reason" in one) != ("ways" in one) for one in FAMILIES)
