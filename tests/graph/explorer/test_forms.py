from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from poise.graph.explorer.forms import Cards, from_cards, from_json, from_text, to_cards, to_json, to_text
from poise.graph.explorer.tokens import BadQuery
from poise.model.errors import BadInput
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.query import (
    Block,
    Direction,
    EdgeFilter,
    Every,
    HasFinding,
    Link,
    Not,
    Operator,
    Presence,
    Property,
    Query,
    Some,
)
from poise.model.verdict import Severity
from tests.graph.explorer.queries import queries


@settings(max_examples=1000, deadline=None)
@given(queries)
def test_every_form_turns_into_every_other_without_loss(query: Query) -> None:
    assert from_text(to_text(query)) == query
    assert from_json(msgspec.json.encode(to_json(query))) == query
    assert from_cards(to_cards(query)) == query
    assert from_cards(msgspec.json.decode(msgspec.json.encode(to_cards(query)), type=Cards)) == query


def test_a_question_reads_as_it_is_written() -> None:
    text = (
        "find AWS::EC2::Instance as vm where exposed and has finding (severity high)"
        " -[can authenticate as]-> (AWS::IAM::Role -[has permission to, to read]-> (AWS::S3::Bucket where sensitive))"
        " without <-[contains, 1..2]- (anything where name contains test)"
    )
    bucket = Block(frozenset({"AWS::S3::Bucket"}), Property("sensitive"))
    reads = EdgeFilter(frozenset({EdgeKind.HAS_PERMISSION}), capabilities=frozenset({Capability.READ}))
    role = Block(frozenset({"AWS::IAM::Role"}), None, (Link(bucket, reads),))
    test = Block(frozenset(), Property("name", Operator.CONTAINS, "test"))
    inside = EdgeFilter(frozenset({EdgeKind.CONTAINS}))
    links = (
        Link(role, EdgeFilter(frozenset({EdgeKind.CAN_AUTHENTICATE_AS}))),
        Link(test, inside, Direction.IN, 1, 2, Presence.WITHOUT),
    )
    where = Every((Property("exposed"), HasFinding(severity=Severity.HIGH)))
    query = Query(Block(frozenset({"AWS::EC2::Instance"}), where, links, "vm"))
    assert from_text(text) == query
    assert to_text(query) == text


def test_and_binds_closer_than_or_and_not_closest() -> None:
    find = from_text("find anything where not a or b and c").find
    assert find.where == Some((Not(Property("a")), Every((Property("b"), Property("c")))))


def test_unproven_edges_are_walked_only_when_asked_for() -> None:
    plain = from_text("find anything -[any]-> (anything)").find.links[0].edges
    assert plain.states == {EdgeState.CERTAIN, EdgeState.CONDITIONAL}
    asked = from_text("find anything -[any, state unknown]-> (anything)").find.links[0].edges
    assert asked.states == {EdgeState.UNKNOWN}


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "expected `find`, at the end"),
        ("find", 5, "expected a kind"),
        ("find x where", 13, "expected a property"),
        ("find x where a = ", 18, "expected a value"),
        ("find x -[can asume]-> (y)", 10, "Did you mean `can assume`?"),
        ('find x where a = "b', 18, "has no end"),
        ("find x where a and", 19, "expected a property"),
        ("find x limit 0", 14, "from 1 to 10000"),
        ("find x limit 99999999999999999999999", 14, "from 1 to 10000"),
        ("find x -[any, 0..9]-> (y)", 15, "1 to 4 edges"),
        ("find x -[any, 3..2]-> (y)", 15, "the smaller number first"),
        ("find x -[any]-> y", 17, "expected `(`"),
        ("find x -[any]-> (y", 19, "expected `)`"),
        ("find x where a contains 3", 25, "expected a text"),
        ("find x where has finding (severity big)", 36, "expected a severity"),
        ("find x )", 8, "belongs to nothing"),
        ("find or", 6, "expected a kind"),
        ("find x where a ! 3", 16, "means nothing here"),
        ('find "a\\q"', 6, "escape that JSON does not know"),
    ],
)
def test_an_error_points_at_the_word(text: str, column: int, says: str) -> None:
    with pytest.raises(BadQuery) as error:
        from_text(text)
    assert error.value.column == column
    assert says in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "find x where " + "not " * 5000 + "a",
        "find x where " + "(" * 5000,
        "find x " + "-[any]-> (x " * 500,
        "find x where a = " + '"' + "x" * 20_000 + '"',
    ],
)
def test_a_text_without_end_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        from_text(text)


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        b"[]",
        b'{"find": {"where": {"type": "nothing"}}}',
        b'{"find": {"where": {"type": "all", "of": []}}}',
        b'{"find": {}, "limit": 0}',
        b'{"find": {}, "version": 2}',
        b'{"find": {"links": [{"to": {}, "least": 0}]}}',
        b'{"find": {"links": [{"to": {}, "most": 5}]}}',
        b'{"find": {"where": {"type": "property", "name": "a", "operator": "in", "value": 3}}}',
        b'{"find": {"where": {"type": "property", "name": "a", "operator": "exists", "value": 3}}}',
        b'{"find": {"where": {"type": "property", "name": "", "value": 3}}}',
        b'{"find": {"alias": "a", "links": [{"to": {"alias": "a"}}]}}',
        b'{"find": {"alias": "not a word"}}',
        b'{"find": {}, "show": ["vm.name"]}',
        b'{"find": ' + b'{"links": [{"to": ' * 2000 + b"{}" + b"}]}" * 2000 + b"}",
        b" " * 300_000,
    ],
)
def test_a_document_that_is_no_query_is_refused(document: bytes) -> None:
    with pytest.raises(BadInput):
        from_json(document)


def test_cards_that_hang_on_nothing_are_refused() -> None:
    cards = to_cards(from_text("find a -[any]-> (b)"))
    loose = msgspec.structs.replace(cards.cards[1], parent=7)
    with pytest.raises(BadInput, match="Card 2 hangs on no card"):
        from_cards(msgspec.structs.replace(cards, cards=(cards.cards[0], loose)))
