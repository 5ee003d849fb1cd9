"""Reads virtual machines.

User data and custom data are not asked for, and Resource Manager never returns passwords.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.reading.items import Path, facts_of, finish, ids_in
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.ids import arm_id, optional_id

MACHINES = Operation(
    service="compute",
    name="VirtualMachines_ListAll",
    path="/providers/Microsoft.Compute/virtualMachines",
    version="2023-03-01",
    permission="Microsoft.Compute/virtualMachines/read",
)
READS = (MACHINES.feeds("VirtualMachine"),)


PROTECTION: dict[str, Path] = {
    "admin_username": "properties.osProfile.adminUsername",
    "password_login_disabled": "properties.osProfile.linuxConfiguration.disablePasswordAuthentication",
    "ssh_keys": lambda i: _ssh_keys((i["properties"].get("osProfile") or {}).get("linuxConfiguration")),
    "encryption_at_host": "properties.securityProfile.encryptionAtHost",
    "security_type": "properties.securityProfile.securityType",
    "secure_boot": "properties.securityProfile.uefiSettings.secureBootEnabled",
}
"""Fields that say how a machine is protected, and where they are."""


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield every virtual machine, then the state of the listing."""
    yield from listed(VirtualMachine, reader.pages(MACHINES), partial(_machine, reader))


def _machine(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[VirtualMachine] = facts_of(
        VirtualMachine,
        MACHINES.call,
        item,
        vm_id="properties.vmId",
        size="properties.hardwareProfile.vmSize",
        image=lambda i: _image(i["properties"]["storageProfile"].get("imageReference")),
        os_type="properties.storageProfile.osDisk.osType",
        os_disk=lambda i: _disk(i["properties"]["storageProfile"]["osDisk"]),
        data_disks=lambda i: [_disk(d) for d in i["properties"]["storageProfile"].get("dataDisks") or ()],
        network_interfaces=lambda i: ids_in(i["properties"]["networkProfile"].get("networkInterfaces")),
        identity="identity.type",
        identity_principal="identity.principalId",
        user_identities=lambda i: [arm_id(id) for id in (i.get("identity") or {}).get("userAssignedIdentities") or ()],
        user_identity_principals=_user_principals,
        extensions=lambda i: ids_in(i.get("resources")),
        zones=lambda i: i.get("zones") or (),
        **PROTECTION,
    )
    return finish(facts, reader, item)


def _user_principals(item: Json) -> list[str]:
    """Return the principals of the user-assigned identities, in their order; empty texts where one is not told."""
    identities = (item.get("identity") or {}).get("userAssignedIdentities") or {}
    return [str((one or {}).get("principalId") or "").lower() for one in identities.values()]


def _image(reference: Json) -> str | None:
    if not reference:
        return None
    if reference.get("id"):
        return arm_id(reference["id"])
    return ":".join(str(reference.get(key) or "") for key in ("publisher", "offer", "sku", "version"))


def _disk(disk: Json) -> Json:
    return {
        "name": disk.get("name"),
        "disk": optional_id((disk.get("managedDisk") or {}).get("id")),
        "vhd": (disk.get("vhd") or {}).get("uri"),
    }


def _ssh_keys(configuration: Json) -> int | None:
    if configuration is None:
        return None
    return len((configuration.get("ssh") or {}).get("publicKeys") or ())
