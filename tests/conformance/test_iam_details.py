"""A published file of authorization details, made to be broken into: who is reported, and who is not.

The file is an account in which each principal is named for the one way to administrator rights that it has
(`privesc...`), for a way that looks closed but is open (`fn...`), or for one that looks open but is closed (`fp...`).
"""

import gzip
from datetime import UTC, datetime

import pytest

from poise.assess.engine import Judge
from poise.checks import catalog
from poise.collect.aws.authorization_details import AwsAuthorizationDetails
from poise.model.inventory import ListInventory
from tests.conformance.aws_estate import BEDS, need

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FILE = BEDS.parent / "data/iam/account-authorization-details/cloudsplaining-example.json.gz"
OF_WORKLOADS = (
    *("CloudFormationUpdateStack", "ec2InstanceConnect", "sageMakerCreatePresignedNotebookURL", "ssmSendCommand"),
    *("ssmStartSession", "EditExistingLambdaFunctionWithRole", "UpdateExistingGlueDevEndpoint"),
)
"""Ways through workloads that run already: those are attack paths, not rights of the principal."""
NOT_THERE = {
    "privesc2-SetExistingDefaultPolicyVersion-user": "no policy of it has another version",
    "privesc2-SetExistingDefaultPolicyVersion-role": "no policy of it has another version",
    "privesc12-PutRolePolicy-user": "no role trusts it by name, and it may not assume one",
    "privesc9-AttachRolePolicy-user": "no role trusts it by name, and it may not assume one",
    "privesc-AssumeRole-start-user": "it has no policy",
    "privesc-AssumeRole-starting-role": "it may only assume another role",
    "privesc-AssumeRole-intermediate-role": "it may only assume another role",
    "privesc10-PutUserPolicy-role": "it widens users, and is a role",
    "privesc7-AttachUserPolicy-role": "it widens users, and is a role",
    "privesc11-PutGroupPolicy-role": "it widens groups, and is a role",
    "privesc8-AttachGroupPolicy-role": "it widens groups, and is a role",
    "privesc13-AddUserToGroup-role": "it fills groups, and is a role",
}
"""Principals whose way is not in the file, with the reason."""
KINDS = ("can_raise_own_rights", "with_administrator_rights")


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    path = tmp_path_factory.mktemp("details") / "details.json"
    path.write_bytes(gzip.decompress(need(FILE).read_bytes()))
    door = AwsAuthorizationDetails(path, "files:details", lambda: NOW)
    (scope,) = door.scopes()
    collected = [door.read(key) for key in door.partitions(scope)]
    assets = [asset for one in collected for asset in one.assets]
    checks = [check for check in catalog.load().values() if check.id.endswith(KINDS)]
    judge = Judge(checks, now=NOW, inventory=ListInventory(assets))
    verdicts = {asset: judge.neighbours(asset) for asset in assets}
    assert not judge.crashes
    return {
        asset.name: {v.state.value for v in judged.verdicts.values()} for asset, judged in verdicts.items() if judged
    }


def test_each_open_way_is_reported(reported):
    named = [name for name in reported if name.startswith(("fn", "privesc")) and name.endswith(("-user", "-role"))]
    open_ways = [name for name in named if name not in NOT_THERE and not any(way in name for way in OF_WORKLOADS)]
    quiet = [name for name in open_ways if "unhealthy" not in reported[name]]

    assert quiet == []
    assert len(open_ways) > 40


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_closed_ways_are_not_reported(reported, number):
    named = [name for name in reported if name.startswith(f"fp{number}-")]

    assert named
    assert all(reported[name] <= {"healthy", "not_applicable"} for name in named)


@pytest.mark.parametrize("name", NOT_THERE)
def test_ways_that_are_not_in_the_file_are_not_reported(reported, name):
    assert reported[name] <= {"healthy", "not_applicable"}
