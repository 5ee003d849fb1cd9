"""The risk-based score by both readings of the published formula; no example of it is published, so these are derived.

Each is one product of the bases by hand: 0.99, 0.9, 0.5, 0.1 as printed for critical, high, medium and low, and the
opposite order as the text implies.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model.errors import UsageError
from poise.model.moments import RiskShape
from poise.score.cloud import CloudRules, Reading, Weights, cloud_rules, cloud_score

NONE = (0, 0, 0, 0)
EQUAL = Weights(none=1, low=1, medium=1, high=1)
THREE_TO_ONE = Weights(none=1, low=1, medium=1, high=3)


def shape(*unhealthy: int, criticality: int = 0, unknown: tuple[int, int, int, int] = NONE) -> RiskShape:
    critical, high, medium, low = unhealthy or NONE
    return RiskShape(criticality, True, (critical, high, medium, low), unknown)


EXAMPLES = [
    ("CSS-01", {shape(): 1}, EQUAL, 1.0, 1.0),
    ("CSS-02", {shape(1, 0, 0, 0): 1}, EQUAL, 0.99, 0.10),
    ("CSS-03", {shape(0, 0, 0, 1): 1}, EQUAL, 0.10, 0.99),
    ("CSS-04", {shape(0, 2, 1, 0): 1}, EQUAL, 0.405, 0.225),
    ("CSS-05", {shape(0, 1, 0, 0, criticality=3): 1, shape(): 1}, THREE_TO_ONE, 0.925, 0.625),
]


@pytest.mark.parametrize(("id", "shapes", "weights", "printed", "implied"), EXAMPLES, ids=[e[0] for e in EXAMPLES])
def test_both_readings_give_what_the_formula_gives(id, shapes, weights, printed, implied):
    found = [cloud_score(shapes, CloudRules(reading=r, weights=weights)).percentage for r in Reading]
    assert found == [printed, implied]


def test_an_asset_that_nothing_could_judge_is_outside_of_the_score_and_inside_of_its_range():
    unread = RiskShape(0, False, NONE, (1, 0, 0, 0))
    found = cloud_score({shape(): 1, unread: 1}, CloudRules())
    assert (found.percentage, found.assets, found.unknown) == (1.0, 1, 1)
    assert (found.range.low, found.range.high) == (0.55, 1.0)


def test_without_assets_there_is_no_score():
    assert cloud_score({}, CloudRules()).assets == 0


def test_own_bases_take_the_place_of_the_published_ones_they_name():
    rules = cloud_rules({"reading": "b", "bases": {"critical": 0.2}})
    assert cloud_score({shape(1, 0, 0, 0): 1}, rules).percentage == 0.2
    assert cloud_score({shape(0, 1, 0, 0): 1}, rules).percentage == 0.5


@pytest.mark.parametrize(
    "tables",
    [
        {"reading": "c"},
        {"bases": {"critical": 0}},
        {"bases": {"critical": 1.5}},
        {"bases": {"worst": 0.5}},
        {"bases": 7},
        {"weights": {"high": -1}},
        {"weights": {"none": 5, "high": 1}},
        {"weights": {"none": 0, "low": 0, "medium": 0, "high": 0}},
    ],
)
def test_what_makes_no_sense_is_refused(tables):
    with pytest.raises(UsageError):
        cloud_rules(tables)


counts = st.tuples(*[st.integers(0, 6)] * 4)
shapes = st.dictionaries(
    st.builds(RiskShape, st.integers(0, 3), st.booleans(), counts, counts), st.integers(1, 50), max_size=8
)


@given(shapes=shapes, reading=st.sampled_from(list(Reading)))
def test_the_score_lies_in_its_range(shapes, reading):
    found = cloud_score(shapes, CloudRules(reading=reading))
    assert 0 <= found.range.low <= found.percentage <= found.range.high <= 1


@given(shape_=st.builds(RiskShape, st.integers(0, 3), st.just(True), counts, st.just(NONE)), level=st.integers(0, 3))
def test_one_more_recommendation_never_raises_the_score(shape_: RiskShape, level: int):
    more = tuple(count + (place == level) for place, count in enumerate(shape_.unhealthy))
    worse = RiskShape(shape_.criticality, True, more, NONE)
    for reading in Reading:
        rules = CloudRules(reading=reading)
        assert cloud_score({worse: 1}, rules).percentage <= cloud_score({shape_: 1}, rules).percentage
