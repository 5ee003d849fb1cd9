"""The least-privilege policies against the clouds' own lists: every action exists, and none changes anything."""

import fnmatch
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from poise.app import permissions

IAM = Path(__file__).resolve().parents[3] / "shared" / "data" / "iam"
pytestmark = pytest.mark.skipif(not IAM.is_dir(), reason="needs the shared data, which is not beside this project")
BEYOND_AUDIT = {"elasticloadbalancing:GetLoadBalancerWebACL"}
"""Read actions that AWS's own audit policy forgets; asking for a web ACL of a load balancer takes it."""
BEYOND_READER = {"Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action"}
"""Questions of Azure that change nothing and still are actions, which the built-in Reader may not take."""


def read(name: str) -> Any:
    with gzip.open(IAM / name) as file:
        return [json.loads(line) for line in file] if ".jsonl" in name else json.load(file)


def aws_actions() -> list[str]:
    return [grant.permission for grant in permissions.grants("aws")]


def test_every_aws_action_exists():
    names = {
        f"{service}:{action}" for service, actions in read("aws-iam-actions.json.gz").items() for action in actions
    }

    assert [action for action in aws_actions() if action not in names] == []


def test_aws_own_audit_policy_allows_every_action():
    audit = next(
        row["doc"]["document"] for row in read("aws-managed-policies.jsonl.gz") if row["name"] == "SecurityAudit"
    )
    allowed = [a.lower() for s in audit["Statement"] if s["Effect"] == "Allow" for a in as_list(s["Action"])]

    beyond = {a for a in aws_actions() if not any(fnmatch.fnmatchcase(a.lower(), pattern) for pattern in allowed)}
    assert beyond == BEYOND_AUDIT


def test_azure_built_in_reader_allows_every_action():
    text = json.dumps(read("azure-built-in-roles-raw.json.gz"))

    assert '"*/read"' in text
    found = {g.permission for g in permissions.grants("azure") if not permissions.is_of_graph("azure", g.permission)}
    assert {permission for permission in found if not permission.endswith("/read")} == BEYOND_READER


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value
