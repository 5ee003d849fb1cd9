"""Who outside of an account may take a role, from the role's trust policy.

Source: IAM User Guide, "IAM JSON policy elements: Principal" and "Create a role for OpenID Connect
federation". Many organizations share one issuer at GitHub, GitLab and others: without a subject that starts
with the own organization, anyone there may take the role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from poise.policy import globs
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.denials import TooLarge
from poise.policy.aws.document import Policy, Statement, parse
from poise.policy.aws.issuers import SHARED_ISSUERS
from poise.policy.aws.principals import Principal, Who
from poise.policy.aws.resources import Reader, judged, listed, reason
from poise.policy.memo import remembered

__all__ = ["SHARED_ISSUERS", "issuer_of", "trust_exposure"]

ASSUME = ("sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml")
EXTERNAL_ID = "sts:externalid"


def trust_exposure(document: Any, account: str, partition: str = "aws") -> Exposure:
    """Judge who outside of ``account`` may take a role with this trust policy.

    Grants name foreign accounts (``confined_by`` holds ``sts:externalid`` if one is asked for), services,
    federated providers, and anyone: also through a shared issuer whose subject is missing or too wide.
    """
    return _exposure(parse(document), account, partition)


@remembered(256)
def _exposure(policy: Policy, account: str, partition: str) -> Exposure:
    if not policy.is_readable:
        return Exposure(Level.UNKNOWN, tuple(Reason(problem) for problem in policy.problems))
    policy = Policy(tuple(s for s in policy.statements if _is_about_taking(s)), policy.version, policy.problems)
    try:
        grants = tuple(_grants(policy, account, partition))
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


def _grants(policy: Policy, account: str, partition: str) -> Iterator[Grant]:
    for grant in Reader.of(policy, account).grants():
        if grant.audience is not Audience.FEDERATED:
            yield grant
            continue
        statement = next(s for s in policy.statements if s.index == grant.because.statement)
        yield _federated(statement, grant, partition)


def _federated(allow: Statement, grant: Grant, partition: str) -> Grant:
    provider = Principal(Who.FEDERATED, grant.who)
    if f"arn:{partition}:iam::" in provider.text and ":saml-provider/" in provider.text:
        return grant
    issuer = issuer_of(provider.text)
    claims = SHARED_ISSUERS.get(issuer)
    if claims is None or any(_pins(condition, issuer, claims) for condition in allow.conditions):
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


def _starts(pattern: str, value: str) -> bool:
    return "${" not in value and re.match(pattern, value) is not None
