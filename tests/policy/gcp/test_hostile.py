"""Hostile and huge policies of Google Cloud stay bounded."""

from poise.policy.answer import Decision

from .documents import ME, PROJECT, VIEWER, ask, binding, chain, denial, inputs, node


def test_fifty_thousand_bindings_are_judged():
    many = [binding(f"user:u{n}@example.com") for n in range(50_000)]
    assert ask(inputs(node(PROJECT, *many))).decision is Decision.DENY
    assert ask(inputs(node(PROJECT, *many, binding(ME)))).decision is Decision.ALLOW


def test_fifty_thousand_members_and_unread_groups_are_judged():
    members = [f"group:g{n}@example.com" for n in range(50_000)]
    assert ask(chain(binding(*members))).decision is Decision.DENY


def test_a_chain_of_fifty_thousand_groups_is_followed_to_its_end():
    groups = {ME: ("group:0",)} | {f"group:{n}": (f"group:{n + 1}",) for n in range(50_000)}
    assert ask(chain(binding("group:50000"), groups=groups)).decision is Decision.ALLOW


def test_a_thousand_deny_rules_with_wildcards_are_judged():
    rules = [denial("principalSet://goog/public:all", permissions=["*a" * 100 + "*"]) for _ in range(1000)]
    assert ask(chain(binding(ME), denies=rules)).decision is Decision.ALLOW


def test_a_huge_condition_is_unknown_and_a_deep_one_too():
    for written in ("true && " * 20_000 + "true", "(" * 500 + "true" + ")" * 500, "!" * 500 + "true"):
        assert ask(chain(binding(ME, role=VIEWER, condition=written))).decision is Decision.UNKNOWN
