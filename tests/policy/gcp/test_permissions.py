"""Allow policies of the hierarchy, members, conditions, deny policies and boundaries of Google Cloud."""

from datetime import UTC, datetime

import msgspec
import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.gcp.cel.evaluation import Tags
from poise.policy.gcp.policies import Boundary, Node, in_deny_form, roles_of
from poise.policy.gcp.principals import Principal

from .documents import (
    BUCKET,
    FOLDER,
    GET,
    ME,
    ORGANIZATION,
    PROJECT,
    ROBOT,
    ROLES,
    ask,
    binding,
    chain,
    denial,
    inputs,
    node,
)

ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN
EVERYBODY = "principalSet://goog/public:all"
SUBJECT = "principal://goog/subject/ada@example.com"
POOL = "iam.googleapis.com/projects/9/locations/global/workloadIdentityPools/ci"
JOB = f"principal://{POOL}/subject/repo:shop"


OF_PROJECT = "principalSet://cloudresourcemanager.googleapis.com/projects/123456789012"


@pytest.mark.parametrize("at", [BUCKET, PROJECT, FOLDER, ORGANIZATION])
def test_allow_policies_add_up_over_the_hierarchy(at):
    answer = ask(chain(binding(ME), at=at))
    assert answer.decision is ALLOW
    assert (answer.because[0].source, answer.because[0].statement) == (at, 0)
    assert ask(chain(binding(ME), at=at), "user:bob@example.com").decision is DENY


def test_a_role_gives_its_own_permissions_alone():
    assert ask(chain(binding(ME)), permission="storage.buckets.setIamPolicy").decision is DENY
    assert ask(chain(binding(ME, role="organizations/1/roles/none"))).decision is DENY


def test_roles_that_are_deleted_or_disabled_give_nothing():
    documents = [
        {"name": "r1", "includedPermissions": [GET], "deleted": True},
        {"name": "r2", "includedPermissions": [GET], "stage": "DISABLED"},
        {"name": "r3", "includedPermissions": [GET]},
    ]
    assert {name for name, permissions in roles_of(documents).items() if permissions} == {"r3"}


@pytest.mark.parametrize(
    ("member", "who", "decision"),
    [
        ("user:ADA@Example.com", ME, ALLOW),
        ("allUsers", ME, ALLOW),
        ("allUsers", "allUsers", ALLOW),
        ("allAuthenticatedUsers", ME, ALLOW),
        ("allAuthenticatedUsers", ROBOT, ALLOW),
        ("allAuthenticatedUsers", "allUsers", DENY),
        ("allAuthenticatedUsers", JOB, DENY),
        ("domain:example.com", ME, ALLOW),
        ("domain:example.com", "user:eve@gmail.com", DENY),
        ("domain:example.com", ROBOT, DENY),
        ("domain:example.com", "user:bob@sub.example.org", UNKNOWN),
        ("domain:example.com", Principal(member="user:bob@sub.example.org", domain="example.com"), ALLOW),
        ("domain:example.com", Principal(member=ME, domain="example.org"), DENY),
        ("deleted:user:ada@example.com?uid=1", ME, DENY),
        ("serviceAccount:robot@shop.iam.gserviceaccount.com", ROBOT, ALLOW),
        ("serviceAccount:shop.svc.id.goog[ns/sa]", "serviceAccount:shop.svc.id.goog[ns/sa]", ALLOW),
        (JOB, JOB, ALLOW),
        (f"principalSet://{POOL}/*", JOB, ALLOW),
        (f"principalSet://{POOL}2/*", JOB, DENY),
        # Whose attributes map to a set is told by the pool and the token, neither of which is said ("Principal
        # identifiers", IAM documentation); all service accounts of a project are a set for allow and deny policies.
        (f"principalSet://{POOL}/attribute.repo/shop", JOB, UNKNOWN),
        (f"principalSet://{POOL}2/attribute.repo/shop", JOB, DENY),
        (f"principalSet://{POOL}/attribute.repo/shop", ME, DENY),
        (f"principalSet://{POOL}/attribute.repo/shop", Principal(member=JOB, sets=frozenset()), DENY),
        (f"{OF_PROJECT}/type/ServiceAccount", ROBOT, UNKNOWN),
        (f"{OF_PROJECT}/type/ServiceAccount", ME, DENY),
        (f"{OF_PROJECT}/type/ServiceAccount", "allUsers", DENY),
        (
            f"{OF_PROJECT}/type/ServiceAccount",
            Principal(member=ROBOT, sets=frozenset({f"{OF_PROJECT}/type/ServiceAccount"})),
            ALLOW,
        ),
        (
            f"principalSet://{POOL}/attribute.repo/shop",
            Principal(member=JOB, sets=frozenset({f"principalSet://{POOL}/attribute.repo/shop"})),
            ALLOW,
        ),
        (f"principalSet://{POOL}/attribute.repo/shop", Principal(member=JOB, sets=None), UNKNOWN),
        ("principalSet://goog/cloudIdentityCustomerId/C01", Principal(member=ME, customer="C01"), ALLOW),
        ("principalSet://goog/cloudIdentityCustomerId/C01", ME, UNKNOWN),
        ("principalSet://goog/cloudIdentityCustomerId/C01", ROBOT, DENY),
        (SUBJECT, ME, ALLOW),
        ("nobody", ME, DENY),
    ],
)
def test_members_name_principals_in_many_ways(member, who, decision):
    assert ask(chain(binding(member)), who).decision is decision


