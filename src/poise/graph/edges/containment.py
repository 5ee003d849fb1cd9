"""What lies in what: organization, account, network, subnet, machine; management group, subscription, resource group.

Each asset hangs below the nearest thing that holds it, so that what holds it in all is found by walking up.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.asset import Asset
from poise.model.aws.account import AwsAccount
from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.azure.ids import resource_group
from poise.model.azure.network import Subnet as AzureSubnet
from poise.model.azure.sql import SqlDatabase
from poise.model.azure.subscription import AzureSubscription
from poise.model.graph import Edge, EdgeKind, Evidence, Node
from poise.model.kinds import ACCOUNT_KIND, TENANT_KIND

GROUP = "Microsoft.Resources/resourceGroups"
MANAGEMENT_GROUP = "Microsoft.Management/managementGroups"
ORGANIZATION = "AWS::Organizations::Organization"
NEAREST = ("subnet", "vpc")
"""Facts of AWS assets that name what holds them, nearest first."""


def find(estate: Estate) -> Found:
    """Yield an edge for each asset, from what holds it; and the groups and organizations above."""
    kinds = {*ACCOUNT_KIND.values(), *TENANT_KIND.values()}
    homes = {one.scope: one for one in estate.assets if one.KIND in kinds}
    for asset in estate.assets:
        if isinstance(asset, AwsAccount):
            yield from _organization(asset)
        elif isinstance(asset, AzureSubscription):
            yield from _management_groups(asset)
        else:
            yield from _held(asset, homes.get(asset.scope))


def _held(asset: Asset, home: Asset | None) -> Found:
    for holder, field in _nearest(asset):
        yield _contains(holder, asset, field)
        return
    group = resource_group(asset.id) if asset.PROVIDER == "azure" else None
    if group is not None:
        subscription = asset.id.split("/")[2]
        id = f"/subscriptions/{subscription}/resourcegroups/{group}"
        yield Node(id=id, kind=GROUP, name=group, provider="azure", scope=asset.scope)
        yield _contains(id, asset, "")
        if home is not None:
            yield Edge(source=home.id, target=id, kind=EdgeKind.CONTAINS, evidence=(_proof(asset, "", home.name),))
    elif home is not None:
        yield _contains(home.id, asset, "")


def _nearest(asset: Asset) -> Iterator[tuple[str, str]]:
    if isinstance(asset, SqlDatabase):
        fields: tuple[str, ...] = ("server",)
    elif isinstance(asset, AzureSubnet):
        fields = ("virtual_network",)
    elif isinstance(asset, NetworkInterface):
        fields = ("instance", *NEAREST)
    elif isinstance(asset, Ec2Instance):
        fields = NEAREST
    else:
        fields = NEAREST if asset.PROVIDER == "aws" else ()
    for field in fields:
        found = read(asset, field) if field in asset.FACTS else None
        if isinstance(found, str) and found:
            yield found, field


def _organization(account: AwsAccount) -> Found:
    organization = read(account, "organization_id")
    if organization:
        yield Node(id=organization, kind=ORGANIZATION, name=organization, provider="aws", scope="")
        yield _contains(organization, account, "organization_id")


def _management_groups(subscription: AzureSubscription) -> Found:
    names = read(subscription, "management_groups") or ()
    ids = [f"/providers/microsoft.management/managementgroups/{name.lower()}" for name in names]
    for id, name in zip(ids, names, strict=True):
        yield Node(id=id, kind=MANAGEMENT_GROUP, name=name, provider="azure", scope="")
    for above, below in zip(ids, [*ids[1:], subscription.id], strict=False):
        proof = _proof(subscription, "management_groups", " > ".join(names))
        yield Edge(source=above, target=below, kind=EdgeKind.CONTAINS, evidence=(proof,))


def _contains(holder: str, asset: Asset, field: str) -> Edge:
    return Edge(source=holder, target=asset.id, kind=EdgeKind.CONTAINS, evidence=(_proof(asset, field, holder),))


def _proof(asset: Asset, field: str, holder: str) -> Evidence:
    return Evidence(asset=asset.id, field=field, says=f"it is in {holder.rpartition('/')[2] or holder}")


FAMILY = Family(Width.SCOPE, find)
