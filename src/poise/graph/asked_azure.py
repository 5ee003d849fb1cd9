"""What the graph asks about each kind of asset of Azure, and the rows of the catalogue that are about it.

Source: Microsoft Learn, "Azure permissions" by provider.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from poise.graph.estate import read
from poise.model.asset import Asset
from poise.model.azure.automation import AutomationAccount
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.azure.subscription import AzureSubscription
from poise.model.graph import Capability
from poise.policy.azure.escalation import catalogue
from poise.policy.catalogue import Escalation, Result

READ, WRITE, CODE, ADMIN = Capability.READ, Capability.WRITE, Capability.CODE, Capability.ADMIN
ROLES, SHARED_KEYS, LAKE = "rbac_authorization", "allow_shared_key_access", "hierarchical_namespace"
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


class Wanted(msgspec.Struct, frozen=True):
    """One action and what it gives."""

    action: str
    """As Azure names it."""
    gives: Callable[[Any], Capability | None]
    """What it gives over the asset; None for what gives nothing by itself."""
    field: str = ""
    """Fact of the asset that this hangs on; empty for none."""


def _always(capability: Capability | None) -> Callable[[Any], Capability | None]:
    return lambda asset: capability


def _vault_write(vault: KeyVault) -> Capability:
    """Whoever may write a vault with access policies can add a policy for itself; roles are not part of the vault."""
    return WRITE if read(vault, "rbac_authorization") else ADMIN


ASKED: Mapping[type[Asset], Sequence[Wanted]] = {
    StorageAccount: (
        Wanted(f"{_BLOBS}/read", _always(READ)),
        Wanted(f"{_BLOBS}/write", _always(WRITE)),
        Wanted("Microsoft.Storage/storageAccounts/write", _always(ADMIN)),
    ),
    KeyVault: (
        Wanted("Microsoft.KeyVault/vaults/secrets/getSecret/action", _always(READ)),
        Wanted("Microsoft.KeyVault/vaults/keys/decrypt/action", _always(None)),
        Wanted("Microsoft.KeyVault/vaults/write", _vault_write, ROLES),
    ),
    VirtualMachine: (Wanted("Microsoft.Compute/virtualMachines/write", _always(WRITE)),),
    AutomationAccount: (Wanted("Microsoft.Automation/automationAccounts/write", _always(None)),),
    SqlServer: (Wanted("Microsoft.Sql/servers/write", _always(ADMIN)),),
    AzureSubscription: (Wanted("Microsoft.Authorization/roleAssignments/write", _always(ADMIN)),),
}
"""Kind -> actions."""


class Bound(NamedTuple):
    """What a row wins over an asset."""

    capability: Capability
    fits: Callable[[Any], bool]
    """Says whether an asset is as the row needs it, or may be where that was not read."""
    field: str = ""
    """Fact of the asset that this hangs on; empty for none."""


ABOUT: Mapping[str, type[Asset]] = {
    "microsoft.compute/virtualmachines/": VirtualMachine,
    "microsoft.serialconsole/serialports/": VirtualMachine,
    "microsoft.storage/storageaccounts/": StorageAccount,
    "microsoft.keyvault/vaults/": KeyVault,
    "microsoft.sql/servers/": SqlServer,
    "microsoft.automation/automationaccounts/": AutomationAccount,
    "microsoft.authorization/role": AzureSubscription,
}
"""Beginning of an action -> the kind that it is about."""
WINS = {
    Result.EXISTING_WORKLOAD: CODE,
    Result.DATA: READ,
    Result.RESOURCE: ADMIN,
    Result.SELF: ADMIN,
}
"""Result of a row -> what it wins. Other results need an asset besides, or win nothing by themselves."""
GIVES: Mapping[str, Capability] = {"vault_access_policy": READ, "storage_blob_own": READ}
"""Row -> what it wins, where that is less than administering: the firewall still decides who reads."""
NEEDS: Mapping[str, tuple[str, bool]] = {
    "vault_access_policy": (ROLES, False),
    "vault_write": (ROLES, False),
    "storage_keys": (SHARED_KEYS, True),
    "storage_account_sas": (SHARED_KEYS, True),
    "storage_blob_own": (LAKE, True),
}
"""Row -> the fact that an asset must have, and how it must be."""
UNSET = {ROLES: False, SHARED_KEYS: True, LAKE: False}
"""Fact -> what it means that it was never set (Azure Resource Manager reference of vaults and storage accounts)."""


def _fits(field: str, wanted: bool) -> Callable[[Any], bool]:
    def fits(asset: Asset) -> bool:
        found = read(asset, field)
        return field in asset.unread or (UNSET[field] if found is None else bool(found)) is wanted

    return fits


def kind_of(row: Escalation) -> type[Asset] | None:
    """Return the kind that all actions of a row are about; None if there is none that is collected."""
    names = [name.lower().removeprefix("data:") for name in row.permissions]
    kinds = {next((kind for start, kind in ABOUT.items() if name.startswith(start)), None) for name in names}
    return kinds.pop() if len(kinds) == 1 else None


def _whatever(asset: Asset) -> bool:
    return True


def _bound() -> dict[type[Asset], list[tuple[Escalation, Bound]]]:
    found: dict[type[Asset], list[tuple[Escalation, Bound]]] = {}
    for row in catalogue():
        kind, capability = kind_of(row), WINS.get(row.result)
        if kind is not None and capability is not None:
            field, wanted = NEEDS.get(row.id, ("", True))
            fits = _fits(field, wanted) if field else _whatever
            found.setdefault(kind, []).append((row, Bound(GIVES.get(row.id, capability), fits, field)))
    return found


BOUND: Mapping[type[Asset], Sequence[tuple[Escalation, Bound]]] = _bound()
"""Kind -> rows."""
