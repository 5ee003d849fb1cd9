"""What a principal may do to an Azure asset, from the records: the inputs of the engine, gathered for a subscription.

What was not read is given as such: an allow that an unread deny assignment or lock could stop is unknown, and so is an
answer that hangs on a group where the directory was not read; a role that is given directly needs no directory. Classic
administrators have had no rights since August 2024 (Microsoft Learn, "Azure classic subscription administrators").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import msgspec

from poise.model.asset import Asset
from poise.model.azure.authorization import RoleAssignment, RoleDefinition
from poise.model.azure.deny import DenyAssignmentRecord
from poise.model.azure.ids import subscription_id
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.locks import ManagementLock
from poise.model.azure.privileged import RoleEligibility, RoleManagementPolicy
from poise.model.azure.storage import StorageAccount
from poise.model.azure.subscription import AzureSubscription
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.azure.assignments import Assignment, DenyAssignment, Lock, by_principal
from poise.policy.azure.definitions import Role, guid_of
from poise.policy.azure.gathering import MEMBERS, eligible_memberships, memberships
from poise.policy.azure.permissions import Inputs, Request, evaluate
from poise.policy.azure.scopes import GROUPS, SUBSCRIPTIONS, Parents, normal
from poise.policy.azure.sign_in import SignIn
from poise.policy.azure.signers import sign_in_of
from poise.policy.azure.storage import ways_to_data
from poise.policy.azure.vaults import RIGHTS, VAULT, can_in_vault
from poise.policy.lookups import known
from poise.policy.memberships import Circle, Memberships
from poise.policy.outcome import answer_from, not_read, truth_of
from poise.policy.residual import any_of, unread

STORAGE_DATA = tuple(
    f"microsoft.storage/storageaccounts/{part}"
    for part in (
        *("blobservices/containers/blobs/", "fileservices/fileshares/files/"),
        *("queueservices/queues/messages/", "tableservices/tables/entities/"),
    )
)
"""Beginnings of the data actions of a storage account."""
LOGINS = (
    *("microsoft.compute/virtualmachines/login/action", "microsoft.compute/virtualmachines/loginasadmin/action"),
    "microsoft.compute/virtualmachines/wacloginasadmin/action",
)
"""Data actions of a machine."""
ANONYMOUS = ("microsoft.storage/storageaccounts/blobservices/containers/blobs/read",)
"""What an open container lets everybody do."""


def inputs_of(subscription: str, inventory: Inventory) -> Inputs:
    """Gather what decides in a subscription, once for all questions."""
    eligible = known(lambda: _eligible(subscription, inventory), "eligible role assignments")
    listed = () if isinstance(eligible, Unread) else eligible
    return Inputs(
        assignments=known(lambda: by_principal((*_assignments(subscription, inventory), *listed)), "role assignments"),
        eligibility=eligible if isinstance(eligible, Unread) else None,
        roles=known(lambda: _roles(subscription, inventory), "role definitions"),
        groups=_of_tenant(subscription, inventory, memberships),
        eligible_groups=_of_tenant(subscription, inventory, eligible_memberships),
        denies=known(lambda: _denies(subscription, inventory), "deny assignments"),
        parents=known(lambda: _parents(subscription, inventory), "management groups"),
        locks=known(lambda: _locks(subscription, inventory), "locks"),
        sign_in=_sign_in(subscription, inventory),
    )


def ask(principal: str, action: str, asset: Asset, inputs: Inputs) -> Answer:
    """Answer whether a principal may do something to an asset: by roles, access policies, or keys of the account."""
    name = action.lower()
    request = Request(principal=principal, action=action, scope=asset.id, is_data=is_data(name, inputs))
    if isinstance(asset, KeyVault) and name.startswith(VAULT) and request.is_data:
        return _told(_or_unknown(lambda: _in_vault(request, inputs, asset)), principal, inputs)
    if isinstance(asset, StorageAccount) and name.startswith(STORAGE_DATA):
        return _told(_or_unknown(lambda: _in_account(request, inputs, asset)), principal, inputs)
    return _told(evaluate(request, inputs), principal, inputs)


def is_data(action: str, inputs: Inputs) -> bool:
    """Say whether an action, given in lower case, is of the data plane: of its kind, or as a role spells it out."""
    if action.startswith(STORAGE_DATA) or action.removeprefix(VAULT) in RIGHTS or action in LOGINS:
        return True
    roles = {} if isinstance(inputs.roles, Unread) else inputs.roles
    entries = [entry for role in roles.values() for entry in role.entries]
    return any(one.names(action, is_data=True) for one in entries) and not any(
        one.names(action, is_data=False) for one in entries
    )


def _told(answer: Answer, principal: str, inputs: Inputs) -> Answer:
    """Say of assignments to others that they count through that group, or if the principal is in it."""
    word = "if it is in" if isinstance(inputs.groups, Unread) else "through"
    index = {} if isinstance(inputs.assignments, Unread) else inputs.assignments
    others = {one.id: one.principal for ones in index.values() for one in ones if one.principal != principal.lower()}
    because = tuple(
        msgspec.structs.replace(reason, text=f"{reason.text}, {word} group {others[reason.source]}")
        if reason.source in others
        else reason
        for reason in answer.because
    )
    return msgspec.structs.replace(answer, because=because)


def ask_anonymous(action: str, asset: Asset) -> Answer:
    """Answer whether somebody without credentials may do something: read blobs of containers that are open."""
    if not isinstance(asset, StorageAccount) or action.lower() not in ANONYMOUS:
        return Answer(Decision.DENY, (Reason("Azure asks everybody for credentials"),))
    return _or_unknown(lambda: _anonymous(asset))


def _anonymous(account: StorageAccount) -> Answer:
    if account.allow_blob_public_access is False:
        return Answer(Decision.DENY, (Reason("the account forbids anonymous access whatever its containers say"),))
    gap = Unread("containers", "which of them are open to anonymous readers is not collected")
    return not_read(gap)


def principals_of(inputs: Inputs, vaults: tuple[KeyVault, ...] = ()) -> dict[str, str]:
    """Return the principals that hold anything: object id -> its type as an assignment tells it, or nothing."""
    found: dict[str, str] = {}
    index = inputs.assignments
    for principal, ones in ({} if isinstance(index, Unread) else index).items():
        found[principal] = "group" if all(one.may_be_group for one in ones) else ""
    for vault in vaults:
        for policy in vault.known().get("access_policies", ()):
            found.setdefault(policy.object_id.lower(), "")
    return found


def members_of(inputs: Inputs, holders: Mapping[str, str]) -> Iterator[str]:
    """Yield the members of some groups, through groups in groups, that are not among those named already."""
    if isinstance(inputs.groups, Unread):
        return
    for member in sorted(inputs.groups):
        if member not in holders and any(group in holders for group in Circle(member, inputs.groups).known):
            yield member


def _in_vault(request: Request, inputs: Inputs, vault: KeyVault) -> Answer:
    return can_in_vault(request, inputs, uses_roles=bool(vault.rbac_authorization), policies=known_policies(vault))


def known_policies(vault: KeyVault) -> Any:
    """Return the access policies of a vault; none where role assignments decide."""
    return () if vault.rbac_authorization else vault.access_policies


def _in_account(request: Request, inputs: Inputs, account: StorageAccount) -> Answer:
    """Put the ways to the data together: one that is open is enough."""
    ways = list(ways_to_data(request, inputs, shared_keys=account.allow_shared_key_access is not False))
    if not ways:
        return evaluate(request, inputs)
    open_ones = [way for way in ways if way.answer.decision is Decision.ALLOW]
    votes = [(truth_of(way.answer), reason) for way in open_ones or ways for reason in way.answer.because]
    return answer_from(any_of(truth_of(way.answer) for way in ways), votes, ())


def _or_unknown(ask_it: Any) -> Answer:
    try:
        found: Answer = ask_it()
    except NotCollected as gap:
        missing = unread(gap.field, gap.reason)
        return Answer(Decision.UNKNOWN, (), missing, (Unread(gap.field, gap.reason),))
    return found


def _assignments(subscription: str, inventory: Inventory) -> tuple[Assignment, ...]:
    return tuple(Assignment.of_record(one) for one in inventory.of(RoleAssignment, subscription))


def _eligible(subscription: str, inventory: Inventory) -> tuple[Assignment, ...]:
    listed = known(lambda: _approvals(subscription, inventory), "role management policies")
    approvals = {} if isinstance(listed, Unread) else listed
    return tuple(
        Assignment.of_eligibility(
            one, needs_approval=approvals.get((normal(one.assigned_at), guid_of(one.role_definition)))
        )
        for one in inventory.of(RoleEligibility, subscription)
    )


def _approvals(subscription: str, inventory: Inventory) -> dict[tuple[str, str], bool]:
    """Return by scope and role whether somebody else must approve an activation, where that was read."""
    found = inventory.of(RoleManagementPolicy, subscription)
    return {
        (normal(one.assigned_at), guid_of(one.role_definition)): one.approval_required
        for one in found
        if not {"assigned_at", "role_definition", "approval_required"} & one.unread.keys()
    }


def _of_tenant(subscription: str, inventory: Inventory, gather: Callable[[str, Inventory], Memberships]) -> Memberships:
    tenant = _tenant(subscription, inventory)
    return tenant if isinstance(tenant, Unread) else gather(tenant, inventory)


def _sign_in(subscription: str, inventory: Inventory) -> SignIn | None:
    tenant = _tenant(subscription, inventory)
    return None if isinstance(tenant, Unread) else sign_in_of(tenant, inventory)


def _tenant(subscription: str, inventory: Inventory) -> str | Unread:
    return known(lambda: _subscription(subscription, inventory).tenant_id.lower(), MEMBERS)


def _locks(subscription: str, inventory: Inventory) -> tuple[Lock, ...]:
    return tuple(Lock.of_record(one) for one in inventory.of(ManagementLock, subscription))


def _denies(subscription: str, inventory: Inventory) -> tuple[DenyAssignment, ...]:
    return tuple(DenyAssignment.of(one.document) for one in inventory.of(DenyAssignmentRecord, subscription))


def _roles(subscription: str, inventory: Inventory) -> dict[str, Role]:
    return {one.guid.lower(): Role.of_record(one) for one in inventory.of(RoleDefinition, subscription)}


def _parents(subscription: str, inventory: Inventory) -> Parents:
    return dict(_links(subscription, _subscription(subscription, inventory).management_groups))


def _subscription(subscription: str, inventory: Inventory) -> AzureSubscription:
    found = inventory.of(AzureSubscription, subscription)
    if not found:
        raise NotCollected("subscription", "the subscription itself was not read")
    return found[0]


def _links(subscription: str, groups: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each scope with the one that it hangs below; the root comes first in ``groups``."""
    scopes = [f"{GROUPS}{name.lower()}" for name in groups] + [f"{SUBSCRIPTIONS}{subscription.lower()}"]
    for above, below in pairwise(scopes):
        yield below, above


def subscription_of(asset: Asset) -> str:
    """Return the subscription whose assignments decide over an asset."""
    return subscription_id(asset.id) or asset.scope
