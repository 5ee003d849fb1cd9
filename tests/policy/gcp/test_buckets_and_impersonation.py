"""Exposure of buckets, ways to act as a service account, scopes of machines."""

import pytest

from poise.policy.answer import Decision, Level, Unread
from poise.policy.gcp.buckets import bucket_exposure
from poise.policy.gcp.impersonation import Way, scopes_allow, ways_to_become, workload_identity_member
from poise.policy.gcp.policies import Node

from .documents import BUCKET, ME, PROJECT, binding, inputs, node

OPEN = {"entity": "allUsers", "role": "READER"}
GAP = Unread("public access prevention", "denied")
SCOPE = "https://www.googleapis.com/auth/"


def exposure(*nodes, acl=(), uniform=True, prevention="unspecified"):
    return bucket_exposure(nodes, acl=acl, uniform_access=uniform, prevention=prevention)


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
@pytest.mark.parametrize("at", [BUCKET, PROJECT])
def test_a_bucket_is_public_if_a_policy_names_everybody(member, at):
    found = exposure(node(at, binding(ME), binding(member)))
    assert found.level is Level.PUBLIC
    assert (found.because[0].statement, found.because[0].source) == (1, at)


def test_prevention_overrules_policies_and_lists():
    assert exposure(node(BUCKET, binding("allUsers")), prevention="enforced").level is Level.PRIVATE
    assert exposure(acl=[OPEN], uniform=False, prevention="enforced").level is Level.PRIVATE
    assert exposure(node(BUCKET, binding("allUsers")), prevention=GAP).level is Level.UNKNOWN
    assert exposure(node(BUCKET, binding(ME)), prevention=GAP).level is Level.PRIVATE


def test_lists_count_without_uniform_access_alone():
    assert exposure(acl=[OPEN], uniform=False).level is Level.PUBLIC
    assert exposure(acl=[OPEN], uniform=True).level is Level.PRIVATE
    assert exposure(acl=[{"entity": "user-ada@example.com", "role": "OWNER"}], uniform=False).level is Level.PRIVATE
    assert exposure(acl=Unread("list", "denied"), uniform=False).level is Level.UNKNOWN
    assert exposure(acl=Unread("list", "denied"), uniform=True).level is Level.PRIVATE


def test_an_unread_policy_is_unknown_unless_another_opens_the_bucket():
    unread = Node.of(PROJECT, Unread("allow policy", "denied"))
    assert exposure(node(BUCKET), unread).level is Level.UNKNOWN
    assert exposure(node(BUCKET, binding("allUsers")), unread).level is Level.PUBLIC


def test_a_condition_stays_with_the_exposure():
    found = exposure(node(BUCKET, binding("allUsers", condition="request.time < timestamp('2027-01-01T00:00:00Z')")))
    assert (found.level, found.residual) == (Level.PUBLIC, "request.time < timestamp('2027-01-01T00:00:00Z')")


def test_each_permission_on_a_service_account_is_a_way_to_become_it():
    roles = {"t": frozenset({"iam.serviceAccounts.getAccessToken"}), "a": frozenset({"iam.serviceAccounts.actAs"})}
    known = inputs(
        node("//iam.googleapis.com/sa", binding(ME, role="t")), node(PROJECT, binding(ME, role="a")), roles=roles
    )
    assert {(one.way, one.answer.decision) for one in ways_to_become(ME, known)} == {
        (Way.TOKEN, Decision.ALLOW),
        (Way.ACT_AS, Decision.ALLOW),
    }


@pytest.mark.parametrize(
    ("scopes", "permission", "expected"),
    [
        (["cloud-platform"], "iam.roles.update", True),
        (["devstorage.read_only", "logging.write"], "storage.objects.get", True),
        (["devstorage.read_only", "logging.write"], "storage.objects.create", False),
        (["devstorage.full_control"], "storage.buckets.setIamPolicy", True),
        (["compute.readonly"], "compute.instances.setMetadata", False),
        (["compute"], "compute.instances.setMetadata", True),
        (["userinfo.email"], "storage.objects.get", False),
        (["something.new"], "storage.objects.get", None),
        ([], "storage.objects.get", False),
    ],
)
def test_scopes_of_a_machine_limit_its_tokens(scopes, permission, expected):
    assert scopes_allow([SCOPE + name for name in scopes], permission) is expected


def test_a_service_account_of_a_cluster_is_a_member():
    member = "serviceAccount:shop.svc.id.goog[web/front]"
    assert workload_identity_member("shop", "web", "front") == member
