"""RBAC: rules, bindings, aggregation, and what is not in it."""

import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.kubernetes.permissions import Inputs, Request, Subject, can

from .documents import BOT, account, binding, cluster_role, decide, group, role, rule, user

ALLOW, DENY, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.UNKNOWN
ANONYMOUS = Subject.of("system:anonymous")


@pytest.mark.parametrize(
    ("given", "asked", "expected"),
    [
        (rule("get", "pods"), {"verb": "get", "resource": "pods"}, ALLOW),
        (rule("get", "pods"), {"verb": "list", "resource": "pods"}, DENY),
        (rule("*", "pods"), {"verb": "escalate", "resource": "pods"}, ALLOW),
        (rule("create", "pods"), {"verb": "create", "resource": "pods/exec"}, DENY),
        (rule("create", "pods/exec"), {"verb": "create", "resource": "pods/exec"}, ALLOW),
        (rule("create", "pods/exec"), {"verb": "create", "resource": "pods"}, DENY),
        (rule("create", "*"), {"verb": "create", "resource": "pods/exec"}, ALLOW),
        (rule("create", "pods/*"), {"verb": "create", "resource": "pods/exec"}, DENY),
        (rule("create", "*/exec"), {"verb": "create", "resource": "pods/exec"}, ALLOW),
        (
            rule("update", "*/scale", "apps"),
            {"verb": "update", "resource": "deployments/scale", "group": "apps"},
            ALLOW,
        ),
        (rule("get", "deployments"), {"verb": "get", "resource": "deployments", "group": "apps"}, DENY),
        (rule("get", "deployments", "*"), {"verb": "get", "resource": "deployments", "group": "apps"}, ALLOW),
        (rule("get", "secrets", names="a b"), {"verb": "get", "resource": "secrets", "name": "a"}, ALLOW),
        (rule("get", "secrets", names="a b"), {"verb": "get", "resource": "secrets", "name": "c"}, DENY),
        (rule("list", "secrets", names="a"), {"verb": "list", "resource": "secrets"}, DENY),
        (rule("list", "secrets", names="a"), {"verb": "list", "resource": "secrets", "name": "a"}, ALLOW),
        (rule("create", "pods", names="a"), {"verb": "create", "resource": "pods"}, DENY),
        (rule("get", paths="/metrics"), {"verb": "get", "path": "/metrics"}, ALLOW),
        (rule("get", paths="/metrics"), {"verb": "get", "path": "/metrics/a"}, DENY),
        (rule("get", paths="/healthz/*"), {"verb": "get", "path": "/healthz/a/b"}, ALLOW),
        (rule("get", paths="/*/a"), {"verb": "get", "path": "/x/a"}, DENY),
        (rule("*", paths="*"), {"verb": "get", "path": "/x/a"}, ALLOW),
        (rule("*", "*", "*"), {"verb": "get", "path": "/x/a"}, DENY),
        (rule("*", paths="*"), {"verb": "get", "resource": "pods"}, DENY),
        (rule("GET", "pods"), {"verb": "get", "resource": "pods"}, DENY),
    ],
)
def test_a_rule_is_about_verbs_groups_resources_names_and_paths(given, asked, expected):
    assert decide([cluster_role("r", given), binding("r")], **asked) is expected


@pytest.mark.parametrize(
    ("documents", "namespace", "expected"),
    [
        ([cluster_role("r", rule("get", "pods")), binding("r")], "any", ALLOW),
        ([cluster_role("r", rule("get", "pods")), binding("r")], "", ALLOW),
        ([cluster_role("r", rule("get", "pods")), binding("r", namespace="web")], "web", ALLOW),
        ([cluster_role("r", rule("get", "pods")), binding("r", namespace="web")], "shop", DENY),
        ([cluster_role("r", rule("get", "pods")), binding("r", namespace="web")], "", DENY),
        ([role("r", rule("get", "pods")), binding("r", namespace="web", of_cluster=False)], "web", ALLOW),
        (
            [role("r", rule("get", "pods"), namespace="shop"), binding("r", namespace="web", of_cluster=False)],
            "web",
            DENY,
        ),
        ([cluster_role("r", rule("get", "pods")), binding("r", namespace="web", of_cluster=False)], "web", DENY),
        ([binding("r")], "web", DENY),
    ],
)
def test_a_binding_gives_a_role_in_its_namespace_or_everywhere(documents, namespace, expected):
    assert decide(documents, "get", "pods", namespace=namespace) is expected


def test_a_binding_of_a_namespace_gives_no_paths():
    documents = [cluster_role("r", rule("get", paths="*")), binding("r", namespace="web")]
    assert decide(documents, "get", path="/metrics") is DENY


