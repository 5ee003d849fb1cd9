"""Organizations: the whole tree, policies with what they hang on, members that are not answered, refusals."""

import json

import pytest

from poise.collect.aws import organizations
from poise.model.aws.organizations import (
    Organization,
    OrganizationAccount,
    OrganizationalUnit,
    OrganizationPolicy,
)
from poise.model.errors import NotRead
from tests.collect.aws.answers import denied, fed_by, read

PREFIX = "arn:aws:organizations::111122223333"
UNITS = {
    "r-ab12": [{"Id": "ou-ab12-a", "Arn": f"{PREFIX}:ou/o-1/ou-ab12-a", "Name": "a"}],
    "ou-ab12-a": [{"Id": "ou-ab12-b", "Arn": f"{PREFIX}:ou/o-1/ou-ab12-b", "Name": "b"}],
    "ou-ab12-b": [],
}
ACCOUNTS = {"r-ab12": ["111122223333"], "ou-ab12-a": [], "ou-ab12-b": ["222233334444"]}
DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}


def account(id):
    return {
        "Id": id,
        "Arn": f"{PREFIX}:account/o-1/{id}",
        "Name": f"account {id}",
        "Email": "someone@example.org",
        "Status": "ACTIVE",
        "JoinedMethod": "CREATED",
    }


def policies(**asked):
    kind = asked["Filter"]
    id = "p-1" if kind == "SERVICE_CONTROL_POLICY" else "p-2"
    summary = {"Id": id, "Arn": f"{PREFIX}:policy/o-1/x/{id}", "Name": id, "Type": kind, "AwsManaged": False}
    return [{"Policies": [summary]}]


ON = [{"Type": kind, "Status": "ENABLED"} for kind in organizations.POLICY_TYPES]
WHOLE = {
    "organizations:DescribeOrganization": {
        "Organization": {
            "Id": "o-1",
            "Arn": f"{PREFIX}:organization/o-1",
            "FeatureSet": "ALL",
            "MasterAccountId": "111122223333",
        }
    },
    "organizations:ListRoots": {"Roots": [{"Id": "r-ab12", "Name": "Root", "PolicyTypes": ON}]},
    "organizations:ListOrganizationalUnitsForParent": lambda **asked: {"OrganizationalUnits": UNITS[asked["ParentId"]]},
    "organizations:ListAccountsForParent": lambda **asked: {
        "Accounts": [account(id) for id in ACCOUNTS[asked["ParentId"]]]
    },
    "organizations:ListPolicies": policies,
    "organizations:DescribePolicy": {"Policy": {"Content": json.dumps(DOCUMENT)}},
    "organizations:ListTargetsForPolicy": [
        {"Targets": [{"TargetId": "r-ab12", "Type": "ROOT"}]},
        {"Targets": [{"TargetId": "222233334444", "Type": "ACCOUNT"}]},
    ],
    "organizations:ListTagsForResource": {"Tags": [{"Key": "team", "Value": "platform"}]},
}


def of(kind, assets):
    return [asset for asset in assets if isinstance(asset, kind)]


def test_the_tree_and_its_policies_are_read_whole():
    assets, listings, problems = read(organizations, WHOLE)
    assert problems == []
    assert set(listings.values()) == {"complete"}
    assert not any(asset.unread for asset in assets)
    (organization,) = of(Organization, assets)
    assert (organization.root, organization.policy_types) == ("r-ab12", organizations.POLICY_TYPES)
    assert [(u.unit_id, u.parent) for u in of(OrganizationalUnit, assets)] == [
        ("ou-ab12-a", "r-ab12"),
        ("ou-ab12-b", "ou-ab12-a"),
    ]
    assert [(a.account, a.parent) for a in of(OrganizationAccount, assets)] == [
        ("111122223333", "r-ab12"),
        ("222233334444", "ou-ab12-b"),
    ]
    first, second = of(OrganizationPolicy, assets)
    assert (first.type, second.type) == organizations.POLICY_TYPES
    assert (first.document, first.targets, first.tags) == (DOCUMENT, ("r-ab12", "222233334444"), {"team": "platform"})


def test_a_type_that_is_switched_off_is_not_listed():
    off = {"organizations:ListRoots": {"Roots": [{"Id": "r-ab12", "PolicyTypes": ON[:1]}]}}
    assets, _, _ = read(organizations, WHOLE | off)
    assert [policy.type for policy in of(OrganizationPolicy, assets)] == ["SERVICE_CONTROL_POLICY"]


def test_an_account_on_its_own_has_no_organization():
    alone = NotRead("organizations:DescribeOrganization", organizations.NOT_IN_USE, "not in use")
    assets, listings, problems = read(organizations, {"organizations:DescribeOrganization": alone})
    assert (assets, problems) == ([], [])
    assert set(listings.values()) == {"complete"}


def test_a_member_is_not_answered_which_no_permission_cures():
    refused = {"organizations:ListRoots": denied("organizations:ListRoots", "AccessDeniedException")}
    assets, listings, problems = read(organizations, WHOLE | refused)
    assert assets == []
    assert set(listings.values()) == {"not_offered"}
    assert [problem.code for problem in problems] == ["not_offered"]


def test_who_may_not_even_ask_for_the_organization_is_told_so():
    refused = {"organizations:DescribeOrganization": denied("organizations:DescribeOrganization")}
    _, listings, _ = read(organizations, refused)
    assert set(listings.values()) == {"denied"}


def test_a_unit_whose_children_are_refused_leaves_units_and_accounts_partial():
    def units(**asked):
        if asked["ParentId"] == "ou-ab12-a":
            return denied("organizations:ListOrganizationalUnitsForParent")
        return {"OrganizationalUnits": UNITS[asked["ParentId"]]}

    assets, listings, _ = read(organizations, WHOLE | {"organizations:ListOrganizationalUnitsForParent": units})
    assert [account.account for account in of(OrganizationAccount, assets)] == ["111122223333"]
    assert listings[OrganizationalUnit.KIND] == listings[OrganizationAccount.KIND] == "partial"


LISTS = {
    f"organizations:{name}"
    for name in (
        *("DescribeOrganization", "ListRoots", "ListOrganizationalUnitsForParent", "ListAccountsForParent"),
        *("ListPolicies", "ListTagsForResource"),
    )
}


def test_each_refusal_leaves_its_own_fields_unread():
    for call in sorted({r.call for r in organizations.READS} - LISTS):
        assets, _, _ = read(organizations, WHOLE | {call: denied(call)})
        assert frozenset(of(OrganizationPolicy, assets)[0].unread) == fed_by(organizations, call, "OrganizationPolicy")


@pytest.mark.parametrize("kind", [OrganizationalUnit, OrganizationAccount, OrganizationPolicy])
def test_tags_that_are_refused_are_unread(kind):
    call = "organizations:ListTagsForResource"
    assets, _, _ = read(organizations, WHOLE | {call: denied(call)})
    assert set(of(kind, assets)[0].unread) == {"tags"}
