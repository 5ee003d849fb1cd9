"""The guardrails of an account from the records of its organization: the policies of each level, root first.

The records stand in the account that read them: the management account, or any account that administration is delegated
to. Whoever read them read them for every account of the organization, also for those that nobody scanned.
Source: Organizations User Guide, "SCP evaluation" (each level from the root to the account must allow; the
management account is exempt), "Resource control policies" and "Delegated administrator for AWS Organizations".
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
ELSEWHERE = (
    "they are kept in its management account {manager}, and neither that nor an account that administration is "
    "delegated to was read"
)


class Guardrails(NamedTuple):
    """The policies of one kind that act on an account."""

    levels: Levels
    documents: Mapping[str, Document] = {}
    """Source of a reason -> the document that it points into."""


class Membership(NamedTuple):
    """The organization that an account is in."""

    organization: str
    """Its id, `o-...`."""
    manager: str
    """Its management account."""


def guardrails_of_account(account: str, inventory: Inventory, name: str) -> Guardrails:
    """Return the guardrails of an account: none, those of each level, or that they were not read.

    ``name`` is :data:`SERVICE_CONTROL` or :data:`RESOURCE_CONTROL`. The account itself need not have been read: an
    organization that lists it tells where it hangs.
    """
    try:
        member = _membership(account, inventory)
    except NotCollected as gap:
        return Guardrails(Unread(name, f"whether account {account} is in an organization was not read: {gap.reason}"))
    return _of_member(account, member, inventory, name)


def guardrails_if_listed(account: str, inventory: Inventory, name: str) -> Guardrails:
    """Return the guardrails of an account that nobody scanned: none unless an organization that was read lists it.

    Of any other account nothing is known; what binds it is its own matter.
    """
    return _of_member(account, _listing_organization(account, inventory), inventory, name)


def _of_member(account: str, member: Membership | None, inventory: Inventory, name: str) -> Guardrails:
    if member is None or member.manager == account:
        return Guardrails(None)
    try:
        return _levels(account, member, inventory, name)
    except NotCollected as gap:
        return Guardrails(Unread(name, f"account {account} is in the organization {member.organization}: {gap.reason}"))


def _membership(account: str, inventory: Inventory) -> Membership | None:
    """Return the organization of an account as it says itself, or as one that lists it says; None: it is in none."""
    try:
        record = _account(account, inventory)
        if record.organization_id is None or record.management_account is None:
            return None
        return Membership(record.organization_id, record.management_account)
    except NotCollected:
        found = _listing_organization(account, inventory)
        if found is None:
            raise
        return found


def _account(account: str, inventory: Inventory) -> AwsAccount:
    found = inventory.of(AwsAccount, account)
    if not found:
        raise NotCollected("organization_id", "the account itself was not read")
    return found[0]


def _listing_organization(account: str, inventory: Inventory) -> Membership | None:
    """Return the organization that was read and knows an account; None: no such one."""
    for scope in inventory.scopes(Organization):
        try:
            organizations = inventory.of(Organization, scope)
            listed = bool(inventory.of(OrganizationAccount, scope, account=account))
            for one in organizations:
                if listed or one.management_account == account:
                    return Membership(one.organization_id, one.management_account)
        except NotCollected:
            # An organization that was not read tells nothing; that of the account may be another.
            continue
    return None


def _levels(account: str, member: Membership, inventory: Inventory, name: str) -> Guardrails:
    """Return the policies from whichever reading of the organization tells them; what kept the first is the gap."""
    gap: NotCollected | None = None
    for scope in dict.fromkeys((member.manager, account, *inventory.scopes(Organization))):
        try:
            for organization in inventory.of(Organization, scope):
                if organization.organization_id == member.organization:
                    return _read_in(organization, account, inventory, name)
        except NotCollected as problem:
            gap = gap or NotCollected(problem.field, f"in {scope}: {problem.reason}")
    elsewhere = ELSEWHERE.format(manager=member.manager)
    raise NotCollected(Organization.KIND, elsewhere if gap is None else f"{elsewhere} ({gap.reason})")


def _read_in(organization: Organization, account: str, inventory: Inventory, name: str) -> Guardrails:
    """Return the policies as one account read them. Raises NotCollected where it was not shown all that decides."""
    if organization.feature_set != "ALL" or TYPES[name] not in organization.policy_types:
        return Guardrails(None)
    scope = organization.scope
    chain = _chain(account, organization, inventory)
    policies = [policy for policy in inventory.of(OrganizationPolicy, scope) if policy.type == TYPES[name]]
    documents: dict[str, Document] = {}
    levels = tuple(tuple(_attached(name, node, policies, documents)) for node in chain)
    return Guardrails(levels, documents)


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
