"""AWS's own managed policies, three questions each; the text of the statement that decides is quoted beside each.

The questions stand in `managed_policies.txt`: policy, action, resource, the answer by reading the policy, and words of
the deciding statement. A denial without words is one that no statement allows.
"""

import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from poise.policy.aws.grants import allows

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "iam" / "aws-managed-policies.jsonl.gz"
QUESTIONS = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).parent / "managed_policies.txt").read_text().splitlines()
]
pytestmark = pytest.mark.skipif(not DATA.is_file(), reason="needs the shared data, which is not beside this project")


@cache
def documents():
    """Return name -> document; the two that the collected data leaves out come from an emulator of AWS."""
    with gzip.open(DATA) as file:
        rows = [json.loads(line) for line in file]
    found = {row["name"]: row["doc"]["document"] for row in rows}
    others = json.loads(aws_managed_policies_data)
    return found | {name: others[name]["Document"] for name in ("AdministratorAccess", "PowerUserAccess")}


@pytest.mark.parametrize(
    ("name", "action", "resource", "decision", "quote"), QUESTIONS, ids=[f"{q[0]}-{q[1]}-{q[3]}" for q in QUESTIONS]
)
def test_a_managed_policy_answers_as_it_reads(name, action, resource, decision, quote):
    document = documents()[name]
    answer = allows({name: document}, action, resource)

    assert answer.decision == decision
    if not quote:
        assert answer.because[0].statement is None
        return
    texts = [json.dumps(document["Statement"][reason.statement]) for reason in answer.because]
    assert any(quote in text for text in texts), texts
    assert {reason.source for reason in answer.because} == {name}


def test_there_are_enough_policies_with_three_questions_each():
    asked = Counter(question[0] for question in QUESTIONS)
    assert set(asked) >= {"AdministratorAccess", "PowerUserAccess", "SecurityAudit", "ReadOnlyAccess"}
    assert len(asked) >= 54
    assert min(asked.values()) >= 3
