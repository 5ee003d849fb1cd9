"""Managed identities of Azure: which machine or service acts as which principal."""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.asset import Asset
from poise.model.azure.automation import AutomationAccount
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.graph import Edge, EdgeKind, Evidence, Node

PRINCIPAL = "principal"
"""Kind of a principal of Entra, of which only the object id is read."""


HOLDERS = (VirtualMachine, StorageAccount, SqlServer, AutomationAccount)


def find(estate: Estate) -> Found:
    """Yield an edge from each holder of a managed identity to its principal."""
    for holder in estate.of(*HOLDERS):
        own = read(holder, "identity_principal")
        if own:
            yield from _acts(holder, own, "identity_principal", f"managed identity of {holder.name}")
        if isinstance(holder, VirtualMachine | AutomationAccount):
            yield from _assigned(holder)


def _assigned(machine: VirtualMachine | AutomationAccount) -> Iterator[Node | Edge]:
    ids, principals = read(machine, "user_identities") or (), read(machine, "user_identity_principals") or ()
    for id, principal in zip(ids, principals, strict=False):
        if principal:
            yield from _acts(machine, principal, "user_identities", id.rpartition("/")[2])


def _acts(holder: Asset, principal: str, field: str, name: str) -> Iterator[Node | Edge]:
    yield Node(
        id=principal.lower(),
        kind=PRINCIPAL,
        name=name,
        provider="azure",
        scope=holder.scope,
        insights={"managed": True},
    )
    proof = Evidence(asset=holder.id, field=field, says=f"it has the identity {principal}")
    yield Edge(source=holder.id, target=principal.lower(), kind=EdgeKind.CAN_AUTHENTICATE_AS, evidence=(proof,))


FAMILY = Family(Width.SCOPE, find, "azure")
