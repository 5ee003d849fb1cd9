"""What decides in a directory, gathered from its records for the engines of roles and of the directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from poise.model.azure.entra import AdministrativeUnit, EntraGroup
from poise.model.azure.entra_applications import (
    AppRoleAssignment,
    EntraApplication,
    EntraServicePrincipal,
    PublishedRole,
)
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleDefinition, DirectoryRoleEligibility
from poise.model.inventory import Inventory
from poise.policy.answer import Unread
from poise.policy.azure.directory import (
    DirectoryAssignment,
    DirectoryInputs,
    DirectoryRole,
    Target,
    application_subtypes,
    group_subtypes,
    permission_of,
)
from poise.policy.azure.signers import sign_in_of
from poise.policy.lookups import fact, known
from poise.policy.memberships import Memberships, by_member

MEMBERS = "group memberships"
ELIGIBLE_MEMBERS = "eligible group memberships"
MEMBER = "member"


def memberships(tenant: str, inventory: Inventory) -> Memberships:
    """Return the direct groups of each member. Where the members of one group were not read, anybody may be in it."""
    return known(lambda: by_member({one.id: one.members for one in inventory.of(EntraGroup, tenant)}), MEMBERS)


def eligible_memberships(tenant: str, inventory: Inventory) -> Memberships:
    """Return the groups that each may activate its membership in (Privileged Identity Management for groups)."""
    return known(lambda: by_member(_eligible(inventory.of(EntraGroup, tenant))), ELIGIBLE_MEMBERS)


def _eligible(groups: Iterable[EntraGroup]) -> dict[str, tuple[str, ...]]:
    return {one.id: tuple(may.principal_id for may in one.eligible if may.access == MEMBER) for one in groups}


def directory_inputs(tenant: str, inventory: Inventory) -> DirectoryInputs:
    """Gather what decides in a directory, once for all questions."""
    return DirectoryInputs(
        assignments=known(lambda: tuple(_assignments(tenant, inventory)), "directory role assignments"),
        roles=known(lambda: _roles(tenant, inventory), "directory roles"),
        groups=known(lambda: by_member({one.id: one.members for one in _for_roles(tenant, inventory)}), MEMBERS),
        eligible_groups=known(lambda: by_member(_eligible(_for_roles(tenant, inventory))), ELIGIBLE_MEMBERS),
        app_roles=known(lambda: _granted(tenant, inventory), "permissions of applications"),
        sign_in=sign_in_of(tenant, inventory),
    )


def target_of(id: str, tenant: str, inventory: Inventory, owners: frozenset[str] | Unread = frozenset()) -> Target:
    """Return an object of the directory with the administrative units that it is in, and what kind of it it is."""
    units = known(lambda: _units(id, tenant, inventory), "administrative units")
    if isinstance(units, Unread):
        return Target(id=id, units=units, owners=owners, **_kind_of(id, tenant, inventory))
    restricted = tuple(one.id for one in units if fact(one, "restricted") is True)
    return Target(
        id=id,
        units=tuple(one.id for one in units),
        owners=owners,
        restricted_units=restricted,
        **_kind_of(id, tenant, inventory),
    )


def _kind_of(id: str, tenant: str, inventory: Inventory) -> dict[str, Any]:
    group = known(lambda: inventory.find(EntraGroup, tenant, id), "groups")
    if isinstance(group, EntraGroup):
        subtypes = known(lambda: group_subtypes(group.group_types, group.security_enabled), "types of the group")
        guarded = fact(group, "role_assignable")
        return {"subtypes": subtypes, "is_guarded": guarded if isinstance(guarded, Unread) else guarded is True}
    application = known(lambda: inventory.find(EntraApplication, tenant, id), "applications")
    if isinstance(application, EntraApplication):
        return {"subtypes": known(lambda: application_subtypes(application.sign_in_audience), "audience")}
    return {}


def _units(id: str, tenant: str, inventory: Inventory) -> tuple[AdministrativeUnit, ...]:
    return tuple(one for one in inventory.of(AdministrativeUnit, tenant) if id in one.members)


def _assignments(tenant: str, inventory: Inventory) -> Iterator[DirectoryAssignment]:
    for one in inventory.of(DirectoryRoleAssignment, tenant):
        yield DirectoryAssignment(one.id, one.principal_id, one.role_definition, one.assigned_at)
    for eligible in inventory.of(DirectoryRoleEligibility, tenant):
        yield DirectoryAssignment(
            eligible.id, eligible.principal_id, eligible.role_definition, eligible.assigned_at, is_eligible=True
        )


def _roles(tenant: str, inventory: Inventory) -> dict[str, DirectoryRole]:
    roles = [DirectoryRole.of(one.document) for one in inventory.of(DirectoryRoleDefinition, tenant)]
    return {role.id: role for role in roles}


def _for_roles(tenant: str, inventory: Inventory) -> list[EntraGroup]:
    """Return the groups that directory roles may be given to."""
    return [one for one in inventory.of(EntraGroup, tenant) if one.role_assignable]


def _granted(tenant: str, inventory: Inventory) -> dict[str, frozenset[str]]:
    """Return program -> permissions that it holds; those of another API than Microsoft Graph begin with its id."""
    principals = inventory.of(EntraServicePrincipal, tenant)
    names = {(api.id, role.id): _named(api, role) for api in principals for role in api.published_roles}
    found: dict[str, set[str]] = defaultdict(set)
    for grant in inventory.of(AppRoleAssignment, tenant):
        found[grant.principal_id].add(names.get((grant.resource_id, grant.role_id)) or grant.role_id)
    for api in principals:
        for held in api.assigned_roles or ():
            role = names.get((api.id, held.role_id)) or permission_of(api.app_id, held.role_id)
            found[held.principal_id].add(role)
    return {principal: frozenset(values) for principal, values in found.items()}


def _named(api: EntraServicePrincipal, role: PublishedRole) -> str:
    return permission_of(api.app_id, role.value or role.id)
