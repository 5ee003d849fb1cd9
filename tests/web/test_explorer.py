"""The explorer's page: a question as text and as blocks, its answer, ways, and what is kept."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings

from poise.graph.explorer.forms import from_text, to_cards, to_text
from poise.model.query import Condition, Every, HasFinding, Not, Property, Query, Some
from poise.web.builder import edited, value_text
from tests.graph.explorer.queries import queries
from tests.web.estate import estate
from tests.web.visitor import visitor_of, words

BUCKETS = "find AWS::S3::Bucket where name exists"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A visitor who may change things."""
    with estate(tmp_path_factory.mktemp("explorer")) as workspace:
        yield visitor_of(workspace)


def form_of(query: Query) -> dict[str, list[str]]:
    """Return the fields that the page's form sends for a query, as the template names them."""
    fields = {"show": [", ".join(query.show)], "order": [query.order], "limit": [str(query.limit)]}
    fields |= {"descending": ["1"]} if query.descending else {}
    for card in to_cards(query).cards:
        at = f"c{card.number}"
        fields |= {f"{at}.kinds": [" or ".join(card.kinds) or "anything"], f"{at}.alias": [card.alias]}
        fields |= _link(card, at) if card.parent else {}
        whole = isinstance(card.where, Every | Some)
        fields |= {} if whole else {f"{at}.w.is": ["all"]}
        fields |= _condition(card.where, f"{at}.w" if whole else f"{at}.w.0") if card.where else {}
    return fields


def _link(card, at):
    port = "" if card.edges.port is None else str(card.edges.port)
    return {
        f"{at}.parent": [str(card.parent)],
        f"{at}.presence": [card.presence],
        f"{at}.direction": [card.direction],
        f"{at}.edge": [*card.edges.kinds],
        f"{at}.state": [*card.edges.states],
        f"{at}.port": [port],
        f"{at}.gives": [*card.edges.capabilities],
        f"{at}.least": [str(card.least)],
        f"{at}.most": [str(card.most)],
    }


def _condition(one: Condition, at: str) -> dict[str, list[str]]:
    match one:
        case Not(of=Not()):
            return {f"{at}.is": ["all"], f"{at}.not": ["1"]} | _condition(one.of, f"{at}.0")
        case Not(of=inner):
            return _condition(inner, at) | {f"{at}.not": ["1"]}
        case Every(of=of) | Some(of=of):
            fields = {f"{at}.is": ["all" if isinstance(one, Every) else "any"]}
            for number, part in enumerate(of):
                fields |= _condition(part, f"{at}.{number}")
            return fields
        case HasFinding():
            fields = {f"{at}.is": ["finding"], f"{at}.state": [one.state or "any"], f"{at}.check": [one.check or ""]}
            return fields | {f"{at}.severity": [one.severity or ""], f"{at}.risk": [one.risk or ""]}
        case Property():
            fields = {f"{at}.is": ["property"], f"{at}.name": [one.name], f"{at}.op": [one.operator]}
            return fields | {f"{at}.value": [value_text(one.value)]}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries)
def test_the_form_of_a_question_says_what_the_question_says(query):
    if any(" or " in kind or "," in kind for card in to_cards(query).cards for kind in card.kinds):
        return
    if any(set(name) & set(", \t\n\r") for name in query.show):
        return
    assert to_text(edited(form_of(query))) == to_text(query)


@pytest.mark.parametrize(
    ("do", "text"),
    [
        ("condition:c1.w", "find a where x and name exists -[any]-> (b)"),
        ("finding:c1.w", "find a where x and has finding -[any]-> (b)"),
        ("group:c1.w", "find a where x and (name exists or name exists) -[any]-> (b)"),
        ("remove:c1.w.0", "find a -[any]-> (b)"),
        ("relation:2", "find a where x -[any]-> (b -[any]-> (anything))"),
        ("relation:1", "find a where x -[any]-> (b) -[any]-> (anything)"),
        ("drop:2", "find a where x"),
    ],
)
def test_each_button_changes_one_thing(do, text):
    fields = form_of(from_text("find a where x -[any]-> (b)")) | {"do": [do]}
    assert sorted(to_text(edited(fields)).split()) == sorted(text.split())


def test_the_address_holds_the_whole_question_and_reloads_the_same(visitor):
    page = visitor.page(f"/explorer?q={quote(BUCKETS)}")
    assert page.select_one("textarea[name=q]").get_text() == BUCKETS
    assert "Find S3 bucket where name exists" in words(page.select_one(".lead"))
    assert page.select("table tbody tr")