def test_groups_hold_groups_and_cycles_end():
    groups = {ME: ("group:a@example.com",), "group:a@example.com": ("group:b@example.com",)}
    groups["group:b@example.com"] = ("group:a@example.com",)
    assert ask(chain(binding("group:B@example.com"), groups=groups)).decision is ALLOW
    assert ask(chain(binding("group:c@example.com"), groups=groups)).decision is DENY


def test_unread_groups_leave_bindings_of_groups_unknown():
    gap = Unread("groups", "denied")
    assert ask(chain(binding("group:a@example.com"), groups=gap)).decision is UNKNOWN
    assert ask(chain(binding("user:bob@example.com"), groups=gap)).decision is DENY
    assert ask(chain(binding("group:a@example.com", ME), groups=gap)).decision is ALLOW
    denies = [denial("principalSet://goog/group/a@example.com")]
    assert ask(chain(binding(ME), denies=denies, groups=gap)).decision is UNKNOWN


@pytest.mark.parametrize(("role", "decision"), [("roles/owner", ALLOW), ("roles/viewer", DENY)])
def test_convenience_members_are_whoever_holds_the_basic_role_of_the_project(role, decision):
    bucket = node(BUCKET, binding("projectOwner:shop", role="roles/storage.admin"))
    known = inputs(bucket, node(PROJECT, binding(ME, role=role)), node(ORGANIZATION))
    assert ask(known, permission="storage.buckets.setIamPolicy").decision is decision
    alone = inputs(bucket)
    assert ask(alone, permission="storage.buckets.setIamPolicy").decision is UNKNOWN


def test_convenience_members_on_the_project_itself_do_not_run_in_circles():
    project = node(PROJECT, binding("projectOwner:shop", role="roles/owner"))
    assert ask(inputs(project)).decision is DENY


def test_a_condition_is_decided_by_what_is_known_and_else_left_over():
    written = 'resource.name.startsWith("projects/_/buckets/books") && request.time < timestamp("2027-01-01T00:00:00Z")'
    known = chain(binding(ME, condition=written))
    books = {"resource.name": "projects/_/buckets/books/objects/a"}
    answer = ask(known, attributes=books)
    assert answer.decision is CONDITIONAL
    assert str(answer.residual) == "request.time < timestamp('2027-01-01T00:00:00Z')"
    assert ask(known, attributes=books | {"request.time": datetime(2026, 11, 25, tzinfo=UTC)}).decision is ALLOW
    assert ask(known, attributes=books | {"request.time": datetime(2027, 1, 1, tzinfo=UTC)}).decision is DENY
    assert ask(known, attributes={"resource.name": "projects/_/buckets/other"}).decision is DENY


