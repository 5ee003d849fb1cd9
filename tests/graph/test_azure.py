"""Azure as edges: identities, permissions and rows of principals, routes of the network."""

import pytest
from msgspec import structs

from poise.graph.asked_azure import ABOUT, ASKED, BOUND, NEEDS
from poise.graph.build import build
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.azure.authorization import Permission
from poise.model.graph import INTERNET, Capability, EdgeKind, EdgeState
from poise.model.samples.azure_authorization import ROLE_ASSIGNMENT, ROLE_DEFINITION
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_network import (
    NETWORK_INTERFACE,
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    VIRTUAL_NETWORK,
    rule,
)
from poise.model.samples.azure_sql import SQL_DATABASE, SQL_SERVER
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION, HOME
from poise.policy.azure.escalation import catalogue
from tests.graph.estates import between

MAY, ESCALATES, ROUTES = EdgeKind.HAS_PERMISSION, EdgeKind.CAN_ESCALATE_TO, EdgeKind.ROUTES_TO
WHO = "cccccccc-1111-2222-3333-444455556666"


def role(*actions, data=()):
    entry = Permission(actions=actions, not_actions=(), data_actions=tuple(data), not_data_actions=(), condition=None)
    return replace(ROLE_DEFINITION, permissions=(entry,))


ASSIGNED = replace(
    ROLE_ASSIGNMENT,
    role_definition=ROLE_DEFINITION.id,
    principal_id=WHO,
    principal_type="ServicePrincipal",
    assigned_at=HOME,
    condition=None,
)


def graph_of(*assets):
    unread = {("Microsoft.Authorization/denyAssignments", AZURE_SUBSCRIPTION.scope): "they are not collected"}
    return build(Estate((AZURE_SUBSCRIPTION, *assets), unread))


def gives(graph, target, kind=MAY):
    return {one.capability for one in between(graph, WHO, target, kind)}


def test_a_machine_acts_as_its_identities():
    machine = replace(
        VIRTUAL_MACHINE,
        identity_principal=WHO.upper(),
        user_identities=(f"{HOME}/resourcegroups/shop/providers/microsoft.managedidentity/userassignedidentities/web",),
        user_identity_principals=("dddddddd-1111-2222-3333-444455556666",),
    )
    graph = graph_of(machine)
    acts = {one.target for one in graph.out(machine.id, (EdgeKind.CAN_AUTHENTICATE_AS,))}
    assert acts == {WHO, "dddddddd-1111-2222-3333-444455556666"}
    assert graph.node(WHO).insights["managed"] is True


def test_reading_blobs_is_a_permission_that_names_the_limits_that_were_not_read():
    reads = role(data=("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",))
    unlisted = {("Microsoft.Authorization/denyAssignments", STORAGE_ACCOUNT.scope): "AuthorizationFailed"}
    graph = build(Estate((AZURE_SUBSCRIPTION, STORAGE_ACCOUNT, ASSIGNED, reads), unlisted))
    (edge,) = between(graph, WHO, STORAGE_ACCOUNT.id, MAY)
    assert (edge.capability, edge.state) == (Capability.READ, EdgeState.UNKNOWN)
    assert "deny assignments" in edge.condition
    assert edge.evidence[0].asset == ASSIGNED.id


def test_with_everything_listed_a_permission_is_certain():
    reads = role(data=("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",))
    graph = build(Estate((AZURE_SUBSCRIPTION, STORAGE_ACCOUNT, ASSIGNED, reads)))
    (edge,) = between(graph, WHO, STORAGE_ACCOUNT.id, MAY)
    assert (edge.capability, edge.state) == (Capability.READ, EdgeState.CERTAIN)


def test_a_role_that_reads_the_vault_reads_no_secret():
    reader = role("Microsoft.KeyVault/vaults/read")
    assert not gives(graph_of(replace(KEY_VAULT, rbac_authorization=True), ASSIGNED, reader), KEY_VAULT.id)


def test_secrets_of_a_vault_with_roles_are_read_by_a_data_role():
    secrets = role(data=("Microsoft.KeyVault/vaults/secrets/getSecret/action",))
    rbac = replace(KEY_VAULT, rbac_authorization=True, access_policies=())
    assert Capability.READ in gives(graph_of(rbac, ASSIGNED, secrets), KEY_VAULT.id)
    policies = replace(KEY_VAULT, rbac_authorization=False, access_policies=())
    assert Capability.READ not in gives(graph_of(policies, ASSIGNED, secrets), KEY_VAULT.id)


def test_writing_a_vault_takes_it_over_only_where_access_policies_decide():
    writer = role("Microsoft.KeyVault/vaults/write")
    rbac = replace(KEY_VAULT, rbac_authorization=True, access_policies=())
    policies = replace(KEY_VAULT, rbac_authorization=False, access_policies=())
    assert gives(graph_of(rbac, ASSIGNED, writer), KEY_VAULT.id) == {Capability.WRITE}
    assert gives(graph_of(policies, ASSIGNED, writer), KEY_VAULT.id) == {Capability.ADMIN}
    assert not gives(graph_of(rbac, ASSIGNED, writer), KEY_VAULT.id, ESCALATES)
    assert gives(graph_of(policies, ASSIGNED, writer), KEY_VAULT.id, ESCALATES) == {Capability.ADMIN}


def test_run_command_gives_code_on_the_machine():
    graph = graph_of(VIRTUAL_MACHINE, ASSIGNED, role("Microsoft.Compute/virtualMachines/runCommand/action"))
    (edge,) = between(graph, WHO, VIRTUAL_MACHINE.id, ESCALATES)
    assert (edge.rule, edge.capability) == ("vm_run_command", Capability.CODE)


