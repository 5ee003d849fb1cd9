"""What a trust policy demands of whoever takes the role."""

import pytest

from poise.policy.aws.demands import names_service, terms_of, trusted_principals

from .documents import FOREIGN, OURS, policy

ASSUME = {"Effect": "Allow", "Principal": {"AWS": FOREIGN}, "Action": "sts:AssumeRole"}
ID = "sts:ExternalId"


def demands(*statements):
    return terms_of(policy(*statements))[0].demands


def under(operator, value="q7", key=ID):
    return ASSUME | {"Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    "operator", ["StringEquals", "StringLike", "StringEqualsIgnoreCase", "ForAnyValue:StringEquals"]
)
def test_a_positive_condition_is_a_demand(operator):
    assert demands(under(operator)) == {"sts:externalid": ("q7",)}


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals", "Null"])
def test_a_condition_that_holds_without_the_key_demands_nothing(operator):
    value = "false" if operator == "Null" else "q7"
    statement = under(operator, value)

    assert demands(statement) == {}
    assert terms_of(policy(statement))[0].keys == {"sts:externalid"}


@pytest.mark.parametrize("pattern", ["*", "**", "?*", ["q7", "*"]])
def test_a_pattern_that_admits_all_demands_nothing(pattern):
    assert demands(under("StringLike", pattern)) == {}


def test_a_star_is_a_plain_sign_under_equality():
    assert demands(under("StringEquals", "*")) == {"sts:externalid": ("*",)}


def test_a_deny_without_the_key_is_a_demand_on_every_statement():
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sts:*",
        "Condition": {"StringNotEquals": {ID: "q7"}},
    }
    assert demands(ASSUME, deny) == {"sts:externalid": ("q7",)}


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"AWS": OURS}},
        {"Action": "sts:TagSession"},
        {"Condition": {"StringEquals": {ID: "q7"}}},
        {"Condition": {"StringNotEquals": {ID: "q7", "aws:username": "x"}}},
        {"Condition": {"ForAnyValue:StringNotEquals": {ID: "q7"}}},
    ],
)
def test_a_deny_that_spares_somebody_demands_nothing(change):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"StringNotEquals": {ID: "q7"}}}

    assert demands(ASSUME, deny | change) == {}


def test_statements_that_cannot_be_understood_are_left_out():
    assert terms_of(policy({"Effect": "Allow", "Principal": "*"})) == {}
    assert terms_of({"Statement": "all"}) == {}
    assert terms_of(None) == {}


def test_federated_principals_are_named():
    statement = {"Effect": "Allow", "Principal": {"Federated": ["a", "b"]}, "Action": "sts:AssumeRoleWithSAML"}

    assert terms_of(policy(statement))[0].federated == ("a", "b")


def test_services_are_named_whatever_the_case():
    trust = policy({"Effect": "Allow", "Principal": {"Service": ["EC2.amazonaws.com"]}, "Action": "sts:AssumeRole"})

    assert names_service(trust, "ec2.amazonaws.com")
    assert not names_service(trust, "lambda.amazonaws.com")


def test_a_denied_service_is_not_trusted():
    trust = policy({"Effect": "Deny", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})

    assert not names_service(trust, "ec2.amazonaws.com")


def test_trusted_principals_are_those_without_a_condition():
    user = f"arn:aws:iam::{OURS}:user/ann"
    trust = policy(
        ASSUME | {"Principal": {"AWS": [user, f"arn:aws:iam::{OURS}:root"]}},
        under("StringEquals"),
    )

    assert trusted_principals(trust) == {user, OURS}