def test_a_condition_that_fails_gives_nothing_and_one_that_is_not_understood_is_unknown():
    assert ask(chain(binding(ME, condition="1 / 0 == 1"))).decision is DENY
    assert ask(chain(binding(ME, condition="1 / 0 == 1 || true"))).decision is ALLOW
    assert ask(chain(binding(ME, condition="resource.name == "))).decision is UNKNOWN


def test_tags_decide_conditions():
    known = chain(binding(ME, condition="resource.matchTag('1/env', 'test')"))
    assert ask(known).decision is CONDITIONAL
    assert ask(known, tags=Tags(names={"1/env": "test"})).decision is ALLOW
    assert ask(known, tags=Tags(names={"1/env": "prod"})).decision is DENY
    by_id = chain(binding(ME, condition="resource.hasTagKeyId('tagKeys/7')"))
    assert ask(by_id, tags=Tags(ids={"tagKeys/7": "tagValues/8"})).decision is ALLOW


def test_delegated_role_grants_are_limited_by_an_attribute_of_the_api():
    name = "iam.googleapis.com/modifiedGrantsByRole"
    written = f"api.getAttribute('{name}', []).hasOnly(['roles/viewer'])"
    known = chain(binding(ME, role="roles/storage.admin", condition=written))
    set_policy = {"permission": "storage.buckets.setIamPolicy"}
    assert ask(known, **set_policy).decision is CONDITIONAL
    assert ask(known, api={name: ["roles/viewer"]}, **set_policy).decision is ALLOW
    assert ask(known, api={name: ["roles/viewer", "roles/owner"]}, **set_policy).decision is DENY


@pytest.mark.parametrize(
    ("rule", "decision"),
    [
        (denial(EVERYBODY), DENY),
        (denial(SUBJECT), DENY),
        (denial("principal://goog/subject/bob@example.com"), ALLOW),
        (denial("principalSet://goog/group/a@example.com"), DENY),
        (denial(EVERYBODY, but=[SUBJECT]), ALLOW),
        (denial(EVERYBODY, but=["principalSet://goog/group/a@example.com"]), ALLOW),
        (denial(EVERYBODY, permissions=["storage.googleapis.com/buckets.*"]), ALLOW),
        (denial(EVERYBODY, permissions=["storage.googleapis.com/*.get"]), DENY),
        (denial(EVERYBODY, permissions=["storage.googleapis.com/objects.get"]), DENY),
        (denial(EVERYBODY, without=["storage.googleapis.com/objects.get"]), ALLOW),
        (denial(EVERYBODY, condition="resource.matchTag('1/env', 'prod')"), CONDITIONAL),
        (denial(EVERYBODY, condition="!resource.matchTag('1/env', 'prod')"), CONDITIONAL),
        (denial(EVERYBODY, condition="1 / 0 == 1"), UNKNOWN),
        (denial(EVERYBODY, condition="1 / 0 == 1 || true"), DENY),
        (denial(EVERYBODY, condition="1 / 0 == 1 && false"), ALLOW),
        (denial(EVERYBODY, condition="1 / 0 == 1 || resource.matchTag('1/env', 'prod')"), UNKNOWN),
        (denial(EVERYBODY, condition="1 / 0 == 1 && resource.matchTag('1/env', 'prod')"), UNKNOWN),
        (denial(EVERYBODY, condition="false"), ALLOW),
        (denial(EVERYBODY, condition="("), UNKNOWN),
    ],
)
@pytest.mark.parametrize("at", [PROJECT, ORGANIZATION])
def test_a_deny_policy_outweighs_every_allow(rule, decision, at):
    nodes = [node(BUCKET, binding(ME)), node(PROJECT), node(FOLDER), node(ORGANIZATION)]
    nodes = [msgspec.structs.replace(n, denies=node(at, denies=[rule]).denies) if n.name == at else n for n in nodes]
    assert ask(inputs(*nodes, groups={ME: ("group:a@example.com",)})).decision is decision


