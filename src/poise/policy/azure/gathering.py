"""What decides in a directory, gathered from its records for the engines of roles and of the directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from poise.model.azure.entra import AdministrativeUnit, EntraGroup
from poise.model.azure.entra_applications import AppRoleAssignment, EntraServicePrincipal
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleDefinition, DirectoryRoleEligibility
from poise.model.inventory import Inventory
from poise.policy.answer import Unread
from poise.policy.azure.directory import DirectoryAssignment, DirectoryInputs, DirectoryRole, Target
from poise.policy.lookups import fact, known
from poise.policy.memberships import Memberships, by_member

MEMBERS = "group memberships"


def memberships(tenant: str, inventory: Inventory) -> Memberships:
    """Return the direct groups of each member. Where the members of one group were not read, anybody may be in it."""
    return known(lambda: by_member({one.id: one.members for one in inventory.of(EntraGroup, tenant)}), MEMBERS)


def directory_inputs(tenant: str, inventory: Inventory) -> DirectoryInputs:
    """Gather what decides in a directory, once for all questions."""
    return DirectoryInputs(
        assignments=known(lambda: tuple(_assignments(tenant, inventory)), "directory role assignments"),
        roles=known(lambda: _roles(tenant, inventory), "directory roles"),
        groups=known(lambda: by_member(_role_holders(tenant, inventory)), MEMBERS),
        app_roles=known(lambda: _granted(tenant, inventory), "permissions of applications"),
    )


def target_of(id: str, tenant: str, inventory: Inventory, owners: frozenset[str] | Unread = frozenset()) -> Target:
    """Return an object of the directory with the administrative units that it is in."""
    units = known(lambda: _units(id, tenant, inventory), "administrative units")
    if isinstance(units, Unread):
        return Target(id=id, units=units, owners=owners)
    restricted = any(fact(one, "restricted") is True for one in units)
    return Target(id=id, units=tuple(one.id for one in units), owners=owners, is_restricted=restricted)


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


def _role_holders(tenant: str, inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return the members of the groups that directory roles may be given to."""
    return {one.id: one.members for one in inventory.of(EntraGroup, tenant) if one.role_assignable}


def _granted(tenant: str, inventory: Inventory) -> dict[str, frozenset[str]]:
    names = {
        (principal.id, role.id): role.value
        for principal in inventory.of(EntraServicePrincipal, tenant)
        for role in principal.published_roles
    }
    found: dict[str, set[str]] = defaultdict(set)
    for grant in inventory.of(AppRoleAssignment, tenant):
        found[grant.principal_id].add(names.get((grant.resource_id, grant.role_id)) or grant.role_id)
    return {principal: frozenset(values) for principal, values in found.items()}
