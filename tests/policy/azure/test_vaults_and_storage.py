"""Vaults with roles or access policies, and the ways to the data of a storage account."""

import pytest

from poise.model.azure.keyvault import AccessPolicy
from poise.policy.answer import Decision, Level
from poise.policy.azure.permissions import Request
from poise.policy.azure.storage import Way, account_of, anonymous_exposure, ways_to_data
from poise.policy.azure.vaults import can_in_vault, can_take_over

from .documents import ACCOUNT, BLOB_READ, CONTAINER, GROUP, ME, OTHER, TEAM, denied, given, inputs, lock, role

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/safe"
GET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
SECRETS = role("secrets", data=[GET])
CONTRIBUTOR = role("contributor", "*", but=["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"])
READER = role("blob-reader", data=[BLOB_READ])
READ_SECRET = Request(principal=ME, action=GET, scope=VAULT, is_data=True)
READ_BLOB = Request(principal=ME, action=BLOB_READ, scope=CONTAINER, is_data=True)


def policy(who, *, secrets=(), keys=()):
    return AccessPolicy(tenant_id="t", object_id=who, keys=keys, secrets=secrets, certificates=())


def test_data_roles_do_nothing_in_a_vault_with_access_policies_and_the_reverse():
    by_role = inputs([SECRETS], [given("secrets")])
    nobody = inputs([SECRETS], [])
    allowed = policy(ME.upper(), secrets=("Get",))
    assert can_in_vault(READ_SECRET, by_role, uses_roles=True, policies=()).decision is Decision.ALLOW
    assert can_in_vault(READ_SECRET, by_role, uses_roles=False, policies=()).decision is Decision.DENY
    assert can_in_vault(READ_SECRET, nobody, uses_roles=False, policies=[allowed]).decision is Decision.ALLOW
    assert can_in_vault(READ_SECRET, nobody, uses_roles=True, policies=[allowed]).decision is Decision.DENY


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (policy(ME, secrets=("List",)), Decision.DENY),
        (policy(ME, secrets=("all",)), Decision.ALLOW),
        (policy(ME, keys=("get", "all")), Decision.DENY),
        (policy(OTHER, secrets=("get",)), Decision.DENY),
        (policy(TEAM, secrets=("get",)), Decision.ALLOW),
    ],
)
def test_an_access_policy_names_a_principal_or_its_group_and_rights(one, expected):
    known = inputs([], [], groups={ME: (TEAM,)})
    assert can_in_vault(READ_SECRET, known, uses_roles=False, policies=[one]).decision is expected


def test_a_contributor_takes_over_a_vault_with_access_policies_alone():
    known = inputs([CONTRIBUTOR], [given("contributor")])
    assert can_take_over(READ_SECRET, known, uses_roles=False).decision is Decision.ALLOW
    assert can_take_over(READ_SECRET, known, uses_roles=True).decision is Decision.DENY


def test_keys_reach_data_whatever_the_data_roles_unless_shared_keys_are_off():
    known = inputs([CONTRIBUTOR], [given("contributor")])
    ways = {one.way for one in ways_to_data(READ_BLOB, known, shared_keys=True)}
    assert ways == {Way.ACCOUNT_KEY, Way.SIGNATURE}
    assert not list(ways_to_data(READ_BLOB, known, shared_keys=False))


def test_a_data_role_is_a_way_of_its_own():
    known = inputs([READER], [given("blob-reader", CONTAINER)])
    assert [one.way for one in ways_to_data(READ_BLOB, known, shared_keys=True)] == [Way.ROLE]


def test_a_read_only_lock_or_a_denial_stops_the_listing_of_keys():
    locked = inputs([CONTRIBUTOR], [given("contributor")], locks=[lock("ReadOnly", ACCOUNT)])
    assert not list(ways_to_data(READ_BLOB, locked, shared_keys=True))
    shielded = inputs([CONTRIBUTOR], [given("contributor")], [denied(actions=["*/listkeys/action"])])
    assert Way.ACCOUNT_KEY not in {one.way for one in ways_to_data(READ_BLOB, shielded, shared_keys=True)}


def test_a_container_lies_in_its_account():
    assert account_of(CONTAINER) == account_of(ACCOUNT) == ACCOUNT


@pytest.mark.parametrize(
    ("access", "permits", "level"),
    [
        ("Container", True, Level.PUBLIC),
        ("blob", None, Level.PUBLIC),
        ("Blob", False, Level.PRIVATE),
        ("None", True, Level.PRIVATE),
        (None, True, Level.PRIVATE),
    ],
)
def test_anonymous_access_takes_the_container_and_the_account(access, permits, level):
    assert anonymous_exposure(access, permits).level is level
