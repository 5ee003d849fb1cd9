"""Kinds of Azure: who judges how far they are open, or why they are not exposed by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from poise.model.asset import Asset
from poise.model.azure.authorization import RoleAssignment, RoleDefinition
from poise.model.azure.automation import AutomationAccount
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.deny import DenyAssignmentRecord
from poise.model.azure.entra import AdministrativeUnit, EntraGroup, EntraTenant, EntraUser
from poise.model.azure.entra_access import ConditionalAccessPolicy
from poise.model.azure.entra_applications import AppRoleAssignment, EntraApplication, EntraServicePrincipal
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleDefinition, DirectoryRoleEligibility
from poise.model.azure.gateways import (
    ApplicationGateway,
    AzureFirewall,
    FirewallPolicy,
    LoadBalancer,
    RouteTable,
)
from poise.model.azure.identities import UserAssignedIdentity
from poise.model.azure.keyvault import KeyVault, KeyVaultKey
from poise.model.azure.locks import ManagementLock
from poise.model.azure.network import NetworkInterface, PublicIpAddress, Subnet, VirtualNetwork
from poise.model.azure.privileged import ClassicAdministratorRecord, RoleActivation, RoleEligibility
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.azure.sql import SqlDatabase, SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.azure.subscription import AzureSubscription
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level
from poise.policy.azure import openings
from poise.policy.azure.exposure import endpoint_exposure, sql_exposure
from poise.policy.exposures.channels import Channel, Judge, said, way


def _endpoint(asset: StorageAccount | KeyVault, _: Inventory) -> Iterator[Channel]:
    yield way("Public end point", lambda: endpoint_exposure(asset.public_network_access, asset.network_rules))


def _server(server: SqlServer, _: Inventory) -> Iterator[Channel]:
    yield way("Public end point", lambda: sql_exposure(server.public_network_access, server.firewall_rules))


def _machine(machine: VirtualMachine, inventory: Inventory) -> Iterator[Channel]:
    yield way("Network", lambda: openings.machine_openness(machine, inventory))


def _by_front_ends(listens: Callable[..., bool]) -> Judge:
    """Return the judge of a kind that listens at front ends; ``listens`` says whether anything is published at all."""

    def ways(asset: ApplicationGateway | LoadBalancer, _: Inventory) -> Iterator[Channel]:
        yield way("Front ends", lambda: _front_ends(asset, listens))

    return ways


def _front_ends(asset: ApplicationGateway | LoadBalancer, listens: Callable[..., bool]) -> Exposure:
    if all(end.public_address is None for end in asset.front_ends):
        return said(Level.PRIVATE, "it has no public front end")
    if not listens(asset):
        return said(Level.PRIVATE, "it has a public front end, but no rule that listens there")
    return said(Level.PUBLIC, "it listens at a public front end")


def _firewall(firewall: AzureFirewall, _: Inventory) -> Iterator[Channel]:
    yield way("Public addresses", lambda: _addresses(firewall))


def _addresses(firewall: AzureFirewall) -> Exposure:
    if not firewall.public_addresses:
        return said(Level.PRIVATE, "it has no public address")
    return said(Level.RESTRICTED, "it has public addresses, and sends on what its rules translate")


BY_POLICY: Mapping[type[Asset], Judge] = {
    StorageAccount: _endpoint,
    KeyVault: _endpoint,
    SqlServer: _server,
}
ON_NETWORK: Mapping[type[Asset], Judge] = {
    VirtualMachine: _machine,
    ApplicationGateway: _by_front_ends(lambda gateway: bool(gateway.routes)),
    LoadBalancer: _by_front_ends(lambda balancer: bool(balancer.rules or balancer.forwards)),
    AzureFirewall: _firewall,
}
OF_NETWORK = "it is a part of the network: what stands behind it is exposed, or not"
OF_RIGHTS = "it is a right, or what rights hang on: what it is a right to is exposed, or not"
WHO_ACTS = "it is who acts, not what is reached"
NOT_EXPOSED: Mapping[type[Asset], str] = {
    AzureSubscription: "it holds settings of the subscription",
    DenyAssignmentRecord: "it takes rights away",
    ManagementLock: "it forbids changes",
    ConditionalAccessPolicy: "it says what a sign-in must have",
    **dict.fromkeys((ClassicAdministratorRecord, RoleActivation, RoleEligibility), OF_RIGHTS),
    **dict.fromkeys((DirectoryRoleAssignment, DirectoryRoleDefinition, DirectoryRoleEligibility), OF_RIGHTS),
    **dict.fromkeys((AppRoleAssignment, AdministrativeUnit), OF_RIGHTS),
    **dict.fromkeys((EntraUser, EntraGroup, EntraApplication, EntraServicePrincipal, UserAssignedIdentity), WHO_ACTS),
    EntraTenant: "it is what holds the directory",
    AutomationAccount: "whom its runbooks act as is told by its identity; its own address asks for a token",
    RoleAssignment: "it is a right: what it is a right to is exposed, or not",
    RoleDefinition: "it is a list of rights, which its assignments give",
    KeyVaultKey: "it is reached through its vault",
    SqlDatabase: "it is reached through its server",
    **dict.fromkeys((VirtualNetwork, Subnet, NetworkSecurityGroup, RouteTable, FirewallPolicy), OF_NETWORK),
    **dict.fromkeys((NetworkInterface, PublicIpAddress), OF_NETWORK),
}
