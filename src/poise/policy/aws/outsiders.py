"""Callers that are in no inventory: everyone, other accounts and their principals, services, identity providers.

Of a principal of a foreign account only the asset's side is judged: what its own account grants it, that account
chooses freely, so it counts as granted. Where an organization that was read lists the account, its guardrails bind the
caller all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from poise.model.errors import BadInput
from poise.policy.aws.callers import Caller
from poise.policy.aws.document import parse
from poise.policy.aws.entitlements import Side
from poise.policy.aws.holdings import Holding
from poise.policy.aws.organization import SERVICE_CONTROL, guardrails_if_listed
from poise.policy.aws.principals import Principal, Who
from poise.policy.aws.sources import Source

EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
MOST = 200
"""Outsiders of one policy that are judged."""


def everyone() -> Side:
    """Return the caller that signs nothing: whoever it is, wherever."""
    return Side(caller=Caller.anonymous())


def outsiders(holding: Holding, known: Collection[str]) -> Iterator[Side]:
    """Yield whom the policy of an asset names outside of the ``known`` accounts, everyone left aside."""
    seen: set[str] = set()
    for one in _named(holding):
        side = _side(one)
        if side is None or side.caller.account in known or side.caller.arn in seen:
            continue
        seen.add(side.caller.arn)
        yield _bound(side, holding)
        if len(seen) == MOST:
            return


def _bound(side: Side, holding: Holding) -> Side:
    """Return a caller with the guardrails of its account, as far as an organization that was read knows it."""
    if not side.caller.account:
        return side
    found = guardrails_if_listed(side.caller.account, holding.inventory, SERVICE_CONTROL)
    return msgspec.structs.replace(side, scps=found.levels, documents={**side.documents, **found.documents})


def _named(holding: Holding) -> Iterator[Principal]:
    for statement in parse(holding.document).statements if holding.document is not None else ():
        if statement.is_allow and statement.principals is not None:
            yield from statement.principals.members
    grants = holding.grants
    for grant in grants if isinstance(grants, tuple) else ():
        is_service = grant.grantee.endswith(".amazonaws.com")
        account = grant.grantee.split(":")[4] if grant.grantee.count(":") >= 5 else ""
        yield Principal(Who.SERVICE if is_service else Who.PRINCIPAL, grant.grantee, account)


def _side(one: Principal) -> Side | None:
    if one.who is Who.SERVICE:
        return Side(caller=Caller.service(one.text))
    if one.who is Who.FEDERATED:
        return Side(caller=Caller.provider(one.text))
    if one.who is Who.ACCOUNT and one.account:
        return Side(caller=Caller.of(f"arn:aws:iam::{one.account}:root"))
    if one.who is not Who.PRINCIPAL:
        return None
    try:
        return Side(caller=Caller.of(one.text), identity=(Source.of("what its account grants", EVERYTHING),))
    except BadInput:
        return None
