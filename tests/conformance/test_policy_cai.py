"""Allow policies of recorded asset inventories: all are read, and hand-derived questions are answered."""

import json
from pathlib import Path

import pytest

from poise.policy.answer import Decision, Level
from poise.policy.gcp.buckets import bucket_exposure
from poise.policy.gcp.permissions import Inputs, can
from poise.policy.gcp.policies import Node, bindings_of

CAI = Path(__file__).parents[3] / "shared/data/graph/gcp_policy_library_cai"
pytestmark = pytest.mark.skipif(not CAI.is_dir(), reason=f"{CAI} is absent")


def assets(folder="."):
    for file in sorted((CAI / folder).rglob("data.json")):
        yield from (one for one in read(file.read_text().strip()) if isinstance(one, dict))


def read(text):
    """Yield the assets of a file: one list, or documents one after the other; one file of the set ends torn."""
    at = 0
    while at < len(text):
        try:
            content, end = json.JSONDecoder().raw_decode(text, at)
        except json.JSONDecodeError:
            return
        yield from content if isinstance(content, list) else [content]
        at = len(text) - len(text[end:].lstrip())


def policies(folder="."):
    return {one["name"]: one["iam_policy"] for one in assets(folder) if one.get("iam_policy")}


def test_every_policy_is_read_whole():
    found = policies()
    assert len(found) >= 20
    for name, policy in found.items():
        bindings = bindings_of(policy)
        assert len(bindings) == len(policy.get("bindings", [])), name
        for binding, written in zip(bindings, policy.get("bindings", []), strict=True):
            count = len(binding.members.plain) + len(binding.members.special)
            live = {one.lower() for one in written.get("members", []) if not one.startswith("deleted:")}
            assert count == len(live), name
            assert binding.condition is None or binding.condition.node is not None, name


@pytest.mark.parametrize(
    ("who", "decision"),
    [
        ("user:powerful@google.com", Decision.ALLOW),
        ("user:evil@notgoogle.com", Decision.ALLOW),
        ("user:okay@google.com", Decision.DENY),
        ("user:bad@notgoogle.com", Decision.DENY),
        ("group:admins@google.com", Decision.ALLOW),
    ],
)
def test_owners_of_a_recorded_project_may_set_its_policy(who, decision):
    ((name, policy),) = policies("iam_allow_ban_roles").items()
    roles = {
        "roles/owner": frozenset({"resourcemanager.projects.setIamPolicy"}),
        "roles/viewer": frozenset({"resourcemanager.projects.get"}),
        "roles/iam.serviceAccountUser": frozenset({"iam.serviceAccounts.actAs"}),
    }
    known = Inputs(nodes=(Node.of(name, policy),), roles=roles)
    assert can(who, "resourcemanager.projects.setIamPolicy", known).decision is decision
    assert can("allUsers", "resourcemanager.projects.get", known).decision is Decision.ALLOW


def test_recorded_buckets_are_public_where_a_member_is_everybody():
    found = policies("storage_bucket_world_readable")
    assert found
    for name, policy in found.items():
        everybody = {"allUsers", "allAuthenticatedUsers"} & {m for b in policy["bindings"] for m in b["members"]}
        node = Node.of(name, policy)
        exposure = bucket_exposure([node], acl=(), uniform_access=True, prevention="unspecified")
        assert exposure.level is (Level.PUBLIC if everybody else Level.PRIVATE), name
