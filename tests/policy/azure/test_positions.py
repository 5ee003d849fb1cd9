"""What an attacker can make of a condition, from where it stands."""

from datetime import UTC, datetime

import pytest

from poise.policy.azure.positions import Position, from_internet, possible

from .documents import BLOB_READ, CONTAINER, ask, given, inputs, role

INTERNET = from_internet(datetime(2026, 11, 25, tzinfo=UTC))
PATH = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]"
YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})


def reach(condition=None, position=INTERNET, eligible=False):
    blobs = role("blobs", data=[BLOB_READ])
    known = inputs([blobs], [given("blobs", condition=condition, eligible=eligible)])
    return possible(ask(BLOB_READ, known, CONTAINER, is_data=True), position)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, YES),
        ("@Environment[isPrivateLink] BoolEquals true", NO),
        ("@Environment[isPrivateLink] BoolEquals false", YES),
        ("@Environment[Microsoft.Network/privateEndpoints] StringEqualsIgnoreCase '/subscriptions/x'", NO),
        ("Exists @Environment[Microsoft.Network/virtualNetworks/subnets]", NO),
        ("@Environment[UtcNow] DateTimeLessThan '2027-01-01T00:00:00Z'", YES),
        ("@Environment[UtcNow] DateTimeLessThan '2026-01-01T00:00:00Z'", NO),
        (f"{PATH} StringLike 'public/*'", EITHER),
        (f"{PATH} StringLike 'public/*' AND @Environment[isPrivateLink] BoolEquals true", NO),
    ],
)
def test_the_internet_comes_over_no_private_way(condition, expected):
    assert reach(condition) == expected


def test_an_activation_is_open_to_whoever_holds_what_it_asks_for():
    assert reach(eligible=True) == EITHER
    assert reach(position=Position(can_activate=False), eligible=True) == NO
