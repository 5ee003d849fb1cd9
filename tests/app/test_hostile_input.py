"""Hostile and broken exports: each fault is a gap on what it feeds, everything else is read, nothing stored is lost."""

import json

import pytest

from poise.app import queries
from poise.app.doors import FilesDoor
from poise.app.scan import ScanOptions, scan
from poise.model import State
from poise.model.errors import BadInput, UsageError
from poise.model.listings import AssetFilter, FindingFilter

ACCOUNT = "111122223333"
NAMES = [
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "a" * 300,
    "=HYPERLINK(1)",
    "emoji-\U0001f4a5",
    "new\nline",
]


def write(root, name, value, region="eu-west-1"):
    path = root / region / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))


@pytest.fixture
def export(tmp_path):
    root = tmp_path / "export"
    write(root, "sts-get-caller-identity.json", {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/x"})
    buckets = [{"Name": name, "CreationDate": "2024-01-01T00:00:00Z"} for name in ("good", "bad")]
    write(root, "s3-list-buckets.json", {"Buckets": buckets})
    for name in ("good", "bad"):
        write(root, f"s3-get-bucket-versioning/{name}", {"Status": "Enabled"})
        write(root, f"s3-get-bucket-policy/{name}", {"Policy": json.dumps({"Statement": []})})
    return root


def scanned(workspace, export):
    scan(workspace, FilesDoor(workspace.clock, b"key").open([export]), ScanOptions())
    return {row.asset.name: queries.asset(workspace, row.asset.id).asset for row in of_kind(workspace)}


def of_kind(workspace, kind="AWS::S3::Bucket"):
    return queries.assets(workspace, AssetFilter(kinds=frozenset({kind}))).rows


HOSTILE_POLICIES = {
    "50 MB": json.dumps({"Policy": json.dumps({"Statement": [], "Id": "x" * 50_000_000})}),
    "no JSON": "{nonsense",
    "policy is no JSON": json.dumps({"Policy": "{nonsense"}),
    "cut in the middle": json.dumps({"Policy": json.dumps({"Statement": [{"Effect": "Allow"}]})})[:30],
    "HTML": "<html><body>Service Unavailable</body></html>",
    "nested 100,000 deep": json.dumps({"Policy": "[" * 100_000 + "]" * 100_000}),
    "answer nested 100,000 deep": "[" * 100_000 + "]" * 100_000,
    "a list": json.dumps(["Policy"]),
    "a number": json.dumps({"Policy": 5}),
    "lone surrogate": '{"Policy": "{\\"Id\\": \\"\\\\ud800\\"}"}',
    "a number beyond 64 bits": json.dumps({"Policy": json.dumps({"Statement": [2**70]})}),
    "not text": "\x00\x01\x02",
    "empty": "",
}


@pytest.mark.parametrize("policy", HOSTILE_POLICIES.values(), ids=HOSTILE_POLICIES)
def test_a_policy_that_cannot_be_read_is_a_gap_of_its_bucket_alone(workspace, export, policy):
    write(export, "s3-get-bucket-policy/bad", policy)

    buckets = scanned(workspace, export)

    assert buckets.keys() == {"good", "bad"}
    assert buckets["good"].policy == {"Statement": []}
    if "policy" not in buckets["bad"].unread:
        assert isinstance(buckets["bad"].policy, dict)
    assert buckets["bad"].versioning == "Enabled"
    assert not [f for f in queries.all_verdicts(workspace, FindingFilter()) if "check failed" in f.reason]


ODD_POLICIES = {
    "statement is an object": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}},
    "action is missing": {"Statement": [{"Effect": "Allow", "Principal": "*", "Resource": "*"}]},
    "principal is a bare string": {
        "Statement": [{"Effect": "Allow", "Principal": "111122223333", "Action": "s3:*", "Resource": "*"}]
    },
    "statement is a text": {"Statement": "Allow"},
    "statement is missing": {"Version": "2012-10-17"},
    "statement holds nulls": {"Statement": [None, 5, []]},
    "effect is odd": {"Statement": [{"Effect": "Permit", "Principal": "*", "Action": "*", "Resource": "*"}]},
    "condition is a list": {
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": ["x"]}]
    },
}


@pytest.mark.parametrize("policy", ODD_POLICIES.values(), ids=ODD_POLICIES)
def test_an_odd_policy_crashes_no_check(workspace, export, policy):
    write(export, "s3-get-bucket-policy/bad", {"Policy": json.dumps(policy)})

    scanned(workspace, export)

    failed = [f for f in queries.all_verdicts(workspace, FindingFilter()) if "check failed" in f.reason]
    assert failed == []


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_as_it_is(workspace, export, name):
    buckets = [{"Name": name, "CreationDate": "2024-01-01T00:00:00Z"}]
    write(export, "s3-list-buckets.json", {"Buckets": buckets})

    assert scanned(workspace, export).keys() == {name}


BROKEN_LISTS = {
    "no JSON": "{",
    "HTML": "<html>",
    "no list": json.dumps({"Buckets": 7}),
    "an item without a name": json.dumps({"Buckets": [{"CreationDate": "x"}]}),
    "an item that is no object": json.dumps({"Buckets": [1]}),
}


@pytest.mark.parametrize("answer", BROKEN_LISTS.values(), ids=BROKEN_LISTS)
def test_a_broken_list_removes_nothing_that_was_there(workspace, export, answer):
    scanned(workspace, export)
    write(export, "s3-list-buckets.json", answer)

    assert scanned(workspace, export).keys() == {"good", "bad"}
    unknown = [f for f in queries.all_verdicts(workspace, FindingFilter()) if f.verdict is State.UNKNOWN]
    assert any(f.asset.kind == "AWS::::Account" for f in unknown) or not of_kind(workspace, "AWS::::Account")


def test_a_path_that_holds_nothing_is_refused_with_advice(workspace, tmp_path):
    (tmp_path / "empty").mkdir()
    door = FilesDoor(workspace.clock, b"")
    with pytest.raises(UsageError, match="holds no export"):
        door.open([tmp_path / "empty"])
    with pytest.raises(UsageError, match="does not exist"):
        door.open([tmp_path / "nowhere"])


def test_an_identity_that_is_no_json_is_an_error_that_names_the_file(workspace, export):
    write(export, "sts-get-caller-identity.json", "{")
    with pytest.raises((BadInput, UsageError), match="sts-get-caller-identity"):
        scanned(workspace, export)
