"""What an attacker can make of a condition, from where it stands."""

from datetime import UTC, datetime

import pytest

from poise.policy.gcp.cel.evaluation import Tags
from poise.policy.gcp.positions import Position, from_internet, possible

from .documents import ME, ask, binding, chain

INTERNET = from_internet(datetime(2026, 11, 25, tzinfo=UTC))
YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, YES),
        ("request.time < timestamp('2027-01-01T00:00:00Z')", YES),
        ("request.time < timestamp('2026-01-01T00:00:00Z')", NO),
        ("resource.name == 'a'", EITHER),
        ("'accessPolicies/1/accessLevels/office' in request.auth.access_levels", EITHER),
        ("resource.name == 'a' && request.time < timestamp('2026-01-01T00:00:00Z')", NO),
        ("!(request.time < timestamp('2026-01-01T00:00:00Z'))", YES),
    ],
)
def test_the_moment_settles_times_and_the_attacker_chooses_the_rest(condition, expected):
    assert possible(ask(chain(binding(ME, condition=condition))), INTERNET) == expected


def test_tags_are_the_assets_own():
    answer = ask(chain(binding(ME, condition="resource.matchTag('1/env', 'test')")))
    assert possible(answer, Position()) == EITHER
    assert possible(answer, Position(tags=Tags(names={"1/env": "prod"}))) == NO
