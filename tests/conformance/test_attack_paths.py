"""On the AWS estate with known findings: exactly its chains, each explained; the named fix removes its own."""

import json
import os

import boto3
import pytest

from poise.app import path_fixes, paths
from poise.app.doors import AwsWanted, open_aws
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from tests.conformance.aws_estate import BEDS, credentials, running_estate, s3_control_on_loopback

pytestmark = pytest.mark.server
FILE = BEDS / "aws_estate_expected.json"
MAIN = "123456789012"
TRUSTS = {
    "role_vendor-no-extid-bad": ("foreign account", "vendor-no-extid-bad"),
    "role_gha-any-repo-bad": ("token issuer", "gha-any-repo-bad"),
}
"""Key of a role whose trust lets strangers in, which the estate names as findings -> entry and first principal."""
MACHINES = {"vm_front-bad": ("internet", "front-bad"), "lambda_url_bad": ("anyone", "charge-bad")}
"""Key of something exposed with a chain -> entry and name."""


@pytest.fixture(scope="module")
def estate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paths")
    with (
        running_estate(folder) as (url, facts),
        credentials(),
        s3_control_on_loopback(),
        open_workspace(folder / "poise.db") as workspace,
    ):
        read(workspace, url)
        with pytest.MonkeyPatch.context() as patch:
            role = f"arn:aws:iam::{facts['org_account_payments']}:role/OrganizationAccountAccessRole"
            sts = boto3.client("sts", endpoint_url=url, region_name="eu-west-1")
            keys = sts.assume_role(RoleArn=role, RoleSessionName="poise")["Credentials"]
            patch.setitem(os.environ, "AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
            patch.setitem(os.environ, "AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
            patch.setitem(os.environ, "AWS_SESSION_TOKEN", keys["SessionToken"])
            read(workspace, url)
        yield workspace, facts, paths.paths(workspace)


def read(workspace, url):
    wanted = AwsWanted(regions=("eu-west-1",), endpoint_url=url)
    door = open_aws(workspace.clock, workspace.store.secret_key(), wanted)
    scan(workspace, [door], ScanOptions())
    door.close()


def test_exactly_the_named_chains_are_found_in_both_accounts(estate):
    _, facts, found = estate
    firsts = {(one["entry"]["class"], one["members"][1][0]["name"], one["target"]["scope"]) for one in found}
    accounts = (MAIN, facts["org_account_payments"])

    assert firsts == {(*way, account) for way in (*TRUSTS.values(), *MACHINES.values()) for account in accounts}


@pytest.mark.skipif(not FILE.exists(), reason="needs the shared data, which is not beside this project")
def test_each_chain_names_what_the_estate_names(estate):
    _, facts, found = estate
    expected = {e["key"]: e for e in json.loads(FILE.read_text())["findings"] if "path" in e["issue"]}
    for key, (entry, name) in MACHINES.items():
        if expected[key]["expect"] == "report":
            path = next(
                one
                for one in found
                if one["entry"]["class"] == entry
                and one["members"][1][0]["name"] == name
                and one["target"]["scope"] == MAIN
            )
            told = json.dumps(path)
            assert [link for link in expected[key]["chain"] if facts.get(link, link) not in told] == []
            assert all(step["story"] and (step["evidence"] or not step["counts"]) for step in path["steps"])


def test_what_the_estate_calls_good_lies_on_no_path(estate):
    _, facts, found = estate
    on_a_path = {node["id"] for one in found for stage in one["members"] for node in stage}

    for key in ("vm_back-good", "role_web-scoped-good", "role_gha-pinned-good"):
        assert not any(facts[key] in node for node in on_a_path), key


def test_closing_the_named_security_group_removes_exactly_its_paths(estate):
    workspace, _, found = estate
    mine = [one["id"] for one in found if one["entry"]["class"] == "internet"]
    fixes = path_fixes.fixes_of(workspace, mine[0])

    closing = next(fix for fix in fixes if fix["id"] == "close_security_group")
    assert closing["verified"]
    assert "ssh-world-bad" in closing["change"]
    assert {one["id"] for one in closing["closed"]} == set(mine)
    assert closing["opened"] == []