@pytest.mark.parametrize(
    ("subject", "who", "expected"),
    [
        (account(), BOT, ALLOW),
        (account(namespace="shop"), BOT, DENY),
        (user("system:serviceaccount:web:bot"), BOT, ALLOW),
        (group("system:serviceaccounts"), BOT, ALLOW),
        (group("system:serviceaccounts:web"), BOT, ALLOW),
        (group("system:serviceaccounts:shop"), BOT, DENY),
        (group("system:authenticated"), BOT, ALLOW),
        (group("system:authenticated"), ANONYMOUS, DENY),
        (group("system:unauthenticated"), ANONYMOUS, ALLOW),
        (group("system:unauthenticated"), BOT, DENY),
        (user("system:anonymous"), ANONYMOUS, ALLOW),
        (user("ada"), Subject.of("ada"), ALLOW),
        (user("ada"), Subject.of("Ada"), DENY),
        (group("dev"), Subject.of("ada", ["dev"]), ALLOW),
        (group("ada"), Subject.of("ada"), DENY),
        (user("dev"), Subject.of("ada", ["dev"]), DENY),
    ],
)
def test_subjects_are_users_groups_and_service_accounts(subject, who, expected):
    assert decide([cluster_role("r", rule("get", "pods")), binding("r", subject)], "get", "pods", who) is expected


def test_masters_are_asked_nothing():
    master = Subject.of("admin", ["system:masters"])
    gap = Unread("bindings", "denied")
    assert can(master, Request(verb="get", resource="pods"), Inputs(roles=gap, bindings=gap)).decision is ALLOW


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([{"matchLabels": {"to-view": "true"}}], ALLOW),
        ([{"matchLabels": {"to-view": "false"}}], DENY),
        ([{"matchLabels": {"no": "x"}}, {"matchLabels": {"to-view": "true"}}], ALLOW),
        ([{"matchExpressions": [{"key": "to-view", "operator": "In", "values": ["true", "yes"]}]}], ALLOW),
        ([{"matchExpressions": [{"key": "to-view", "operator": "NotIn", "values": ["true"]}]}], DENY),
        ([{"matchExpressions": [{"key": "to-view", "operator": "Exists"}]}], ALLOW),
        ([{"matchExpressions": [{"key": "other", "operator": "DoesNotExist"}]}], ALLOW),
        ([{"matchExpressions": [{"key": "to-view", "operator": "New"}]}], DENY),
        ([], DENY),
    ],
)
def test_an_aggregated_role_has_the_rules_of_those_that_it_selects(selectors, expected):
    part = cluster_role("part", rule("get", "pods"), labels={"to-view": "true"})
    assert decide([cluster_role("view", select=selectors), part, binding("view")], "get", "pods") is expected


def test_aggregation_passes_through_and_circles_end():
    label, edit = {"to-view": "true"}, {"to-edit": "true"}
    documents = [
        cluster_role("edit", select=[{"matchLabels": edit}], labels=edit),
        cluster_role("view", select=[{"matchLabels": label}], labels={**edit, **label}),
        cluster_role("part", rule("get", "pods"), labels=label),
        binding("edit"),
    ]
    assert decide(documents, "get", "pods") is ALLOW
    assert decide(documents, "list", "pods") is DENY


def test_an_aggregated_role_whose_parts_were_not_read_keeps_its_own_rules():
    alone = cluster_role("view", rule("get", "pods"), select=[{"matchLabels": {"to-view": "true"}}])
    assert decide([alone, binding("view")], "get", "pods") is ALLOW


@pytest.mark.parametrize("field", ["roles", "bindings"])
def test_what_was_not_read_is_unknown(field):
    known = Inputs.of([cluster_role("r", rule("get", "pods")), binding("r")])
    unread = Inputs(**{"roles": known.roles, "bindings": known.bindings, field: Unread(field, "denied")})
    assert can(BOT, Request(verb="get", resource="pods"), unread).decision is UNKNOWN


def test_other_authorizers_leave_what_rbac_does_not_allow_unknown():
    documents = [cluster_role("r", rule("get", "pods")), binding("r")]
    assert decide(documents, "get", "pods", others=("Webhook",)) is ALLOW
    assert decide(documents, "list", "pods", others=("Webhook",)) is UNKNOWN


def test_lists_are_taken_apart_and_the_rule_is_named():
    one = {"kind": "ClusterRoleList", "items": [cluster_role("r", rule("get", "nodes"), rule("get", "pods"))]}
    two = {"kind": "List", "items": [binding("r"), {"kind": "Pod"}]}
    answer = can(BOT, Request(verb="get", resource="pods"), Inputs.of([one, two]))
    assert (answer.because[0].source, answer.because[0].statement) == ("r-binding", 1)


def test_strange_documents_give_nothing():
    strange = [
        {},
        {"kind": "Role"},
        {"kind": "RoleBinding", "subjects": 7},
        {"kind": "ClusterRole", "rules": [7, {"verbs": 7}]},
    ]
    assert decide(strange, "get", "pods") is DENY
