"""Conditions in CEL: IAM's own functions, what stays open, and hostile expressions."""

from datetime import UTC, datetime

import pytest

from poise.policy.gcp.cel.evaluation import Facts, evaluate, judge, settled
from poise.policy.gcp.cel.parser import parse
from poise.policy.gcp.cel.patterns import search
from poise.policy.gcp.cel.values import Failure, Moment, Unknown

NAME = "projects/_/buckets/acme-orders-aaa/objects/data_lake/orders/order_date=2019-11-03/aef87g87ae0876"
ROOTS = frozenset({"resource", "request", "destination", "api"})
TIME = Moment.at(datetime(2026, 11, 25, 12, 30, tzinfo=UTC))


def value(written, **known):
    expression = parse(written)
    assert expression.node is not None, expression.problem
    facts = Facts({name.replace("__", "."): one for name, one in known.items()}, ROOTS)
    return evaluate(expression.node, facts)


def judged(written, **known):
    facts = Facts({name.replace("__", "."): one for name, one in known.items()}, ROOTS)
    return judge(parse(written).node, facts)


# Examples of the vendor's page, section "Extract function".
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/order_date={date}/", "2019-11-03"),
        ("buckets/{name}/", "acme-orders-aaa"),
        ("/orders/{empty}order_date", ""),
        ("{start}/objects/data_lake", "projects/_/buckets/acme-orders-aaa"),
        ("orders/{end}", "order_date=2019-11-03/aef87g87ae0876"),
        ("{all}", NAME),
        ("/orders/{none}/order_date=", ""),
        ("/orders/order_date=2019-11-03/{id}/data_lake", ""),
    ],
)
def test_extract_takes_what_stands_in_the_place_of_the_name(template, expected):
    assert value(f"resource.name.extract('{template}')", resource__name=NAME) == expected


@pytest.mark.parametrize("template", ["none", "{a}{b}", "{", "{}", "a}b{c}"])
def test_a_template_without_exactly_one_name_fails(template):
    assert isinstance(value(f"'x'.extract('{template}')"), Failure)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("request.time < timestamp('2026-11-25T13:00:00Z')", True),
        ("request.time.getHours('Europe/Berlin') == 13", True),
        ("request.time.getHours('-02:30') == 10", True),
        ("request.time.getDayOfWeek() == 3", True),
        ("request.time.getDayOfYear() == 328", True),
        ("request.time.getMonth() == 10 && request.time.getDate() == 25", True),
        ("request.time - duration('1800s') == timestamp('2026-11-25T12:00:00Z')", True),
        ("request.time > date('2026-11-25')", True),
        ("request.time.getFullYear() in [2025, 2026]", True),
        ("['a', 'b'].hasOnly(['a', 'b', 'c'])", True),
        ("['a', 'd'].hasOnly(['a', 'b', 'c'])", False),
        ("[].hasOnly(['a'])", True),
        ("'https://x/' + 'a' in {'https://x/a': 1}", True),
        ("resource.type == 'x' ? 1 == 1 : 1 == 2", False),
        ("request.auth.access_levels.exists(one, one.startsWith('levels/'))", True),
    ],
)
def test_functions_of_conditions(written, expected):
    known = {"request__time": TIME, "resource__type": "y", "request__auth__access_levels": ["a", "levels/b"]}
    assert value(written, **known) is expected


@pytest.mark.parametrize(
    ("written", "true", "false"),
    [
        ("resource.name == 'a'", "resource.name == 'a'", "!(resource.name == 'a')"),
        ("!(resource.name == 'a')", "!(resource.name == 'a')", "resource.name == 'a'"),
        ("resource.name == 'a' || true", "True", "False"),
        ("resource.name == 'a' && false", "False", "True"),
        ("resource.name == 'a' || 1 / 0 == 1", "resource.name == 'a'", "False"),
        ("resource.name == 'a' && 1 / 0 == 1", "False", "!(resource.name == 'a')"),
        ("destination.port == 22 || destination.ip == '10.0.0.1'", None, None),
        ("nobody.name == 'a'", "False", "False"),
        ("resource.name.matches('^(?=a)')", None, None),
        ("'a'.matches('(?=a)')", "'a'.matches('(?=a)')", None),
    ],
)
def test_what_is_unknown_stays_and_a_failure_is_neither_true_nor_false(written, true, false):
    found = judged(written)
    for rail, expected in ((found.true, true), (found.false, false)):
        assert expected is None or str(rail) == expected


def test_what_is_left_over_is_settled_by_facts_that_come_later():
    found = judged("resource.name == 'a' && destination.port == 22", destination__port=22)
    for name, expected in (("a", True), ("b", False)):
        assert settled(found.true.test, Facts({"resource.name": name}, ROOTS)) is expected


def test_missing_attributes_are_failures_once_all_is_known():
    node = parse("resource.name == 'a'").node
    found = judge(node, Facts({}, ROOTS, is_complete=True))
    assert (found.true, found.false) == (False, False)
    assert evaluate(parse("has(resource.name)").node, Facts({}, ROOTS, is_complete=True)) is False
    assert evaluate(parse("has(resource.name)").node, Facts({"resource.name": "a"}, ROOTS)) is True


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^a+$", "aaa", True),
        ("^a+$", "aab", False),
        ("b", "abc", True),
        ("^(?:ab|cd){2}$", "abcd", True),
        ("^(ab|cd){3,}$", "abcd", False),
        ("^[a-c_]{1,2}$", "b_", True),
        ("[^a-z]", "abc", False),
        (r"^\d{4}-\d\d$", "2026-11", True),
        (r"\.com$", "example.com", True),
        (r"\.com$", "exampleXcom", False),
        ("^.?$", "\n", False),
        ("", "", True),
        ("^[]a]$", "]", True),
        ("a{2}", "aa", True),
        (r"^\w+\s\S+$", "a_1 é", True),
    ],
)
def test_patterns_match_in_linear_time(pattern, text, expected):
    assert search(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern", ["(?i)a", r"\p{L}", "(?=a)", r"(a)\1", r"\bx", "a**", "(", ")", "[", "a{", "[[:alpha:]]"]
)
def test_patterns_of_another_kind_are_not_judged(pattern):
    assert search(pattern, "a") is None


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "(.*)(.*)(.*)x", "^((a{0,30}){0,30}){0,30}$"])
def test_catastrophic_patterns_stay_bounded(pattern):
    assert search(pattern, "a" * 2000 + "!") in (False, None)


@pytest.mark.parametrize(
    "written",
    [
        "(" * 1000 + "true" + ")" * 1000,
        "!" * 1000 + "true",
        "[" * 1000,
        "a." * 5000 + "b",
        "1" + " + 1" * 5000,
        "true ? " * 1000,
        "'" + "a" * 100_000 + "'",
        "9" * 50,
        "'\\q'",
        "has(a)",
        "x.all(1, true)",
        "a..b",
        "if",
        "1 = 1",
        "\x00",
    ],
)
def test_what_cannot_be_understood_is_a_problem_and_never_raised(written):
    expression = parse(written)
    assert expression.node is None or isinstance(value(written), Failure)


def test_work_is_bounded():
    many = "[" + ",".join("1" * 1 for _ in range(200)) + "]"
    nested = f"{many}.all(a, {many}.all(b, {many}.all(c, {many}.all(d, a == b))))"
    assert isinstance(value(nested), Unknown)
    long = " || ".join(f"resource.name == '{n}'" for n in range(2000))
    assert len(list(judged(long).true.leaves())) == 2000
