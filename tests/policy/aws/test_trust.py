"""Trust policies: who may take a role."""

import pytest

from poise.policy.answer import Audience, Level
from poise.policy.aws.exposure import trust_exposure

from .documents import FOREIGN, OURS, allow, deny, policy

GITHUB = f"arn:aws:iam::{OURS}:oidc-provider/token.actions.githubusercontent.com"
SUB = "token.actions.githubusercontent.com:sub"
AUD = {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}


def trust(principal="*", action="sts:AssumeRole", condition=None, **more):
    return allow(principal, action, None, condition, **more)


def web(provider, condition=None):
    return trust({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", condition)


def judged(*statements):
    return trust_exposure(policy(*statements), OURS)


def test_anyone_is_public():
    assert judged(trust()).is_public
    assert judged(trust({"AWS": "*"}, action="sts:*")).is_public
    assert judged(trust(action=None, NotAction="s3:*")).is_public


def test_role_arns_in_a_condition_narrow_anyone():
    roles = [f"arn:aws:iam::{OURS}:role/a", f"arn:aws:iam::{OURS}:role/b"]
    assert judged(trust(condition={"StringLike": {"aws:PrincipalArn": roles}})).level is Level.PRIVATE
    foreign = [f"arn:aws:iam::{FOREIGN}:role/a"]
    found = judged(trust(condition={"StringLike": {"aws:PrincipalArn": foreign}}))
    assert (found.level, found.accounts) == (Level.RESTRICTED, (FOREIGN,))
    assert judged(trust(condition={"StringLike": {"aws:PrincipalArn": "*"}})).is_public


def test_foreign_accounts_with_and_without_external_id():
    plain = judged(trust({"AWS": FOREIGN}))
    assert plain.level is Level.RESTRICTED
    assert plain.of(Audience.ACCOUNT)[0].confined_by == ()
    asked = judged(trust({"AWS": FOREIGN}, condition={"StringEquals": {"sts:ExternalId": "x"}}))
    assert asked.of(Audience.ACCOUNT)[0].confined_by == ("sts:externalid",)


def test_an_external_id_is_no_secret_that_makes_anyone_private():
    assert judged(trust(condition={"StringEquals": {"sts:ExternalId": "x"}})).is_public


def test_services_and_the_own_account_are_private():
    found = judged(trust({"Service": "ec2.amazonaws.com"}), trust({"AWS": OURS}))
    assert found.level is Level.PRIVATE
    assert [g.who for g in found.of(Audience.SERVICE)] == ["ec2.amazonaws.com"]


def test_statements_about_other_actions_do_not_count():
    assert judged(trust(action="sts:TagSession")).level is Level.PRIVATE


def test_a_deny_acts_on_its_own_action_alone():
    other = deny(action="sts:AssumeRoleWithWebIdentity", resource=None)
    assert judged(trust(), other).is_public
    assert judged(trust(), deny(action="sts:AssumeRole", resource=None)).level is Level.PRIVATE


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"StringEquals": AUD},
        {"StringLike": {SUB: "repo:acme*"}},
        {"StringLike": {SUB: "repo:*"}},
        {"StringLike": {SUB: "*"}},
        {"StringLike": {SUB: "repo:*/infra:*"}},
        {"StringLike": {SUB: ["repo:acme/*", "repo:*"]}},
        {"StringLikeIfExists": {SUB: "repo:acme/*"}},
        {"StringNotEquals": {SUB: "repo:evil/x"}},
        {"ForAllValues:StringLike": {SUB: "repo:acme/*"}},
        {"StringEquals": {"other.issuer:sub": "repo:acme/x"}},
        {"Null": {SUB: "false"}},
    ],
)
def test_a_missing_or_wide_github_subject_is_public(condition):
    assert judged(web(GITHUB, condition)).is_public


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {SUB: "repo:acme/*"}},
        {"StringLike": {SUB: "repo:acme/infra:ref:refs/heads/*"}, "StringEquals": AUD},
        {"StringEquals": {SUB: "repo:acme/infra:ref:refs/heads/main"}},
        {"ForAnyValue:StringLike": {SUB: "repo:acme/*"}},
        {"StringLike": {SUB: "repository_owner_id:42:*"}},
        {"StringEquals": {"token.actions.githubusercontent.com:repository_owner": "acme"}},
    ],
)
def test_a_subject_of_one_organization_is_restricted(condition):
    assert judged(web(GITHUB, condition)).level is Level.RESTRICTED


@pytest.mark.parametrize(
    ("issuer", "narrow", "wide"),
    [
        ("gitlab.com", "project_path:acme/*", "project_path:acme*"),
        ("app.terraform.io", "organization:acme:*", "organization:*"),
        ("agent.buildkite.com", "organization:acme:*", "organization:acme*"),
    ],
)
def test_other_shared_issuers(issuer, narrow, wide):
    provider = f"arn:aws:iam::{OURS}:oidc-provider/{issuer}"
    assert judged(web(provider, {"StringLike": {f"{issuer}:sub": narrow}})).level is Level.RESTRICTED
    assert judged(web(provider, {"StringLike": {f"{issuer}:sub": wide}})).is_public
    assert judged(web(provider)).is_public


def test_identity_pools_need_their_audience():
    pool = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:1234"}}
    assert judged(web("cognito-identity.amazonaws.com", pool)).level is Level.RESTRICTED
    only_login = {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}
    assert judged(web("cognito-identity.amazonaws.com", only_login)).is_public


def test_an_issuer_of_ones_own_is_restricted():
    eks = f"arn:aws:iam::{OURS}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"
    found = judged(web(eks))
    assert found.level is Level.RESTRICTED
    assert found.of(Audience.FEDERATED)[0].confined_by == ()


def test_saml_is_restricted():
    saml = {"Federated": f"arn:aws:iam::{OURS}:saml-provider/idp"}
    found = judged(trust(saml, "sts:AssumeRoleWithSAML", {"StringEquals": {"SAML:aud": "https://signin.aws"}}))
    assert found.level is Level.RESTRICTED
    assert found.of(Audience.FEDERATED)


def test_other_partitions():
    document = policy(trust({"AWS": f"arn:aws-cn:iam::{FOREIGN}:root"}))
    assert trust_exposure(document, OURS, "aws-cn").accounts == (FOREIGN,)


@pytest.mark.parametrize("document", [None, {}, {"Statement": "x"}])
def test_an_unreadable_trust_policy_is_unknown(document):
    assert trust_exposure(document, OURS).level is Level.UNKNOWN
