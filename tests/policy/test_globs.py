"""Wildcard patterns equal a slow, literal reading, and stay cheap on hostile input."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.policy import globs

patterns = st.text(alphabet="ab:*?", max_size=7)
texts = st.text(alphabet="ab:", max_size=8)
WORDS = ["".join(w) for n in range(5) for w in product("ab", repeat=n)]


@cache
def slow(pattern: str, text: str) -> bool:
    """Match by the definition, sign by sign."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return slow(pattern[1:], text) or (bool(text) and slow(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and slow(pattern[1:], text[1:])


@given(patterns, texts)
def test_matching_equals_the_definition(pattern, text):
    assert globs.matches(pattern, text) is slow(pattern, text)


@given(st.text(alphabet="ab*?", max_size=5), st.text(alphabet="ab*?", max_size=5))
def test_cover_is_never_claimed_without_being_true(wide, narrow):
    if globs.covers(wide, narrow):
        assert all(slow(wide, word) for word in WORDS if slow(narrow, word))


@given(st.text(alphabet="ab*", max_size=4), st.text(alphabet="ab*", max_size=4))
def test_cover_without_question_marks_is_found_whenever_it_is_true(wide, narrow):
    stand_in = narrow.replace("*", "c")
    if slow(wide, stand_in) and slow(wide, narrow.replace("*", "")):
        assert globs.covers(wide, narrow)


@given(st.text(alphabet="ab*?", max_size=4), st.text(alphabet="ab*?", max_size=4))
def test_overlap_equals_a_search_for_a_common_word(one, other):
    if any(slow(one, word) and slow(other, word) for word in WORDS):
        assert globs.overlaps(one, other)
    assert globs.overlaps(one, other) is globs.overlaps(other, one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a*", "*b", True),
        ("a*", "b*", False),
        ("a?c", "ab?", True),
        ("a?", "a", False),
        ("*", "", True),
        ("iam:*", "*:create?", True),
        ("s3:get*", "s3:put*", False),
    ],
)
def test_overlap_of_known_pairs(one, other, expected):
    assert globs.overlaps(one, other) is expected


def test_wildcard_bombs_are_cheap():
    bomb = "*a" * 2000 + "*"
    assert not globs.matches(bomb + "b", "a" * 4000)
    assert globs.matches(bomb, "a" * 4000)
    assert not globs.matches("?" * 3000 + "b*", "a" * 6000)
    assert globs.covers("*", bomb)
    assert globs.overlaps("*a" * 100 + "*", "*b" * 100 + "*")
