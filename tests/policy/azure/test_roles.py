"""What Azure roles allow."""

import pytest

from poise.model.asset import replace
from poise.model.azure.authorization import Permission
from poise.model.samples.azure_authorization import ROLE_ASSIGNMENT
from poise.model.samples.azure_subscription import HOME
from poise.policy.azure.roles import OWNER, allows, allows_data, covers_subscription, has_full_control, is_role

WRITE = "Microsoft.Authorization/roleAssignments/write"


def role(*actions, but=(), data=()):
    return (Permission(actions=actions, not_actions=but, data_actions=data, not_data_actions=(), condition=None),)


def test_excepted_patterns_match_as_allowed_ones_do():
    assert not allows(role("Microsoft.Authorization/*", but=("*/roleAssignments/*",)), WRITE)


@pytest.mark.parametrize(
    ("pattern", "is_allowed"),
    [
        ("*", True),
        ("microsoft.authorization/ROLEASSIGNMENTS/write", True),
        ("Microsoft.Authorization/*/write", True),
        ("*/write", True),
        ("*/read", False),
        ("Microsoft.Authorization/roleAssignments", False),
    ],
)
def test_patterns_span_segments_and_ignore_case(pattern, is_allowed):
    assert allows(role(pattern), WRITE) is is_allowed


def test_exceptions_hold_in_their_own_entry_alone():
    split = (*role("*", but=("Microsoft.Authorization/*",)), *role(WRITE))

    assert allows(split, WRITE)


def test_management_and_data_actions_are_apart():
    blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"

    assert not allows_data(role("*"), blobs)
    assert allows_data(role(data=("Microsoft.Storage/*/blobs/read",)), blobs)


def test_everything_but_giving_access_is_not_full_control():
    assert has_full_control(role("*"))
    assert not has_full_control(role("*", but=("Microsoft.Authorization/*/Write",)))
    assert not has_full_control(role(WRITE))


def test_role_is_known_by_the_last_part_of_its_id():
    at_root = replace(ROLE_ASSIGNMENT, role_definition=f"/providers/microsoft.authorization/roledefinitions/{OWNER}")

    assert is_role(at_root, OWNER)
    assert not is_role(ROLE_ASSIGNMENT, OWNER)


@pytest.mark.parametrize(
    ("at", "covers"),
    [
        ("/", True),
        (HOME, True),
        ("/providers/microsoft.management/managementgroups/production", True),
        (f"{HOME}/resourcegroups/shop", False),
        ("/subscriptions/99999999-0000-0000-0000-000000000000", False),
    ],
)
def test_assignment_covers_the_subscription_from_it_or_above(at, covers):
    assert covers_subscription(replace(ROLE_ASSIGNMENT, assigned_at=at)) is covers
