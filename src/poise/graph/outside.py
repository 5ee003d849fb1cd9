"""What outsiders of an AWS estate may do where a policy lets them in: resource control policies still decide.

A stranger is an account of the attacker's own, in no organization: it has no policies that would hold it back.
"""

from __future__ import annotations

from poise.graph.estate import Estate
from poise.graph.sides import Held
from poise.model.asset import Asset
from poise.policy.answer import Answer
from poise.policy.aws.callers import Caller
from poise.policy.aws.entitlements import OVER_TLS, Side
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.sources import Source

NOBODYS = "000000000000"
"""Stands for an account that no policy names."""
IN_NO_ORGANIZATION = {"aws:PrincipalOrgID": None, "aws:PrincipalOrgPaths": None}
LETTING_IN = Source.of(
    "a policy that lets everybody in",
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
)


def unsigned() -> Side:
    """Return whoever signs nothing, and so is in no organization."""
    return Side(caller=Caller.anonymous(), context=IN_NO_ORGANIZATION)


def stranger(partition: str = "aws") -> Side:
    """Return an account of which nothing is known but that it is nobody's of the estate, and in no organization."""
    return Side(caller=Caller.of(f"arn:{partition}:iam::{NOBODYS}:root"), context=IN_NO_ORGANIZATION)


def account(id: str, partition: str = "aws") -> Side:
    """Return another account, whose organization is not known."""
    return Side(caller=Caller.of(f"arn:{partition}:iam::{id}:root"))


def partition_of(asset: Asset) -> str:
    """Return the partition that the ARN of an asset names."""
    return asset.id.split(":", 2)[1]


def let_in(held: Held, action: str, side: Side) -> Answer:
    """Answer whether a caller may do something to an asset whose own policy lets everybody in.

    What is left to decide are the caller's own policies and guardrails, and those of the account of the asset.
    """
    request = Request(
        caller=side.caller,
        action=action,
        resource=held.holding.resource_of(action),
        owner=held.asset.scope,
        context={**OVER_TLS, **side.context},
    )
    inputs = Inputs(
        identity=side.identity,
        boundary=side.boundary,
        session=side.session,
        scps=side.scps,
        resource=(LETTING_IN,),
        rcps=held.guardrails,
    )
    return evaluate(request, inputs)


def let_in_stranger(estate: Estate, held: Held, action: str) -> Answer:
    """Answer whether an account that nobody knows may do something to an asset whose own policy lets it in."""
    return estate.once(
        f"stranger {action} {held.asset.id}", lambda: let_in(held, action, stranger(partition_of(held.asset)))
    )
