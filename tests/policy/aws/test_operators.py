"""Condition operators one by one. Expectations: IAM User Guide, "Condition operators" and "Set operators"."""

import pytest

from poise.policy.aws.conditions import parse_conditions
from poise.policy.aws.context import Context
from poise.policy.aws.operators import holds

TOPIC = "arn:aws:sns:us-east-1:123456789012:TOPIC"


def check(operator, wanted, have, variables=True):
    (one,), problems = parse_conditions({operator: {"k": wanted}})
    assert not problems
    return holds(one, Context.of({"k": have}, is_complete=True), variables=variables)


@pytest.mark.parametrize(
    ("operator", "wanted", "have", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a*", "a*", True),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", "a*c", "abbc", True),
        ("StringLike", "a?c", "abbc", False),
        ("StringLike", "A*", "abc", False),
        ("StringNotLike", "a*", "abc", False),
        ("StringLike", "*", "", True),
        ("ArnEquals", TOPIC, TOPIC, True),
        ("ArnLike", "arn:aws:sns:*:123456789012:*", TOPIC, True),
        ("ArnLike", "arn:aws:sns:us-east-?:*:TOPIC", TOPIC, True),
        ("ArnEquals", "arn:aws:sns:*:*:*", TOPIC, True),
        ("ArnLike", "arn:aws:*:TOPIC:x:y", "arn:aws:sns:us-east-1:TOPIC:x:y", False),
        ("ArnLike", "arn:aws:sns:us-east-1:1*", TOPIC, True),
        ("ArnLike", "arn:aws:s*:123456789012:a:b:c", "arn:aws:sns:us-east-1:123456789012:a:b:c", False),
        ("ArnLike", "*", TOPIC, True),
        ("ArnLike", TOPIC.lower(), TOPIC, False),
        ("ArnNotLike", "arn:aws:sns:*:123456789012:*", TOPIC, False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", 10, "9", True),
        ("NumericLessThan", 10, "10", False),
        ("NumericLessThanEquals", 10, "10", True),
        ("NumericGreaterThan", 10, "11", True),
        ("NumericGreaterThanEquals", 10, "9", False),
        ("NumericLessThan", 10, "many", False),
        ("DateGreaterThan", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", True),
        ("DateLessThan", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", False),
        ("DateLessThanEquals", "2020-01-01", "2020-01-01T00:00:00Z", True),
        ("DateEquals", "1577836800", "2020-01-01T00:00:00Z", True),
        ("DateNotEquals", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z", False),
        ("DateGreaterThanEquals", "never", "2020-01-01", False),
        ("Bool", "true", "True", True),
        ("Bool", True, "false", False),
        ("Bool", ["true", "false"], "false", True),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "Tm9wZQ==", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", True),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("NotIpAddress", ["203.0.113.0/24", "10.0.0.0/8"], "10.1.1.1", False),
        ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
        ("IpAddress", "nonsense", "10.1.1.1", False),
    ],
)
def test_single_values(operator, wanted, have, expected):
    assert check(operator, wanted, have) is expected
    assert check(f"{operator}IfExists", wanted, have) is expected
    assert check(operator.upper(), wanted, have) is expected


NEGATED = ("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "ArnNotLike", "ArnNotEquals")
PLAIN = ("StringEquals", "StringLike", "ArnLike", "NumericEquals", "DateEquals", "Bool", "BinaryEquals", "IpAddress")


def test_a_missing_key():
    assert all(check(operator, "1", None) is False for operator in PLAIN)
    assert all(check(operator, "1", None) is True for operator in (*NEGATED, "NotIpAddress", "DateNotEquals"))
    assert all(check(f"{operator}IfExists", "1", None) is True for operator in (*PLAIN, *NEGATED))
    assert all(check(f"ForAllValues:{operator}", "1", None) is True for operator in (*PLAIN, *NEGATED))
    assert all(check(f"ForAnyValue:{operator}", "1", None) is False for operator in (*PLAIN, *NEGATED))


@pytest.mark.parametrize(
    ("wanted", "have", "expected"),
    [("true", None, True), ("false", None, False), ("true", "x", False), ("false", "x", True), ("True", None, True)],
)
def test_null_asks_whether_a_key_is_missing(wanted, have, expected):
    assert check("Null", wanted, have) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "have", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a", "b"], [], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c"], False),
        ("ForAnyValue:StringEquals", ["a", "b"], [], False),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], True),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"], False),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ["c", "a"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ["b", "a"], False),
        ("ForAllValues:StringLike", "a*", ["ab", "ac"], True),
        ("ForAnyValue:StringLikeIfExists", "a*", [], True),
        ("forallvalues:stringequals", "a", ["b"], False),
    ],
)
def test_sets(operator, wanted, have, expected):
    assert check(operator, wanted, have) is expected


def test_an_unknown_key_leaves_the_condition():
    (one,), _ = parse_conditions({"StringEquals": {"K": "a"}})
    left = holds(one, Context.of({}))
    assert str(left) == "StringEquals K [a]"


def test_an_unknown_variable_leaves_the_condition_only_where_it_matters():
    (one,), _ = parse_conditions({"StringEquals": {"k": ["${x}", "a"]}})
    assert holds(one, Context.of({"k": "a"})) is True
    assert not isinstance(holds(one, Context.of({"k": "b"})), bool)
    assert holds(one, Context.of({"k": "b", "x": "b"})) is True
    assert holds(one, Context.of({"k": "b", "x": None})) is False
    assert holds(one, Context.of({"k": "b"}), variables=False) is False


def test_a_variable_without_value_is_like_nothing():
    assert check("StringNotEquals", "${x}", "b") is True
    assert check("StringLike", "${x}", "b") is False


def test_wildcards_of_a_value_are_no_wildcards():
    (one,), _ = parse_conditions({"StringLike": {"k": "${x}/*"}})
    assert holds(one, Context.of({"k": "*/a", "x": "*"})) is True
    assert holds(one, Context.of({"k": "b/a", "x": "*"})) is False
