"""Judges who is an administrator, or can make itself one: the same for users, groups and roles."""

from __future__ import annotations

from poise.model.aws.iam import IamRole, IamUser
from poise.model.inventory import Inventory
from poise.model.verdict import Verdict, healthy, not_applicable, unhealthy, unknown
from poise.policy.answer import Decision
from poise.policy.aws.principal import Principal, documents_of
from poise.policy.aws.raising import ways

MOST_WAYS = 20
"""Ways that are kept as evidence."""


def administrator_verdict(principal: Principal, inventory: Inventory) -> Verdict:
    """Judge whether policies, denies and boundary together allow everything. Raises NotCollected for unread ones."""
    answer = documents_of(principal, inventory).is_admin()
    because = "; ".join(dict.fromkeys(f"{r.source}: {r.text}" for r in answer.because))
    if answer.decision is Decision.UNKNOWN:
        return unknown(f"a policy cannot be understood: {because}")
    if answer.decision is Decision.DENY:
        return healthy("its policies do not allow every action on every resource")
    limit = f", where {answer.residual}" if answer.residual is not None else ""
    return unhealthy(f"every action on every resource is allowed{limit}", seen=because)


def raising_verdict(principal: IamUser | IamRole, inventory: Inventory) -> Verdict:
    """Judge whether a principal can make itself an administrator. Raises NotCollected for unread policies."""
    documents = documents_of(principal, inventory)
    if documents.is_admin().is_possible:
        return not_applicable("it is an administrator already: another check reports that")
    found = list(ways(principal, documents, inventory))
    open_ways = [str(way) for way in found if not way.gap]
    if open_ways:
        return unhealthy(f"it can make itself an administrator by {open_ways[0]}", seen=open_ways[:MOST_WAYS])
    if found:
        return unknown(f"it may make itself an administrator by {found[0]}: {found[0].gap}")
    return healthy("no way to administrator rights is open")
