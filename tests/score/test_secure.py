"""The classic secure score against every example that its publisher worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.score.secure import ControlCount, ScopeCounts, score, score_control, score_scope


def control(healthy, unhealthy, maximum, not_applicable=0, unknown=0, name="c"):
    return ControlCount(
        control=name, max=maximum, healthy=healthy, unhealthy=unhealthy, not_applicable=not_applicable, unknown=unknown
    )


def scope(*controls, weight=1, name="s"):
    return ScopeCounts(scope=name, weight=weight, unknown=sum(c.unknown for c in controls), controls=controls)


@pytest.mark.parametrize(
    ("healthy", "unhealthy", "per_asset", "current", "potential"),
    [(4, 74, 0.0769, 0.31, 5.69), (5, 30, 0.1714, 0.86, 5.14)],
    ids=["page of 2025", "page of 2022"],
)
def test_points_of_a_control_of_six(healthy, unhealthy, per_asset, current, potential):
    scored = score_control(control(healthy, unhealthy, 6))
    assert (scored.per_asset, scored.current, scored.potential) == (per_asset, current, potential)
    assert round(scored.potential / 60 * 100) == 9  # shown as + 9 %


API = [
    # healthy, unhealthy, not applicable, definition max -> effective max, current, percentage, weight
    ("Protect applications against DDoS attacks", 0, 0, 1, 2, 0, 0, 0, 0),
    ("Enable MFA", 1, 0, 0, 10, 10, 10, 1, 1),
    ("Implement security best practices", 7, 0, 1, 0, 0, 0, 0, 7),
    ("Enable Advanced Threat Protection", 0, 1, 0, 0, 0, 0, 0, 1),
    ("Enable auditing and logging", 1, 4, 0, 1, 1, 0.2, 0.2, 5),
    ("Manage access and permissions", 1, 1, 0, 4, 4, 2, 0.5, 2),
    ("Remediate security configurations", 0, 1, 0, 4, 4, 0, 0, 1),
    ("Enable endpoint protection", 0, 1, 0, 2, 2, 0, 0, 1),
    ("Apply system updates", 0, 1, 0, 6, 6, 0, 0, 1),
    ("Encrypt data in transit", 5, 1, 0, 4, 4, 3.33, 0.8325, 6),
    ("Restrict unauthorized network access", 1, 0, 0, 4, 4, 4, 1, 1),
    ("Enable encryption at rest", 1, 0, 0, 4, 4, 4, 1, 1),
]


@pytest.mark.parametrize(
    ("name", "healthy", "unhealthy", "na", "defined", "maximum", "current", "percentage", "weight"), API
)
def test_control_of_the_api_example(name, healthy, unhealthy, na, defined, maximum, current, percentage, weight):
    scored = score_control(control(healthy, unhealthy, defined, na, name=name))
    assert (scored.max, scored.current, scored.percentage, scored.weight) == (maximum, current, percentage, weight)


def test_scope_of_the_api_example():
    scored = score_scope(scope(*(control(h, u, m, na, name=n) for n, h, u, na, m, *_ in API)))
    assert (scored.current, scored.max, scored.percentage) == (23.53, 39, 0.6033)


def test_a_ratio_has_four_decimals():
    assert score_scope(scope(control(3, 10, 13))).percentage == 0.2308


def test_what_is_missing_is_the_sum_of_the_potentials():
    scored = score_scope(scope(control(28, 32, 60)))
    assert scored.max - scored.current == sum(c.potential for c in scored.controls) == 32


def test_what_is_missing_over_several_scopes_is_no_mean_of_their_percentages():
    scopes = [scope(control(20, 10, 30), name="a"), scope(control(4, 26, 30), name="b")]
    found = score(scopes).scopes
    assert (sum(s.current for s in found), sum(s.max for s in found)) == (24, 60)
    assert sum(c.potential for s in found for c in s.controls) == 36


def test_several_scopes_are_weighted_by_their_assets():
    all_good = scope(control(1, 0, 10), weight=30, name="a")
    all_bad = scope(control(0, 1, 10), weight=10, name="b")
    assert score([all_good, all_bad]).overall.percentage == 0.75


def test_a_scope_without_scored_assets_does_not_weigh():
    assert score([scope(control(1, 0, 10), weight=3), scope(weight=0, name="b")]).overall.percentage == 1


def test_nothing_at_all_scores_nothing():
    assert score([]).overall.percentage == 0


def test_an_unknown_asset_is_outside_of_the_score_and_inside_the_range():
    scored = score_scope(scope(control(1, 1, 10, unknown=2)))
    assert (scored.percentage, scored.range.low, scored.range.high) == (0.5, 0.25, 0.75)
    assert scored.unknown == 2


def test_a_control_that_is_all_unknown_widens_the_range():
    scored = score_scope(scope(control(1, 0, 10), control(0, 0, 10, unknown=5, name="d")))
    assert (scored.percentage, scored.range.low, scored.range.high) == (1.0, 0.5, 1.0)


def test_the_range_over_scopes_holds_the_present_score():
    heavy_unknown = scope(control(1, 1, 10, unknown=100), weight=2, name="a")
    all_good = scope(control(50, 0, 10), weight=50, name="b")
    overall = score([heavy_unknown, all_good]).overall
    assert overall.range.low <= overall.percentage <= overall.range.high


counts = st.integers(0, 40)


@given(st.lists(st.tuples(counts, counts, st.integers(0, 10), counts, counts), max_size=6))
def test_the_score_lies_in_its_range_and_denying_never_raises_the_low_end(rows):
    controls = [control(h, u, m, na, unk, name=str(i)) for i, (h, u, m, na, unk) in enumerate(rows)]
    scored = score_scope(scope(*controls))
    denied = [control(0, 0, c.max, c.not_applicable, c.unknown + c.healthy + c.unhealthy) for c in controls]

    assert 0 <= scored.range.low <= scored.range.high <= 1
    assert score_scope(scope(*denied)).range.low <= scored.range.low + 1e-4
