"""Hostile and huge inputs of Azure stay bounded, and what is too large is unknown."""

import pytest

from poise.policy.answer import Decision
from poise.policy.azure.assignments import Assignment, DenyAssignment, Lock
from poise.policy.azure.attributes import Facts, holds
from poise.policy.azure.conditions import parse_condition
from poise.policy.azure.definitions import Role
from poise.policy.residual import Form

from .documents import ASSIGN, GROUP, ME, SUB, ask, given, inputs, role

OWNER = role("owner", "*")
BOMB = "*a" * 100 + "*"


def test_fifty_thousand_assignments_are_judged():
    many = [given("owner", to=f"p{n}") for n in range(25_000)] + [given("owner", f"{SUB}/x{n}") for n in range(25_000)]
    assert ask(ASSIGN, inputs([OWNER], many)).decision is Decision.DENY
    assert ask(ASSIGN, inputs([OWNER], [*many, given("owner")])).decision is Decision.ALLOW


def test_a_chain_of_fifty_thousand_groups_is_followed_to_its_end():
    groups = {ME: ("g0",)} | {f"g{n}": (f"g{n + 1}",) for n in range(50_000)}
    known = inputs([OWNER], [given("owner", to="g50000", kind="Group")], groups=groups)
    assert ask(ASSIGN, known).decision is Decision.ALLOW


def test_a_thousand_groups_that_hold_each_other_end():
    names = [f"g{n}" for n in range(300)]
    known = inputs(
        [OWNER], [given("owner", to="other", kind="Group")], groups={ME: names, **dict.fromkeys(names, names)}
    )
    assert ask(ASSIGN, known).decision is Decision.DENY


@pytest.mark.parametrize("bomb", [BOMB, "?" * 500, "*?" * 100, "a*" * 100 + "b"])
def test_wildcard_bombs_are_judged(bomb):
    known = inputs([role("bomb", *[bomb] * 200, but=[bomb + "c"])], [given("bomb")])
    assert ask("a" * 2000, known).decision in (Decision.ALLOW, Decision.DENY)


def test_a_huge_condition_is_unknown_and_a_wide_one_is_judged():
    assert holds(parse_condition("ActionMatches{'*'} AND " * 400_000), Facts.of("x", {})).form is Form.UNREAD
    wide = " OR ".join(["ActionMatches{'x'}"] * 2000)
    assert holds(parse_condition(wide), Facts.of("y", {})) is False


@pytest.mark.parametrize(
    "strange", [{}, {"properties": None}, {"properties": {"permissions": 7}}, {"permissions": [7, {}]}]
)
def test_strange_documents_give_nothing(strange):
    assert not any(entry.covers("x", is_data=False) for entry in Role.of(strange).entries)
    assert DenyAssignment.of(strange).principals == frozenset()
    assert Assignment.of(strange).principal == ""
    assert Lock.of(strange).level == ""


def test_a_condition_that_is_no_text_is_unknown():
    assert ask(ASSIGN, inputs([OWNER], [given("owner", condition=["x"])])).decision is Decision.UNKNOWN


@pytest.mark.parametrize("scope", ["", "/", "//", "/subscriptions", "/subscriptions/", "é", GROUP + "/" * 50])
def test_strange_scopes_are_scopes(scope):
    assert ask(ASSIGN, inputs([OWNER], [given("owner", "/")]), scope).decision is Decision.ALLOW
