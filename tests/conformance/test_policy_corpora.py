"""Real documents: all managed policies against their recorded expansion, and published guardrails."""

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from poise.policy.answer import Decision, Level
from poise.policy.aws.document import parse
from poise.policy.aws.exposure import resource_policy_exposure
from poise.policy.aws.grants import allows, is_admin

DATA = Path(__file__).parents[3] / "shared/data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")

GRAPH = DATA / "graph"
FULL = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@cache
def managed():
    with gzip.open(DATA / "iam/aws-managed-policies.jsonl.gz") as lines:
        return {one["name"]: one["doc"] for one in map(json.loads, lines)}


@cache
def universe():
    return sorted({e["effective_action"].lower() for doc in managed().values() for e in effective(doc)})


def effective(doc):
    return doc.get("effective_actions") or ()


def statements(doc):
    found = doc["document"]["Statement"]
    return found if isinstance(found, list) else [found]


def allow_only():
    return [doc for doc in managed().values() if all(s["Effect"] == "Allow" for s in statements(doc))]


def test_every_managed_policy_is_understood():
    assert len(managed()) > 1600
    problems = {name: found for name, doc in managed().items() if (found := parse(doc["document"]).problems)}
    assert not problems


def test_every_recorded_action_is_allowed_by_a_statement_that_names_it():
    for doc in allow_only():
        for entry in effective(doc)[:60]:
            answer = allows([doc["document"]], entry["effective_action"])
            assert answer.is_possible, (doc["name"], entry)
            patterns = [statements(doc)[reason.statement] for reason in answer.because]
            narrower = answer.decision is Decision.ALLOW
            assert narrower or any(named(entry["action"], s) for s in patterns), (doc["name"], entry)


def named(pattern, statement):
    written = statement.get("Action", [])
    texts = written if isinstance(written, list) else [written]
    return "NotAction" in statement or pattern.lower() in [text.lower() for text in texts]


def test_no_other_action_is_allowed():
    names = universe()
    for number, doc in enumerate(allow_only()):
        granted = {e["effective_action"].lower() for e in effective(doc)}
        granted |= {e["action"].lower() for e in doc.get("unknown_actions") or ()}
        if any("NotAction" in s for s in statements(doc)):
            continue
        for action in names[number % 97 :: 997]:
            if action not in granted:
                answer = allows([doc["document"]], action)
                assert answer.decision is Decision.DENY, (doc["name"], action, answer.because)


def test_no_managed_policy_but_the_administrators_is_an_administrator():
    found = sorted(n for n, doc in managed().items() if is_admin([doc["document"]]).decision is not Decision.DENY)
    broad = sorted(n for n, doc in managed().items() if any(whole(s) for s in statements(doc)))
    assert found == broad


def whole(statement):
    actions = statement.get("Action", [])
    return statement["Effect"] == "Allow" and "*" in (actions if isinstance(actions, list) else [actions])


QUESTIONS = [
    ("SecurityAudit", "iam:GetAccountAuthorizationDetails", Decision.ALLOW),
    ("SecurityAudit", "s3:GetObject", Decision.DENY),
    ("SecurityAudit", "iam:CreateUser", Decision.DENY),
    ("ReadOnlyAccess", "s3:GetObject", Decision.ALLOW),
    ("ReadOnlyAccess", "s3:PutObject", Decision.DENY),
    ("ReadOnlyAccess", "secretsmanager:GetSecretValue", Decision.DENY),
    ("IAMFullAccess", "iam:CreatePolicyVersion", Decision.ALLOW),
    ("IAMFullAccess", "organizations:DescribeAccount", Decision.ALLOW),
    ("IAMFullAccess", "s3:ListBucket", Decision.DENY),
]


@pytest.mark.parametrize(("name", "action", "expected"), QUESTIONS)
def test_well_known_policies(name, action, expected):
    assert allows([managed()[name]["document"]], action).decision is expected


NO_JSON = {"deny-service-specific-credential-by-type.json"}
"""Published with a comma missing."""


def published(folder):
    return sorted(path for path in (GRAPH / folder).rglob("*.json") if path.name not in NO_JSON)


@pytest.mark.parametrize(
    "folder",
    ["data-perimeter-policy-examples", "resource-control-policy-examples", "service-control-policy-examples"],
)
def test_published_guardrails_are_understood(folder):
    assert published(folder)
    for path in published(folder):
        parsed = parse(json.loads(path.read_text()))
        assert parsed.is_readable, path.name
        assert not parsed.problems, (path.name, parsed.problems)


def test_published_guardrails_let_nobody_in_by_themselves():
    for path in published("resource-control-policy-examples"):
        document = json.loads(path.read_text())
        document["Statement"] = [s for s in document["Statement"] if s["Effect"] == "Deny"]
        assert resource_policy_exposure(document, "111122223333").level is Level.PRIVATE, path.name