def test_listing_keys_reads_an_account_that_takes_them():
    keys = role("Microsoft.Storage/storageAccounts/listKeys/action")
    takes = replace(STORAGE_ACCOUNT, allow_shared_key_access=True)
    refuses = replace(STORAGE_ACCOUNT, allow_shared_key_access=False)
    assert Capability.READ in gives(graph_of(takes, ASSIGNED, keys), takes.id, ESCALATES)
    assert not gives(graph_of(refuses, ASSIGNED, keys), takes.id, ESCALATES)


def test_giving_roles_administers_the_subscription():
    graph = graph_of(ASSIGNED, role("Microsoft.Authorization/roleAssignments/write"))
    assert gives(graph, AZURE_SUBSCRIPTION.id) == {Capability.ADMIN}


def test_an_assignment_elsewhere_gives_nothing_here():
    away = replace(ASSIGNED, assigned_at=f"{HOME}/resourcegroups/other")
    graph = graph_of(VIRTUAL_MACHINE, away, role("*"))
    assert not between(graph, WHO, VIRTUAL_MACHINE.id)


def test_rows_are_bound_to_kinds_that_are_asked_about():
    ids = {row.id for row in catalogue()}
    assert set(NEEDS) <= ids
    assert set(BOUND) <= set(ASKED)
    assert set(ABOUT.values()) == set(BOUND)
    bound = {row.id for rows in BOUND.values() for row, _ in rows}
    assert {"vm_run_command", "vm_extension", "storage_keys", "vault_get_secret", "assign_role"} <= bound


OPEN = replace(SECURITY_GROUP, rules=(rule("ssh", 200, destination_ports=("22",)),))
NETWORK = (VIRTUAL_NETWORK, SUBNET, NETWORK_INTERFACE, PUBLIC_ADDRESS, VIRTUAL_MACHINE)


def test_the_internet_reaches_a_machine_through_both_groups():
    graph = graph_of(*NETWORK, OPEN)
    (edge,) = between(graph, INTERNET, VIRTUAL_MACHINE.id, ROUTES)
    assert "tcp/22" in edge.ports
    assert graph.node(VIRTUAL_MACHINE.id).insights["exposed"] is (edge.state is EdgeState.CERTAIN or None)


def test_a_group_without_a_rule_closes_the_machine():
    shut = replace(SECURITY_GROUP, rules=())
    graph = graph_of(*NETWORK, shut)
    assert not [one for one in between(graph, INTERNET, VIRTUAL_MACHINE.id, ROUTES) if one.state is EdgeState.CERTAIN]


@pytest.mark.parametrize("access", ["Enabled", "Disabled"])
def test_a_server_is_exposed_as_its_firewall_says(access):
    server = replace(SQL_SERVER, public_network_access=access)
    graph = graph_of(server)
    assert bool(between(graph, INTERNET, server.id, ROUTES)) is bool(
        access == "Enabled" and any(one.end == "255.255.255.255" for one in server.firewall_rules)
    )


def test_a_resource_group_holds_its_resources_and_a_server_its_databases():
    graph = graph_of(SQL_SERVER, SQL_DATABASE)
    assert between(graph, SQL_SERVER.id, SQL_DATABASE.id, EdgeKind.CONTAINS)
    (group,) = [one.source for one in graph.into(SQL_SERVER.id, (EdgeKind.CONTAINS,))]
    assert graph.node(group).kind == "Microsoft.Resources/resourceGroups"
    assert between(graph, AZURE_SUBSCRIPTION.id, group, EdgeKind.CONTAINS)


def test_management_groups_stand_above_the_subscription():
    graph = graph_of(replace(AZURE_SUBSCRIPTION, management_groups=("Root", "Shop")))
    root = "/providers/microsoft.management/managementgroups/root"
    shop = "/providers/microsoft.management/managementgroups/shop"
    assert between(graph, root, shop)
    assert between(graph, shop, AZURE_SUBSCRIPTION.id)


def second(private="10.30.1.9"):
    """Return another machine in the same subnet, with its interface."""
    (place,) = NETWORK_INTERFACE.ip_configurations
    card = replace(
        NETWORK_INTERFACE,
        id=f"{NETWORK_INTERFACE.id}2",
        virtual_machine=f"{VIRTUAL_MACHINE.id}2",
        ip_configurations=(structs.replace(place, private_address=private, public_address=None),),
    )
    return replace(VIRTUAL_MACHINE, id=f"{VIRTUAL_MACHINE.id}2", network_interfaces=(card.id,)), card


def test_machines_of_one_subnet_reach_each_other_by_the_default_rules():
    graph = graph_of(*NETWORK, OPEN, *second())
    reached = {
        last.target
        for step in graph.out(VIRTUAL_MACHINE.id, (ROUTES,))
        for middle in graph.out(step.target, (ROUTES,))
        for last in graph.out(middle.target, (ROUTES,))
    }
    assert f"{VIRTUAL_MACHINE.id}2" in reached


def test_a_public_address_hangs_at_its_machine():
    (place,) = NETWORK_INTERFACE.ip_configurations
    address = replace(
        PUBLIC_ADDRESS, attached_to=f"{NETWORK_INTERFACE.id}/ipconfigurations/{(place.name or 'main').lower()}"
    )
    graph = graph_of(*(one for one in NETWORK if one.id != address.id), address)
    assert between(graph, address.id, NETWORK_INTERFACE.virtual_machine, ROUTES)
