"""The guardrails of an account from the records of its organization: the policies of each level, root first.

The records stand in the management account, or in the account itself where administration is delegated to it.
Source: Organizations User Guide, "SCP evaluation" (each level from the root to the account must allow; the
management account is exempt) and "Resource control policies".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from poise.model.asset import Document
from poise.model.aws.account import AwsAccount
from poise.model.aws.organizations import (
    Organization,
    OrganizationAccount,
    OrganizationalUnit,
    OrganizationPolicy,
)
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Unread
from poise.policy.aws.document import Policy
from poise.policy.aws.guardrails import Levels
from poise.policy.aws.sources import Source

SERVICE_CONTROL = "service control policies"
RESOURCE_CONTROL = "resource control policies"
TYPES = {SERVICE_CONTROL: "SERVICE_CONTROL_POLICY", RESOURCE_CONTROL: "RESOURCE_CONTROL_POLICY"}
DEEPEST = 16
"""Levels that are followed: Organizations allows five units between root and account."""
ELSEWHERE = "they are kept in its management account {manager}, which was not read"


class Guardrails(NamedTuple):
    """The policies of one kind that act on an account."""

    levels: Levels
    documents: Mapping[str, Document] = {}
    """Source of a reason -> the document that it points into."""


def guardrails_of_account(account: str, inventory: Inventory, name: str) -> Guardrails:
    """Return the guardrails of an account: none, those of each level, or that they were not read.

    ``name`` is :data:`SERVICE_CONTROL` or :data:`RESOURCE_CONTROL`.
    """
    try:
        record = _account(account, inventory)
        organization, manager = record.organization_id, record.management_account
    except NotCollected as gap:
        return Guardrails(Unread(name, f"whether account {account} is in an organization was not read: {gap.reason}"))
    if organization is None or manager is None or manager == account:
        return Guardrails(None)
    try:
        return _levels(account, manager, inventory, name)
    except NotCollected as gap:
        return Guardrails(Unread(name, f"account {account} is in the organization {organization}: {gap.reason}"))


def _account(account: str, inventory: Inventory) -> AwsAccount:
    found = inventory.of(AwsAccount, account)
    if not found:
        raise NotCollected("organization_id", "the account itself was not read")
    return found[0]


def _levels(account: str, manager: str, inventory: Inventory, name: str) -> Guardrails:
    organization = _organization((manager, account), inventory)
    if organization is None:
        raise NotCollected(Organization.KIND, ELSEWHERE.format(manager=manager))
    if organization.feature_set != "ALL" or TYPES[name] not in organization.policy_types:
        return Guardrails(None)
    scope = organization.scope
    chain = _chain(account, organization, inventory)
    policies = [policy for policy in inventory.of(OrganizationPolicy, scope) if policy.type == TYPES[name]]
    documents: dict[str, Document] = {}
    levels = tuple(tuple(_attached(name, node, policies, documents)) for node in chain)
    return Guardrails(levels, documents)


def _organization(scopes: tuple[str, ...], inventory: Inventory) -> Organization | None:
    gap: NotCollected | None = None
    for scope in scopes:
        try:
            found = inventory.of(Organization, scope)
        except NotCollected as problem:
            gap = gap or problem
            continue
        if found:
            return found[0]
    if gap is not None:
        raise NotCollected(gap.field, f"{ELSEWHERE.format(manager=scopes[0])} ({gap.reason})")
    return None


def _chain(account: str, organization: Organization, inventory: Inventory) -> tuple[str, ...]:
    """Return the ids from the root to the account."""
    accounts = inventory.of(OrganizationAccount, organization.scope, account=account)
    if not accounts:
        raise NotCollected(OrganizationAccount.KIND, f"account {account} is not in the tree that was read")
    chain, node = [account], accounts[0].parent
    parents = {unit.unit_id: unit.parent for unit in inventory.of(OrganizationalUnit, organization.scope)}
    while node != organization.root:
        chain.append(node)
        if node not in parents or len(chain) > DEEPEST:
            raise NotCollected(OrganizationalUnit.KIND, f"the way from {account} to the root is not known at {node}")
        node = parents[node]
    return (organization.root, *reversed(chain))


def _attached(
    name: str, node: str, policies: list[OrganizationPolicy], documents: dict[str, Document]
) -> Iterator[Source]:
    """Yield the policies of a level; one whose targets or text were not read may stand here, and say anything."""
    for policy in policies:
        source = f"{name}: {policy.name}"
        if "targets" not in policy.unread and node not in policy.targets:
            continue
        gaps = [f"{field}: {policy.unread[field]}" for field in ("targets", "document") if field in policy.unread]
        if gaps:
            yield Source(source, Policy((), "", tuple(gaps), is_readable=False))
            continue
        documents[source] = policy.document
        yield Source.of(source, policy.document)
