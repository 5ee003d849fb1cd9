"""What stands between a right on an asset of Azure and its data: firewalls, keys, and facts that were not read.

Expectations: Microsoft Learn, "Configure Azure Key Vault networking settings", "Configure Azure Storage firewalls" (a
default action of Deny lets in the subnets and addresses that are named), "Azure SQL Database IP firewall rules" (the
rule from 0.0.0.0 to 0.0.0.0 is all of Azure; no rule counts where public access is disabled), "Azure permissions".
"""

import pytest
from msgspec import structs

from poise.graph.build import build
from poise.graph.edges.azure_sql import AZURE
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.sql import FirewallRule
from poise.model.graph import Capability, EdgeState
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_network import NETWORK_INTERFACE
from poise.model.samples.azure_sql import SQL_SERVER
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION
from tests.graph.estates import between
from tests.graph.test_azure import ASSIGNED, ESCALATES, MAY, ROUTES, WHO, role

ADMIN, READ = Capability.ADMIN, Capability.READ
SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/Web"
RULES = NetworkRules(default_action="Deny", bypass=(), ip_rules=(), subnets=(), resource_instances=())


def built(*assets):
    return build(Estate((AZURE_SUBSCRIPTION, ASSIGNED, *assets)))


def told(**changes):
    """Return what the graph tells of a vault's firewall."""
    vault = replace(KEY_VAULT, **{"public_network_access": "Enabled", **changes})
    insights = built(vault).node(vault.id).insights
    names = ("allowed_networks", "allowed_addresses", "unread_firewall")
    return {name: insights[name] for name in names if name in insights}


def rules(**changes):
    return structs.replace(RULES, **changes)


def test_a_firewall_tells_the_subnets_and_the_addresses_that_it_lets_in():
    assert told(network_rules=None) == {}
    assert told(network_rules=rules(default_action="Allow", ip_rules=("198.51.100.1",))) == {}
    assert told(network_rules=rules(subnets=(SUBNET,))) == {"allowed_networks": [SUBNET.lower()]}
    office = rules(ip_rules=("198.51.100.0/24",))
    assert told(network_rules=office) == {"allowed_networks": [], "allowed_addresses": ["198.51.100.0/24"]}
    assert told(network_rules=office, public_network_access="Disabled") == {"allowed_networks": []}


def test_a_firewall_that_was_not_read_is_told_as_such():
    unread = {"network_rules": "AuthorizationFailed"}
    vault = replace(KEY_VAULT, public_network_access="Enabled", unread=unread)
    assert built(vault).node(vault.id).insights["unread_firewall"] == "network_rules (AuthorizationFailed)"


def test_whether_writing_a_vault_takes_it_over_is_unknown_where_its_model_was_not_read():
    vault = replace(KEY_VAULT, unread={"rbac_authorization": "AuthorizationFailed"})
    graph = built(vault, role("Microsoft.KeyVault/vaults/write"))
    (edge,) = between(graph, WHO, vault.id, MAY)
    assert (edge.capability, edge.state) == (ADMIN, EdgeState.UNKNOWN)
    assert "rbac_authorization" in edge.condition
    assert {one.state for one in between(graph, WHO, vault.id, ESCALATES)} == {EdgeState.UNKNOWN}


@pytest.mark.parametrize(("row", "action"), [("vault_access_policy", "accessPolicies/write"), ("vault_write", "write")])
def test_who_writes_access_policies_alone_still_stands_before_the_firewall(row, action):
    vault = replace(KEY_VAULT, rbac_authorization=False, access_policies=())
    edges = between(built(vault, role(f"Microsoft.KeyVault/vaults/{action}")), WHO, vault.id, ESCALATES)
    assert {one.rule: one.capability for one in edges}[row] is (ADMIN if row == "vault_write" else READ)


def test_shared_keys_that_were_not_read_make_listing_them_unknown():
    account = replace(STORAGE_ACCOUNT, unread={"allow_shared_key_access": "AuthorizationFailed"})
    graph = built(account, role("Microsoft.Storage/storageAccounts/listKeys/action"))
    states = {one.rule: one.state for one in between(graph, WHO, account.id, ESCALATES)}
    assert states["storage_keys"] is EdgeState.UNKNOWN


def test_writing_a_storage_account_reads_no_blob():
    account = replace(STORAGE_ACCOUNT, allow_shared_key_access=True)
    graph = built(account, role("Microsoft.Storage/storageAccounts/write"))
    found = [*between(graph, WHO, account.id, MAY), *between(graph, WHO, account.id, ESCALATES)]
    assert {one.capability for one in found} == {ADMIN}


def server(**changes):
    plain = {"public_network_access": "Enabled", "firewall_rules": (), "virtual_network_rules": ()}
    return replace(SQL_SERVER, **{**plain, **changes})


ALL_AZURE = FirewallRule(name="AllowAllWindowsAzureIps", start="0.0.0.0", end="0.0.0.0")
OFFICE = FirewallRule(name="office", start="198.51.100.1", end="198.51.100.9")


@pytest.mark.parametrize(
    ("changes", "reached"),
    [
        ({"firewall_rules": (ALL_AZURE,)}, True),
        ({"firewall_rules": (OFFICE,)}, False),
        ({"firewall_rules": (ALL_AZURE,), "public_network_access": "Disabled"}, False),
    ],
)
def test_a_server_that_lets_in_all_of_azure_is_reached_from_anybodys_machine_there(changes, reached):
    one = server(**changes)
    assert bool(between(built(one), AZURE.id, one.id, ROUTES)) is reached


def test_a_server_is_reached_from_machines_in_the_subnets_that_it_names():
    subnet = next(one.subnet for one in NETWORK_INTERFACE.ip_configurations)
    network = (NETWORK_INTERFACE, VIRTUAL_MACHINE)
    named, other = server(virtual_network_rules=(subnet,)), server(virtual_network_rules=(SUBNET,))
    assert between(built(named, *network), VIRTUAL_MACHINE.id, named.id, ROUTES)
    assert not between(built(other, *network), VIRTUAL_MACHINE.id, other.id, ROUTES)
