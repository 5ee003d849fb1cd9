"""Groups in groups, groups that were not read, groups that must be activated."""

from poise.policy.answer import Unread
from poise.policy.memberships import Circle, by_member
from poise.policy.residual import Form

GAP = Unread("groups", "denied")


def test_a_principal_stands_for_itself_and_all_groups_above_it():
    circle = Circle("me", {"me": ("a",), "a": ("b",), "b": ("a",)})
    assert [circle.holds(name) for name in ("me", "a", "b", "c")] == [True, True, True, False]
    assert not circle.gaps


def test_groups_that_were_not_read_leave_others_open_and_known_ones_sure():
    circle = Circle("me", {"me": ("a",), "a": GAP})
    assert circle.holds("a") is True
    found = circle.holds("c")
    assert (found.form, found.text, found.reason) == (Form.UNREAD, "groups (c)", "denied")
    assert Circle("me", GAP).holds("me") is True


def test_an_activation_stands_before_the_groups_behind_it():
    circle = Circle("me", {"a": ("b",)}, {"me": ("a",), "b": ("c",)})
    assert str(circle.holds("b")) == "membership in group a is activated"
    assert str(circle.holds("c")) == "membership in group a is activated and membership in group c is activated"
    both = Circle("me", {"me": ("a",)}, {"me": ("a",)})
    assert both.holds("a") is True


def test_lists_of_members_become_lists_of_groups():
    assert by_member({"g": ["me", "you"], "h": ["me"]}) == {"me": ("g", "h"), "you": ("g",)}
