"""What people ask of an Azure asset, by kind: groups of actions that stand for reading data, changing it, taking over.

Source: Microsoft Learn, "Azure permissions". A group is named by what it lets a person do.
"""

from __future__ import annotations

from poise.model.asset import Asset
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.azure.subscription import AzureSubscription

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
ACTION_GROUPS: dict[type[Asset], tuple[tuple[str, str], ...]] = {
    StorageAccount: (
        ("read blobs", f"{_BLOBS}/read"),
        ("write blobs", f"{_BLOBS}/write"),
        ("list its keys", "Microsoft.Storage/storageAccounts/listkeys/action"),
        ("change it", "Microsoft.Storage/storageAccounts/write"),
    ),
    KeyVault: (
        ("read secrets", "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
        ("decrypt with keys", "Microsoft.KeyVault/vaults/keys/decrypt/action"),
        ("change who reaches it", "Microsoft.KeyVault/vaults/write"),
    ),
    VirtualMachine: (
        ("run commands on it", "Microsoft.Compute/virtualMachines/runCommand/action"),
        ("change it", "Microsoft.Compute/virtualMachines/write"),
        ("delete it", "Microsoft.Compute/virtualMachines/delete"),
    ),
    SqlServer: (
        ("change it, its password too", "Microsoft.Sql/servers/write"),
        ("delete it", "Microsoft.Sql/servers/delete"),
    ),
    AzureSubscription: (("give roles", "Microsoft.Authorization/roleAssignments/write"),),
}
