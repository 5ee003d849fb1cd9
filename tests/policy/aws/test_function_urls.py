"""How far addresses of functions are open."""

import pytest

from poise.policy.answer import Level
from poise.policy.aws.function_urls import function_url_exposure

ACCOUNT = "111122223333"


def policy(**statement):
    whole = {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl", "Resource": "*"} | statement
    return {"Version": "2012-10-17", "Statement": [{k: v for k, v in whole.items() if v is not None}]}


def auth(operator, value):
    return policy(Condition={operator: {"lambda:FunctionUrlAuthType": value}})


@pytest.mark.parametrize(
    "document",
    [
        policy(),
        policy(Principal={"AWS": "*"}),
        policy(Action="lambda:Invoke*"),
        policy(Action="*"),
        policy(Action="LAMBDA:INVOKEFUNCTIONURL"),
        policy(Action=None, NotAction="lambda:DeleteFunction"),
        auth("StringEquals", "NONE"),
        auth("StringNotEquals", "AWS_IAM"),
    ],
)
def test_an_address_without_authentication_and_a_policy_for_everyone_is_open(document):
    assert function_url_exposure("NONE", document, ACCOUNT).level is Level.PUBLIC


@pytest.mark.parametrize(
    "document",
    [
        None,
        policy(Principal={"Service": "s3.amazonaws.com"}, Action="lambda:InvokeFunction"),
        policy(Action="lambda:GetFunction"),
        policy(Action=None, NotAction="lambda:Invoke*"),
        policy(Effect="Deny"),
        policy(Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
        auth("StringEquals", "AWS_IAM"),
        auth("StringNotEquals", "NONE"),
    ],
)
def test_a_policy_that_lets_nobody_in_keeps_the_address_shut(document):
    assert function_url_exposure("NONE", document, ACCOUNT).level is not Level.PUBLIC


def test_signed_requests_are_not_open_whatever_the_policy():
    assert function_url_exposure("AWS_IAM", policy(), ACCOUNT).level is Level.PRIVATE


def test_a_policy_that_cannot_be_understood_is_unknown():
    assert function_url_exposure("NONE", policy(Principal=7), ACCOUNT).level is Level.UNKNOWN
