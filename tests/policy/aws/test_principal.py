"""A principal's documents are gathered whole, or not at all."""

import pytest

from poise.model.asset import replace
from poise.model.errors import NotCollected
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, IAM_GROUP, IAM_POLICY, IAM_ROLE, IAM_USER, READ_REPORTS
from poise.policy.answer import Decision
from poise.policy.aws.principal import documents_of, is_service_linked, partition_of

BOUNDS = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/bounds", name="bounds", document=ALLOW_ALL)
KNOWN = ListInventory((IAM_GROUP, IAM_POLICY, BOUNDS))
NOT_IAM = {"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}


def test_a_user_has_its_own_policies_and_those_of_its_groups():
    user = replace(IAM_USER, inline_policies={"own": ALLOW_ALL}, attached_policies=(BOUNDS.id,))
    group = replace(IAM_GROUP, inline_policies={"own": READ_REPORTS})

    found = documents_of(user, ListInventory((group, IAM_POLICY, BOUNDS)))

    assert set(found.identity) == {"omar/own", BOUNDS.id, "analysts/own", IAM_POLICY.id}
    assert found.boundary is None


def test_a_boundary_is_no_grant():
    found = documents_of(replace(IAM_ROLE, attached_policies=(), permissions_boundary=BOUNDS.id), KNOWN)

    assert found.identity == {}
    assert found.boundary == ALLOW_ALL
    assert found.is_admin().decision is Decision.DENY


@pytest.mark.parametrize(
    ("principal", "missing"),
    [
        (replace(IAM_ROLE, attached_policies=("arn:aws:iam::aws:policy/Gone",)), "policy/Gone"),
        (replace(IAM_ROLE, permissions_boundary="arn:aws:iam::aws:policy/Gone"), "policy/Gone"),
        (replace(IAM_USER, groups=("gone",)), "group gone"),
        (replace(IAM_USER, unread={"groups": "cut"}), "cut"),
        (replace(IAM_ROLE, unread={"permissions_boundary": "cut"}), "cut"),
    ],
)
def test_what_is_missing_is_said(principal, missing):
    with pytest.raises(NotCollected, match=missing):
        documents_of(principal, KNOWN)


def test_an_unlisted_kind_is_missing_too():
    with pytest.raises(NotCollected, match="denied"):
        documents_of(IAM_ROLE, ListInventory((), {(IAM_POLICY.KIND, ACCOUNT): "denied"}))


def bounded(boundary, identity=ALLOW_ALL):
    policy = replace(BOUNDS, document=boundary)
    role = replace(IAM_ROLE, inline_policies={"own": identity}, attached_policies=(), permissions_boundary=policy.id)
    return documents_of(role, ListInventory((policy,)))


def test_rights_are_what_identity_and_boundary_both_allow():
    found = bounded(NOT_IAM)

    assert found.allows("s3:GetObject", "*").decision is Decision.ALLOW
    assert found.allows("iam:CreateUser", "*").decision is Decision.DENY
    assert found.is_admin().decision is Decision.DENY


def test_an_administrator_stays_one_under_a_boundary_of_all():
    assert bounded(ALLOW_ALL).is_admin().decision is Decision.ALLOW


def test_a_boundary_that_cannot_be_read_leaves_it_open():
    assert bounded({"Statement": "all"}).is_admin().decision is Decision.UNKNOWN
    assert bounded({"Statement": "all"}).allows("s3:GetObject").decision is Decision.UNKNOWN


def test_a_policy_that_cannot_be_read_leaves_administrators_open():
    found = documents_of(replace(IAM_ROLE, inline_policies={"own": {"Statement": "all"}}), KNOWN)

    assert found.is_admin().decision is Decision.UNKNOWN
    assert found.is_admin().unread[0].input == "web/own"


def test_a_policy_that_cannot_be_read_does_not_hide_an_administrator():
    broken = {"Effect": "Allow", "Action": 7, "Resource": "*"}
    role = replace(IAM_ROLE, inline_policies={"own": {"Statement": [*ALLOW_ALL["Statement"], broken]}})

    assert documents_of(role, KNOWN).is_admin().decision is Decision.ALLOW


def test_roles_of_services_are_told_by_their_path():
    assert is_service_linked(replace(IAM_ROLE, path="/aws-service-role/support.amazonaws.com/"))
    assert not is_service_linked(replace(IAM_ROLE, path="/service-role/"))


def test_the_partition_is_told_by_an_arn():
    assert partition_of("arn:aws-us-gov:iam::111122223333:role/x") == "aws-us-gov"
