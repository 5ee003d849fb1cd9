"""Every expectation of the AWS estate that concerns what is read: reported, silent, not assessed."""

import json
import tomllib
from pathlib import Path

import pytest

from poise.app import queries
from poise.app.doors import AwsWanted, open_aws
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from poise.model import State
from poise.model.listings import FindingFilter
from tests.conformance.aws_estate import BEDS, credentials, running_estate, s3_control_on_loopback

pytestmark = pytest.mark.server
MAP = tomllib.loads((Path(__file__).parent / "aws_estate_map.toml").read_text())
FILE = BEDS / "aws_estate_expected.json"
EXPECTED = json.loads(FILE.read_text()) if FILE.exists() else {"findings": [], "not_assessed_calls": []}
ACCOUNT = "123456789012"
RANK = {"critical": 4, "high": 3, "medium": 2, "low": 1}


@pytest.fixture(scope="module")
def estate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("estate")
    with (
        running_estate(folder) as (url, facts),
        credentials(),
        s3_control_on_loopback(),
        open_workspace(folder / "poise.db") as workspace,
    ):
        wanted = AwsWanted(regions=("eu-west-1",), endpoint_url=url)
        door = open_aws(workspace.clock, workspace.store.secret_key(), wanted)
        scan(workspace, [door], ScanOptions())
        door.close()
        yield facts, list(queries.all_verdicts(workspace, FindingFilter()))


def about(expected, facts, findings):
    """Return the verdicts of the mapped checks on the thing that is meant."""
    entry = MAP["issue"][expected["issue"]]
    key = expected["key"]
    wanted = expected.get("resource") or facts.get(key, key)
    on_account = key == "account" and "resource" not in expected
    return [
        f
        for f in findings
        if f.check in entry["checks"]
        and (f.asset.scope == ACCOUNT if on_account else f.asset.id == wanted or f.asset.id.endswith(f"/{wanted}"))
    ]


CASES = [e for e in EXPECTED["findings"] if "checks" in MAP["issue"].get(e["issue"], {})]
IDS = [f"{e['issue']}-{e['key']}" for e in CASES]


@pytest.mark.skipif(not CASES, reason="needs the shared data, which is not beside this project")
@pytest.mark.parametrize("expected", CASES, ids=IDS)
def test_expectation_holds(expected, estate):
    facts, findings = estate
    found = about(expected, facts, findings)
    unhealthy = [f for f in found if f.verdict is State.UNHEALTHY]
    if expected["expect"] == "report":
        assert unhealthy, [(f.check, f.verdict, f.reason) for f in found]
        assert max(RANK[f.severity] for f in unhealthy) >= RANK[expected["sev"]]
    else:
        assert found, "nothing was judged"
        assert not [(f.check, f.reason) for f in unhealthy]
        assert not [f for f in found if f.verdict is State.UNKNOWN]


def test_every_issue_is_mapped_or_says_why_not():
    issues = {e["issue"] for e in EXPECTED["findings"]}
    assert issues <= MAP["issue"].keys()
    assert all(entry.get("checks") or entry.get("reason") for entry in MAP["issue"].values())


@pytest.mark.parametrize("call", EXPECTED["not_assessed_calls"])
def test_a_call_that_fails_is_not_assessed(call, estate):
    entry = MAP["call"][call]
    if "reason" in entry:
        assert entry["reason"]
        return
    _, findings = estate
    verdicts = {f.verdict for f in findings if f.check in entry["checks"]}
    assert verdicts == {State.UNKNOWN}
