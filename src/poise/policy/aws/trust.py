"""Who outside of an account may take a role, from the role's trust policy.

Source: IAM User Guide, "IAM JSON policy elements: Principal" and "Create a role for OpenID Connect
federation". Many organizations share one issuer at GitHub, GitLab and others: without a subject that starts
with the own organization, anyone there may take the role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from poise.policy import globs
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.denials import TooLarge
from poise.policy.aws.document import Policy, Statement, parse
from poise.policy.aws.issuers import SHARED_ISSUERS
from poise.policy.aws.principals import Principal, Who
from poise.policy.aws.resource_control import NOBODY, Control
from poise.policy.aws.resources import Reader, judged, listed, reason
from poise.policy.memo import remembered

__all__ = ["SHARED_ISSUERS", "issuer_of", "trust_exposure"]

ASSUME = ("sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml")
WEB_IDENTITY = ASSUME[1]
EXTERNAL_ID = "sts:externalid"


def trust_exposure(document: Any, account: str, partition: str = "aws", *, control: Control = NOBODY) -> Exposure:
    """Judge who outside of ``account`` may take a role with this trust policy.

    Grants name foreign accounts (``confined_by`` holds ``sts:externalid`` if one is asked for), services,
    federated providers, and anyone: also through a shared issuer whose subject is missing or too wide. ``control``
    holds the resource control policies that act.
    """
    if control is NOBODY:
        return _exposure(parse(document), account, partition)
    return _controlled(parse(document), account, partition, control)


@remembered(256)
def _exposure(policy: Policy, account: str, partition: str) -> Exposure:
    return _controlled(policy, account, partition, NOBODY)


def _controlled(policy: Policy, account: str, partition: str, control: Control) -> Exposure:
    if not policy.is_readable:
        return Exposure(Level.UNKNOWN, tuple(Reason(problem) for problem in policy.problems))
    policy = Policy(tuple(s for s in policy.statements if _is_about_taking(s)), policy.version, policy.problems)
    try:
        grants = tuple(_grants(policy, account, partition, control))
    except TooLarge as problem:
        return Exposure(Level.UNKNOWN, (Reason(f"the trust policy has {problem}"),))
    found = judged(policy, grants)
    only_services = all(grant.audience is Audience.SERVICE for grant in grants)
    if found.level is Level.RESTRICTED and only_services:
        return Exposure(Level.PRIVATE, (Reason("only AWS services may take the role"),), grants)
    return found


def issuer_of(provider: str) -> str:
    """Return the issuer of a federated principal: a provider ARN or one of the built-in names."""
    return provider.split(":oidc-provider/", 1)[-1].lower()


def _is_about_taking(statement: Statement) -> bool:
    if statement.problem:
        return True
    if statement.actions is not None:
        return any(globs.overlaps(pattern, action) for pattern in statement.actions for action in ASSUME)
    return any(not any(globs.matches(p, a) for p in statement.not_actions or ()) for a in ASSUME)


def _grants(policy: Policy, account: str, partition: str, control: Control) -> Iterator[Grant]:
    reader = Reader.of(policy, account, control=control)
    for grant in reader.grants():
        if grant.audience is not Audience.FEDERATED:
            yield grant
            continue
        statement = next(s for s in policy.statements if s.index == grant.because.statement)
        yield _federated(statement, grant, partition, reader.denies)


def _federated(allow: Statement, grant: Grant, partition: str, denies: tuple[Statement, ...]) -> Grant:
    provider = Principal(Who.FEDERATED, grant.who)
    if f"arn:{partition}:iam::" in provider.text and ":saml-provider/" in provider.text:
        return grant
    issuer = issuer_of(provider.text)
    claims = SHARED_ISSUERS.get(issuer)
    if claims is None or any(_pins(condition, issuer, claims) for condition in allow.conditions):
        return grant
    if any(_shuts_out(deny, issuer, claims) for deny in denies):
        return grant
    keys = {f"{issuer}:{claim}": claim for claim in claims}
    asked = [str(one).replace(one.written, keys[one.key]) for one in allow.conditions if one.key in keys]
    why = f"{listed(asked)} fits other customers too" if asked else "no subject is asked for"
    text = f"{allow.place} lets anyone at {issuer} take the role: {why}"
    return Grant(Audience.ANYONE, issuer, grant.actions, reason(allow, text), grant.confined_by)


def _pins(condition: Condition, issuer: str, claims: dict[str, str]) -> bool:
    """Say whether a condition admits only values of one customer."""
    claim = condition.key.removeprefix(f"{issuer}:")
    positive = not condition.operator.is_negated and not condition.if_exists
    if claim == condition.key or claim not in claims or not positive or not condition.values:
        return False
    if condition.quantifier is Quantifier.ALL or condition.operator.kind in (Kind.NULL, Kind.BOOL):
        return False
    like = condition.operator.kind in (Kind.LIKE, Kind.ARN)
    return all((not like and "${" not in v) or _starts(claims[claim], v) for v in condition.values)


def _shuts_out(deny: Statement, issuer: str, claims: dict[str, str]) -> bool:
    """Say whether a deny of web identities admits only tokens of one customer: it denies all with another claim.

    That the claim is there may be asked beside it: tokens of a shared issuer always have it.
    """
    if not deny.is_deny or deny.problem or deny.actions is None or not _is_about_everyone(deny):
        return False
    if not any(globs.matches(pattern, WEB_IDENTITY) for pattern in deny.actions):
        return False
    others = [one for one in deny.conditions if not _is_there(one, issuer, claims)]
    return len(others) == 1 and _pins(_turned(others[0]), issuer, claims)


def _is_about_everyone(deny: Statement) -> bool:
    resources = deny.resources is None or "*" in deny.resources
    return resources and (deny.principals is None or deny.principals.includes_anyone) and not deny.not_principals


def _is_there(condition: Condition, issuer: str, claims: dict[str, str]) -> bool:
    is_claim = condition.key.removeprefix(f"{issuer}:") in claims and condition.key.startswith(issuer)
    return is_claim and condition.operator.kind is Kind.NULL and [v.lower() for v in condition.values] == ["false"]


def _turned(condition: Condition) -> Condition:
    """Return the opposite of a condition, which a token must meet where a deny asks for this one."""
    operator = msgspec.structs.replace(condition.operator, is_negated=not condition.operator.is_negated)
    return msgspec.structs.replace(condition, operator=operator, if_exists=False)


def _starts(pattern: str, value: str) -> bool:
    return "${" not in value and re.match(pattern, value) is not None
