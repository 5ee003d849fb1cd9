"""The escalation catalogue of Google Cloud: every row fires on its example and not on its near miss."""

import re

import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.catalogue import Result
from poise.policy.gcp.escalation import catalogue, escalations_for
from poise.policy.gcp.policies import in_deny_form

from .documents import ME, PROJECT, binding, denial, inputs, node


def fired(permissions, but=()):
    rule = [denial("principalSet://goog/public:all", permissions=[in_deny_form(one) for one in but])] if but else []
    known = inputs(node(PROJECT, binding(ME, role="r"), denies=rule), roles={"r": frozenset(permissions)})
    return {one.escalation.id for one in escalations_for(ME, known)}


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_fires_on_its_example_and_not_on_its_near_miss(row):
    assert row.id in fired(row.positive)
    assert row.id not in fired(row.negative)


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_needs_each_of_its_permissions(row):
    for permission in row.permissions:
        assert row.id not in fired([one for one in row.permissions if one != permission])
        assert row.id not in fired(row.permissions, but=[permission])


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_is_well_formed(row):
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", row.technique)
    assert all(re.fullmatch(r"[a-z.]+(/\w+)?(\.\w+)+", one) for one in (*row.permissions, *row.negative))
    assert row.needs or row.result in (Result.SELF, Result.ORGANIZATION)


def test_the_catalogue_has_unique_ids_and_enough_rows():
    assert len({row.id for row in catalogue()}) == len(catalogue()) >= 38


def test_an_unread_policy_shows_in_the_rows():
    known = inputs(node(PROJECT, binding(ME, role="r")), roles={"r": frozenset({"iam.roles.update"})})
    known = type(known)(nodes=known.nodes, roles=known.roles, boundaries=Unread("boundaries", "denied"))
    assert {one.escalation.id: one.answer.decision for one in escalations_for(ME, known)} == {
        "role_update": Decision.UNKNOWN
    }
