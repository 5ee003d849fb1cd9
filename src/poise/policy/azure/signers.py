"""Who signs in to a directory and what it asks of them, gathered from its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from poise.model.asset import Asset
from poise.model.azure.entra import EntraGroup, EntraTenant, EntraUser
from poise.model.azure.entra_access import ConditionalAccessPolicy
from poise.model.azure.entra_applications import EntraApplication, EntraServicePrincipal
from poise.model.azure.entra_roles import DirectoryRoleAssignment
from poise.model.inventory import Inventory
from poise.policy.answer import Unread
from poise.policy.azure.access_policies import AccessPolicy
from poise.policy.azure.sign_in import OF_POLICIES, Kind, Signer, SignIn
from poise.policy.lookups import fact, known

ENABLED, GUEST, FOREIGN = "enabled", "guest", "#ext#"
SINGLE_TENANT = "AzureADMyOrg"
WHOLE_TENANT = "/"
A = TypeVar("A", bound=Asset)


def sign_in_of(tenant: str, inventory: Inventory) -> SignIn | None:
    """Return what a directory asks of sign-ins; None where the directory was not read at all.

    Groups are among those who sign in nowhere. If one of the lists was not read, whoever is on none may be on that one.
    """
    own = _listed(EntraTenant, tenant, inventory)
    if isinstance(own, Unread) or not own:
        return None
    kinds: tuple[type[Asset], ...] = (EntraUser, EntraServicePrincipal, EntraGroup)
    lists = [_listed(kind, tenant, inventory) for kind in kinds]
    people, programs, groups = (() if isinstance(one, Unread) else one for one in lists)
    signers = {one.id: Signer(Kind.UNASKED) for one in groups}
    signers |= dict(_people(people)) | dict(_programs(tenant, programs, inventory))
    policies = known(lambda: tuple(_policies(tenant, inventory)), OF_POLICIES)
    roles = known(lambda: _holders(tenant, inventory), "directory role assignments")
    return SignIn(policies, signers, roles, next((one for one in lists if isinstance(one, Unread)), None))


def _policies(tenant: str, inventory: Inventory) -> Iterator[AccessPolicy]:
    for one in inventory.of(ConditionalAccessPolicy, tenant):
        if one.state.lower() == ENABLED:
            yield AccessPolicy.of(one.id, one.name, one.document)


def _people(people: Sequence[Asset]) -> Iterator[tuple[str, Signer]]:
    for one in people:
        if isinstance(one, EntraUser):
            yield one.id, Signer(Kind.PERSON, _is_outsider(one), _is_enabled(one))


def _is_outsider(user: EntraUser) -> bool | Unread:
    """Say whether a person is a guest, or has the sign-in name of somebody invited from elsewhere."""
    return known(lambda: (user.user_type or "").lower() == GUEST or FOREIGN in user.user_principal_name.lower())


def _programs(tenant: str, programs: Sequence[Asset], inventory: Inventory) -> Iterator[tuple[str, Signer]]:
    listed = _listed(EntraApplication, tenant, inventory)
    own = {} if isinstance(listed, Unread) else {str(fact(one, "app_id")): one for one in listed}
    for one in programs:
        if not isinstance(one, EntraServicePrincipal):
            continue
        application = own.get(str(fact(one, "app_id")))
        if fact(one, "principal_type") == "ManagedIdentity" or fact(one, "home_tenant") not in (tenant, None):
            yield one.id, Signer(Kind.UNASKED, is_enabled=_is_enabled(one))
        elif isinstance(listed, Unread):
            yield one.id, Signer(Kind.PROGRAM, listed, _is_enabled(one))
        elif application is None:
            yield one.id, Signer(Kind.UNASKED, is_enabled=_is_enabled(one))
        else:
            yield one.id, Signer(Kind.PROGRAM, _serves_others(application), _is_enabled(one))


def _serves_others(application: EntraApplication) -> bool | Unread:
    audience = fact(application, "sign_in_audience")
    return audience if isinstance(audience, Unread) else audience != SINGLE_TENANT


def _is_enabled(one: EntraUser | EntraServicePrincipal) -> bool | Unread:
    told = fact(one, "enabled")
    return told if isinstance(told, Unread) else told is not False


def _holders(tenant: str, inventory: Inventory) -> dict[str, frozenset[str]]:
    """Return template id of a role -> who holds it on the whole tenant: others do not count for policies."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in inventory.of(DirectoryRoleAssignment, tenant):
        if one.assigned_at == WHOLE_TENANT:
            found[one.role_definition].add(one.principal_id)
    return {role: frozenset(holders) for role, holders in found.items()}


def _listed(kind: type[A], tenant: str, inventory: Inventory) -> Sequence[A] | Unread:
    return known(lambda: inventory.of(kind, tenant), kind.KIND)