def test_tags_settle_a_conditional_denial():
    rule = denial(EVERYBODY, condition="resource.matchTag('1/env', 'prod')")
    known = chain(binding(ME), denies=[rule])
    assert str(ask(known).residual) == "!(resource.matchTag('1/env', 'prod'))"
    assert ask(known, tags=Tags(names={"1/env": "prod"})).decision is DENY
    assert ask(known, tags=Tags()).decision is ALLOW


def test_permissions_have_another_form_in_deny_policies():
    assert in_deny_form("resourcemanager.projects.delete") == "cloudresourcemanager.googleapis.com/projects.delete"
    assert in_deny_form("iam.roles.list") == "iam.googleapis.com/roles.list"
    pools = "iam.googleapis.com/workloadIdentityPools.create"
    assert in_deny_form(pools) == pools


def boundary(*resources, to=SUBJECT, version="1", condition=None):
    policy = {
        "name": "organizations/1/locations/global/principalAccessBoundaryPolicies/fence",
        "details": {"rules": [{"effect": "ALLOW", "resources": list(resources)}], "enforcementVersion": version},
    }
    bound = {"target": {"principalSet": to}}
    return Boundary.of(policy, [bound | {"condition": {"expression": condition}} if condition else bound])


@pytest.mark.parametrize(
    ("fences", "decision"),
    [
        ([boundary(ORGANIZATION)], ALLOW),
        ([boundary(BUCKET)], ALLOW),
        ([boundary("//cloudresourcemanager.googleapis.com/projects/other")], DENY),
        ([boundary(), boundary(PROJECT)], ALLOW),
        ([boundary()], DENY),
        ([boundary(to="principal://goog/subject/bob@example.com")], ALLOW),
        ([boundary(condition="principal.type == 'iam.googleapis.com/ServiceAccount'")], ALLOW),
        ([boundary(condition="principal.type == 'iam.googleapis.com/WorkspaceIdentity'")], DENY),
        ([boundary(condition="principal.subject.endsWith('@example.com')")], DENY),
        ([boundary(version="9")], UNKNOWN),
        ([boundary(version="2")], ALLOW),
    ],
)
def test_a_boundary_keeps_its_principals_from_what_none_of_theirs_names(fences, decision):
    enforced = {"1": ("storage.*",), "2": ("compute.*",)}
    assert ask(chain(binding(ME), boundaries=tuple(fences), enforced=enforced)).decision is decision


@pytest.mark.parametrize(
    "known",
    [
        chain(binding(ME), boundaries=Unread("boundaries", "denied")),
        chain(binding(ME), above=Unread("folders", "denied")),
        chain(binding(ME), roles=Unread("roles", "denied")),
        chain(binding(ME), roles={}),
        inputs(node(BUCKET), Node.of(PROJECT, Unread("allow policy", "denied"))),
        inputs(node(BUCKET, binding(ME)), Node.of(PROJECT, None, Unread("deny policies", "denied"))),
    ],
)
def test_what_was_not_read_is_unknown_and_named(known):
    answer = ask(known)
    assert answer.decision is UNKNOWN
    assert answer.unread


def test_an_unread_part_that_cannot_turn_the_answer_is_left_aside():
    nodes = inputs(node(BUCKET, binding(ME)), Node.of(PROJECT, Unread("allow policy", "denied")))
    assert ask(nodes).decision is ALLOW
    denied = inputs(node(PROJECT, denies=[denial(EVERYBODY)]), Node.of(FOLDER, Unread("allow policy", "denied")))
    assert ask(denied).decision is DENY


def test_policies_of_an_export_are_read_in_snake_case_too():
    rule = {
        "deny_rule": {"denied_principals": [EVERYBODY], "denied_permissions": ["storage.googleapis.com/objects.get"]}
    }
    assert ask(inputs(Node.of(BUCKET, {"bindings": [binding(ME)]}, [{"rules": [rule]}]))).decision is DENY


@pytest.mark.parametrize("strange", [None, 7, "x", [], [7], {"bindings": 7}, {"bindings": [7, {"members": "x"}]}])
def test_strange_policies_give_nothing(strange):
    policy = strange if isinstance(strange, dict) else {"bindings": strange}
    assert ask(inputs(Node.of(BUCKET, policy))).decision is DENY
    assert ROLES
