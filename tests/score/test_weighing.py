"""What a scope weighs beside others, by both readings of what is published."""

from __future__ import annotations

from poise.app.scores import counts_of
from poise.app.workspace import Choices
from poise.model.listings import ControlCounts, ScopeScore
from poise.score.secure import Weighing, score

MFA, TRANSIT = "Enable MFA", "Encrypt data in transit"


def scope(name, assets, *controls):
    """A scope with (control, healthy, unhealthy) of so many distinct assets."""
    counts = tuple(
        ControlCounts(control=control, healthy=healthy, unhealthy=unhealthy, not_applicable=0, unknown=0)
        for control, healthy, unhealthy in controls
    )
    return ScopeScore(
        scope=name, provider="aws", source="live", name=name, assets=assets, scored_assets=assets, controls=counts
    )


def test_an_asset_in_two_controls_weighs_once_or_twice():
    """One user fails both controls; the other scope has three users in one control, all healthy."""
    both = scope("a", 1, (MFA, 0, 1), (TRANSIT, 0, 1)), scope("b", 3, (MFA, 3, 0))
    by_assets = score(counts_of(one, Choices()) for one in both)
    by_controls = score(counts_of(one, Choices(weighing=Weighing.CONTROLS)) for one in both)
    assert [one.weight for one in by_assets.scopes] == [1, 3]
    assert [one.weight for one in by_controls.scopes] == [2, 3]
    assert (by_assets.overall.percentage, by_controls.overall.percentage) == (0.75, 0.6)  # 3 of 4, 3 of 5
    assert [one.percentage for one in by_assets.scopes] == [one.percentage for one in by_controls.scopes]
