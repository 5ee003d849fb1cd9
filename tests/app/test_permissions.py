"""Least-privilege policies are made from the calls that connectors say they make."""

import json

import pytest

from poise.app import permissions
from poise.model.errors import UsageError
from poise.model.kinds import by_kind


def test_the_policy_allows_exactly_what_the_calls_need():
    needed = {read.permission for reads in permissions.reads("aws").values() for read in reads if read.permission}
    (statement,) = permissions.policy("aws")["Statement"]

    assert set(statement["Action"]) == needed
    assert len(statement["Action"]) == len(needed)
    assert "*" not in "".join(statement["Action"])


def test_what_the_connector_asks_before_any_service_is_in_the_policy():
    # Who we are takes no permission (AWS STS API, GetCallerIdentity).
    assert {"ec2:DescribeRegions", "iam:ListAccountAliases"} <= {g.permission for g in permissions.grants("aws")}


def test_the_policy_fits_into_a_managed_policy():
    text = json.dumps(permissions.policy("aws"), separators=(",", ":"))

    assert len(text) <= permissions.AWS_POLICY_LIMIT


@pytest.mark.parametrize("provider", permissions.PROVIDERS)
def test_every_call_says_which_field_or_listing_it_feeds(provider):
    kinds = [kind for kind in by_kind().values() if provider == kind.PROVIDER]
    known = {kind.__name__: {"", "tags", *kind.FACTS} for kind in kinds}
    wrong = [
        fed
        for reads in permissions.reads(provider).values()
        for read in reads
        for fed in read.feeds
        if fed.partition(".")[2] not in known.get(fed.partition(".")[0], ())
    ]

    assert wrong == []


def test_an_azure_role_may_be_assigned_where_one_says():
    assert permissions.policy("azure", ("a", "b"))["AssignableScopes"] == ["/subscriptions/a", "/subscriptions/b"]
    assert permissions.policy("azure")["DataActions"] == []


def test_a_cloud_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(UsageError, match="aws, azure"):
        permissions.policy("moon")


def test_permissions_of_the_directory_are_told_but_are_in_no_role():
    told = {grant.permission for grant in permissions.grants("azure")}
    actions = set(permissions.policy("azure")["Actions"])
    assert told - actions == {
        *("AdministrativeUnit.Read.All", "Application.Read.All", "GroupMember.Read.All"),
        *("Organization.Read.All", "RoleManagement.Read.Directory", "User.Read.All"),
        *("Policy.Read.All", "PrivilegedEligibilitySchedule.Read.AzureADGroup"),
    }
    assert "Microsoft.Authorization/denyAssignments/read" in actions