def test_an_edit_is_answered_with_the_address_of_the_new_question(visitor):
    answer = visitor.get("/explorer?c1.kinds=AWS%3A%3AS3%3A%3ABucket&c1.w.is=all&do=condition%3Ac1.w")
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.headers["location"]).query)["q"] == [BUCKETS]


def test_an_edit_that_cannot_be_keeps_the_question_and_says_why(visitor):
    fields = "c1.kinds=a&c1.w.is=all&c1.w.0.is=property&c1.w.0.name=&c1.w.0.op=exists&was=find+a"
    answer = visitor.get(f"/explorer?{fields}")
    page = visitor.page(answer.headers["location"])
    assert "names no property" in words(page.select_one("[role=alert]"))
    assert page.select_one("textarea").get_text() == "find a"


def test_an_error_points_at_the_word(visitor):
    page = visitor.page("/explorer?q=find+AWS::S3::Bucket+wher+exposed")
    assert page.select_one(".pointed mark").get_text() == "wher"
    assert "Column 22" in words(page.select_one("[role=alert]"))


def test_a_zero_names_its_block(visitor):
    page = visitor.page(f"/explorer?q={quote('find AWS::S3::Bucket -[any]-> (AWS::Moon::Base)')}")
    first, second = (words(block.select_one("[role=status]")) for block in page.select(".block"))
    assert "nothing is found" not in first
    assert "nothing is found from here on" in second


def test_the_graph_has_a_list_that_says_the_same(visitor):
    page = visitor.page(f"/explorer?view=graph&q={quote('find AWS::S3::Bucket -[any]- (anything)')}")
    drawn = page.select_one("[data-graph]")
    assert drawn.select_one("[data-graph-canvas]")["role"] == "img"
    assert drawn.select("[data-graph-node]")
    assert drawn.select("[data-graph-edge]")


def test_rows_are_exported_as_csv_and_json(visitor):
    text = visitor.get(f"/explorer?format=csv&q={quote(BUCKETS + ' limit 2')}").text
    assert text.splitlines()[0] == "name,kind,scope"
    assert len(text.splitlines()) == 3
    assert len(visitor.get(f"/explorer?format=json&q={quote(BUCKETS + ' limit 2')}").json()) == 2


def test_the_limit_is_said_when_it_is_reached(visitor):
    page = visitor.page(f"/explorer?q={quote(BUCKETS + ' limit 1')}")
    assert "more rows than the limit of 1" in words(page.main)


def test_ways_are_found_and_swapped(visitor):
    account = "arn:aws:account::123456789012:account"
    found = visitor.get(f"/explorer/suggest?from={quote('bucket:shop')}").text
    assert 'value="arn:aws:s3:::shop' in found
    page = visitor.page(f"/explorer?tab=paths&from={quote(account)}&to={quote('arn:aws:s3:::shop-data-05')}")
    assert page.select_one("#end-from")["value"] == account
    swap = next(link for link in page.select("form a") if link.get_text() == "Swap")
    assert f"to={quote(account, safe='')}" in swap["href"]


def test_an_end_that_is_not_there_is_said(visitor):
    page = visitor.page("/explorer?tab=paths&from=nowhere&to=internet")
    assert "holds no 'nowhere'" in words(page.select_one("[role=alert]"))


def test_a_question_is_saved_watched_and_removed(own):
    fields = {"q": BUCKETS, "name": "all_buckets", "title": "Buckets should not be", "watch": "yes", "shared": "yes"}
    answer = own.post("/explorer/save", fields | {"severity": "high"})
    assert answer.status_code == 303
    listed = own.page("/explorer?tab=ready")
    assert "all_buckets" in words(listed.select_one("section table"))
    assert "custom.aws.all_buckets" in words(own.page("/checks").main)
    assert own.page("/explorer?q=all_buckets").select_one("textarea").get_text() == BUCKETS
    assert own.post("/explorer/change", {"name": "all_buckets", "what": "remove"}).status_code == 303
    assert "custom.aws.all_buckets" not in words(own.page("/checks").main)


def test_a_name_that_cannot_be_is_refused(own):
    answer = own.post("/explorer/save", {"q": BUCKETS, "name": "No Name"})
    assert answer.status_code == 422
    assert "cannot name a query" in answer.text


def test_a_page_of_another_site_saves_nothing(own):
    for path in ("/explorer/save", "/explorer/change"):
        assert own.post(path, {"q": BUCKETS, "name": "stolen"}, Origin="https://evil.example").status_code == 403


def test_an_asset_shows_what_lies_around_it(visitor):
    page = visitor.page("/inventory/arn:aws:s3:::shop-data-05?tab=graph")
    assert "shop-data-05" in words(page.select_one("[data-graph] .graph-list"))
    assert page.select_one("[data-graph-data]").has_attr("hidden")
