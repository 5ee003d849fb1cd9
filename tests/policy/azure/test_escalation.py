"""The escalation catalogue of Azure: every row fires on its example and not on its near miss."""

import re

import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.azure.directory import DirectoryAssignment, DirectoryInputs, DirectoryRole
from poise.policy.azure.escalation import catalogue, escalations_for
from poise.policy.catalogue import Result

from .documents import ME, SUB, denied, given, inputs, lock, role


def known(permissions, but=()):
    plain = [one for one in permissions if ":" not in one]
    data = [one.removeprefix("data:") for one in permissions if one.startswith("data:")]
    directory = [one.removeprefix("directory:") for one in permissions if one.startswith("directory:")]
    apps = [one.removeprefix("app:") for one in permissions if one.startswith("app:")]
    held = DirectoryRole.of({"id": "r", "rolePermissions": [{"allowedResourceActions": directory}]})
    assigned = DirectoryAssignment.of({"id": "a", "principalId": ME, "roleDefinitionId": "r", "directoryScopeId": "/"})
    shield = [
        denied(actions=[one for one in but if ":" not in one], data=[one[5:] for one in but if one[:5] == "data:"])
    ]
    return inputs([role("x", *plain, data=data)], [given("x")], shield if but else []), DirectoryInputs(
        assignments=(assigned,), roles={"r": held}, app_roles={ME: frozenset(apps)}
    )


def fired(permissions, but=()):
    return {one.escalation.id for one in escalations_for(ME, SUB, *known(permissions, but))}


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_fires_on_its_example_and_not_on_its_near_miss(row):
    assert row.id in fired(row.positive)
    assert row.id not in fired(row.negative)


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_needs_each_of_its_permissions(row):
    for permission in row.permissions:
        assert row.id not in fired([one for one in row.permissions if one != permission])
        if not permission.startswith(("directory:", "app:")):
            assert row.id not in fired(row.permissions, but=[permission])


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_is_well_formed(row):
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", row.technique)
    shape = r"((data:)?Microsoft\.\w+(/[\w.]+)+|directory:microsoft\.directory/\w+/\w+(/\w+){0,2}|app:\w+(\.\w+)+)"
    assert all(re.fullmatch(shape, one) for one in (*row.permissions, *row.negative))
    assert row.needs or row.result in (Result.SELF, Result.ORGANIZATION)


def test_the_catalogue_has_unique_ids_and_enough_rows():
    assert len({row.id for row in catalogue()}) == len(catalogue()) >= 50


def test_the_directory_is_asked_only_with_its_inputs():
    row = next(row for row in catalogue() if row.id == "grant_app_role")
    assert not escalations_for(ME, SUB, known(row.positive)[0])


def test_an_owner_and_a_contributor_differ_in_rights_on_rights():
    owner = {one.escalation.id for one in escalations_for(ME, SUB, inputs([role("o", "*")], [given("o")]))}
    but = [
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/elevateAccess/Action",
    ]
    less = {one.escalation.id for one in escalations_for(ME, SUB, inputs([role("c", "*", but=but)], [given("c")]))}
    assert {"assign_role", "define_role", "elevate_access", "remove_lock"} <= owner - less
    assert {"vm_run_command", "storage_keys", "vault_access_policy", "aks_admin_credential"} <= less
    assert not {"storage_blob_read", "vault_get_secret", "vm_login_as_admin"} & owner


def test_a_lock_and_an_unread_input_show_in_the_rows():
    keys = ["Microsoft.Storage/storageAccounts/listkeys/action"]
    locked = inputs([role("x", *keys)], [given("x")], locks=[lock("ReadOnly", SUB)])
    assert not escalations_for(ME, SUB, locked)
    unread = inputs([role("x", *keys)], [given("x")], locks=())
    answers = escalations_for(
        ME,
        SUB,
        type(unread)(
            **{
                **{f: getattr(unread, f) for f in unread.__struct_fields__},
                "denies": Unread("deny assignments", "denied"),
            }
        ),
    )
    assert {one.escalation.id: one.answer.decision for one in answers}["storage_keys"] is Decision.UNKNOWN
