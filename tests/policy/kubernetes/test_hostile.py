"""Huge and strange clusters stay bounded."""

from poise.policy.answer import Decision
from poise.policy.kubernetes.permissions import Inputs, Request, can

from .documents import BOT, account, binding, cluster_role, decide, rule, user


def test_fifty_thousand_bindings_are_judged():
    role = cluster_role("r", rule("get", "pods"))
    many = [role, *(binding("r", user(f"u{n}")) for n in range(50_000))]
    assert can(BOT, Request(verb="get", resource="pods"), Inputs.of(many)).decision is Decision.DENY
    assert can(BOT, Request(verb="get", resource="pods"), Inputs.of([*many, binding("r")])).decision is Decision.ALLOW


def test_a_hundred_roles_that_aggregate_each_other_end():
    select, label = [{"matchLabels": {"all": "yes"}}], {"all": "yes"}
    roles = [cluster_role(f"r{n}", select=select, labels=label) for n in range(100)]
    leaf = cluster_role("leaf", rule("get", "pods"), labels=label)
    assert decide([*roles, leaf, binding("r7", account())], "get", "pods") is Decision.ALLOW


def test_a_rule_with_fifty_thousand_names_is_judged():
    names = " ".join(f"n{n}" for n in range(50_000))
    documents = [cluster_role("r", rule("get", "secrets", names=names)), binding("r")]
    assert decide(documents, "get", "secrets", name="n49999") is Decision.ALLOW
    assert decide(documents, "get", "secrets", name="x") is Decision.DENY


def test_paths_of_stars_are_judged():
    documents = [cluster_role("r", rule("get", paths="/" + "*a" * 1000 + "*")), binding("r")]
    assert decide(documents, "get", path="/" + "a" * 5000) is Decision.DENY
