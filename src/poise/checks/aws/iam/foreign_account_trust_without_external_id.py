"""Roles that a foreign account may assume without an external id.

A provider that works for many customers assumes a role in each. Any other customer can tell it your role's ARN and so
act on your account through it. An external id that the provider gives each customer stops that.
The organization's management account is no stranger. Other accounts of the organization are foreign, unless they are
named as trusted; a trust that holds for the own organization alone, or asks for a second factor, needs no external id.
"""

from poise.model import (
    Check,
    Example,
    Fix,
    Inventory,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.asset import Document
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamRole
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, FOREIGN_ACCOUNT
from poise.model.samples.aws_iam import IAM_ROLE
from poise.policy.aws.demands import Terms, terms_of
from poise.policy.aws.exposed import role_exposed
from poise.policy.aws.exposure import Audience, Level
from poise.policy.aws.principal import is_service_linked

ORGANIZATION = "aws:principalorgid"
MFA = "aws:multifactorauthpresent"


def evaluate(role: IamRole, inventory: Inventory, trusted_accounts: tuple[str, ...]) -> Verdict:
    if is_service_linked(role):
        return not_applicable("the role belongs to a service, which alone can assume it")
    exposure = role_exposed(role, inventory)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    foreign = [grant for grant in exposure.of(Audience.ACCOUNT) if grant.who not in trusted_accounts]
    if not foreign and any(grant.who == "*" for grant in exposure.of(Audience.ANYONE)):
        return not_applicable("anyone may assume the role: another check reports that")
    if not foreign:
        return healthy("no foreign account may assume the role")
    terms = terms_of(role.trust_policy)
    granted = [(grant.who, terms[grant.because.statement or 0]) for grant in foreign]
    open_to = [(who, demanded) for who, demanded in granted if not _is_guarded(demanded)]
    strangers = [who for who, demanded in open_to if ORGANIZATION not in demanded.demands]
    if not open_to:
        return healthy("a foreign account must show an external id or a second factor", seen=exposure.accounts)
    if not strangers:
        strangers = [who for who, demanded in open_to if not _is_ours(demanded, role, inventory)]
    if strangers:
        strangers = [who for who in strangers if who not in _management(role, inventory)]
    if not strangers:
        return healthy("only the own organization may assume the role without one", seen=exposure.accounts)
    named = ", ".join(sorted(set(strangers)))
    return unhealthy(f"account {named} may assume the role without an external id", seen=role.trust_policy)


def _is_guarded(terms: Terms) -> bool:
    return "sts:externalid" in terms.demands or [value.lower() for value in terms.demands.get(MFA, ())] == ["true"]


def _is_ours(terms: Terms, role: IamRole, inventory: Inventory) -> bool:
    ours = {account.organization_id for account in inventory.of(AwsAccount, role.scope)}
    return set(terms.demands[ORGANIZATION]) <= ours


def _management(role: IamRole, inventory: Inventory) -> set[str | None]:
    return {account.management_account for account in inventory.of(AwsAccount, role.scope)}


def _trusting(*statements: Document) -> IamRole:
    allow = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{FOREIGN_ACCOUNT}:root"},
    }
    return replace(IAM_ROLE, trust_policy={"Statement": [allow | statement for statement in statements]})


def _if(operator: str, key: str, value: str) -> Document:
    return {"Condition": {operator: {key: value}}}


DENY = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
IN_ORGANIZATION = _if("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")

CHECK = Check(
    title="Foreign accounts should need an external id to assume a role",
    asset=IamRole,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    evaluate=evaluate,
    fix=Fix(
        console="Ask the provider for its external id for you. IAM console, Roles, {name}, Trust relationships, Edit: add "
        'the condition "StringEquals": {"sts:ExternalId": "THE_ID"} to the statement of the foreign account.',
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="""
condition {   # in the aws_iam_policy_document of the trust policy of {name}
  test     = "StringEquals"
  variable = "sts:ExternalId"
  values   = ["THE_ID"]
}
""",
        impact="The provider cannot assume the role until it sends the id: set it there first.",
    ),
    parameters=(Parameter("trusted_accounts", (), "Account ids that need no external id, such as your own accounts."),),
    examples=(
        Example("a service", IAM_ROLE, "healthy", "no foreign"),
        Example("no external id", _trusting({}), "unhealthy", FOREIGN_ACCOUNT, (AWS_ACCOUNT,)),
        Example(
            "management account",
            _trusting({"Principal": {"AWS": "arn:aws:iam::444455556666:root"}}),
            "healthy",
            "own organization",
            (AWS_ACCOUNT,),
        ),
        Example("anyone", _trusting({"Principal": "*"}), "not_applicable", "another check"),
        Example("external id", _trusting(_if("StringEquals", "sts:ExternalId", "q7")), "healthy", "external id"),
        Example("any external id will do", _trusting(_if("StringLike", "sts:ExternalId", "*")), "unhealthy"),
        Example("external id if sent", _trusting(_if("StringEqualsIfExists", "sts:ExternalId", "q7")), "unhealthy"),
        Example("one of two statements", _trusting(_if("StringEquals", "sts:ExternalId", "q7"), {}), "unhealthy"),
        Example(
            "denied without the id", _trusting({}, DENY | _if("StringNotEquals", "sts:ExternalId", "q7")), "healthy"
        ),
        Example("second factor", _trusting(_if("Bool", "aws:MultiFactorAuthPresent", "true")), "healthy"),
        Example("trusted account", _trusting({}), "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("own account", _trusting({"Principal": {"AWS": ACCOUNT}}), "healthy", "no foreign"),
        Example("own organization", _trusting(IN_ORGANIZATION), "healthy", "organization", (AWS_ACCOUNT,)),
        Example(
            "other organization",
            _trusting(IN_ORGANIZATION),
            "unhealthy",
            others=(replace(AWS_ACCOUNT, organization_id="o-ffffffffff"),),
        ),
        Example(
            "organization unread",
            _trusting(IN_ORGANIZATION),
            "unknown",
            "denied",
            (replace(AWS_ACCOUNT, unread={"organization_id": "denied"}),),
        ),
        Example("service-linked", replace(_trusting({}), path="/aws-service-role/x/"), "not_applicable"),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
