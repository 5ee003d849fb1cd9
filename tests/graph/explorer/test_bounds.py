"""What a query finds for certain, and what it may find."""

import pytest

from poise.graph.explorer.bounds import certain, possible, widened, with_any_tags
from poise.graph.explorer.forms import from_text, to_text
from poise.model.query import Query

EVERY = "state certain|conditional|unknown"


def written(bound, text):
    return to_text(Query(bound(from_text(text).find)))


@pytest.mark.parametrize(
    ("text", "sure", "perhaps"),
    [
        (
            "find a where exposed",
            "find a where exposed and exposed exists",
            "find a where exposed or not exposed exists",
        ),
        (
            "find a where not has_mfa",
            "find a where not (has_mfa or not has_mfa exists)",
            "find a where not (has_mfa and has_mfa exists)",
        ),
        (
            "find a where tag.x = y",
            "find a where tag.x = y",
            "find a where tag.x = y",
        ),
        (
            "find a where last_used exists",
            "find a where last_used exists",
            "find a where last_used exists",
        ),
        (
            "find a where has finding",
            "find a where has finding",
            "find a where has finding (state any)",
        ),
        (
            "find a where not has finding",
            "find a where not has finding (state any)",
            "find a where not has finding",
        ),
        (
            "find a -[any]-> (b)",
            "find a -[any]-> (b)",
            f"find a -[any, {EVERY}]-> (b)",
        ),
        (
            "find a without -[any]-> (b)",
            f"find a without -[any, {EVERY}]-> (b)",
            "find a without -[any]-> (b)",
        ),
        (
            "find a optional -[any]-> (b)",
            "find a",
            "find a",
        ),
    ],
)
def test_what_unread_facts_could_change_is_between_the_bounds(text, sure, perhaps):
    assert written(certain, text) == sure
    assert written(possible, text) == perhaps


def test_widening_walks_unproven_edges_of_what_is_asked_for_only():
    assert written(widened, "find a -[any]-> (b -[any]-> (c)) without -[any]-> (d)") == (
        "find a -[any, state certain|conditional|unknown]-> (b -[any, state certain|conditional|unknown]-> (c)) "
        "without -[any]-> (d)"
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("tag.a = x", "find anything"),
        ("not tag.a = x", "find anything"),
        ('tag.a = x and name = "n"', "find anything where name = n"),
        ('tag.a = x or name = "n"', "find anything"),
        ('not (tag.a = x or name = "n")', "find anything where not name = n"),
        ('not (tag.a = x and name = "n")', "find anything"),
        ('region = "r" and not (tag.a exists and not name = "n")', "find anything where region = r"),
    ],
)
def test_tags_as_they_should_be(text, left):
    """By the rules of three-valued logic: what may be true is dropped from `and`, and makes an `or` true."""
    found = with_any_tags(from_text(f"find anything where {text}").find)
    assert to_text(Query(found)) == left
