"""Answers in, records out, the same through both doors."""

import pytest

from poise.collect.azure import services
from poise.model.asset import to_json
from poise.model.azure.compute import AttachedDisk, VirtualMachine
from poise.model.azure.network import Subnet
from poise.model.azure.network_rules import NetworkRules
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.azure.sql import FirewallRule, SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.azure.subscription import AzureSubscription
from poise.model.kinds import by_kind
from tests.collect.azure.answers import GROUP, HOME, NETWORK, SUB, TENANT
from tests.collect.azure.directory_answers import directory_answers
from tests.collect.azure.doors import Cloud, read_directory, read_folder, read_live, write_folder
from tests.collect.azure.more_answers import answers

SERVICES = sorted(services.load())
DIRECTORY = sorted(services.of_tenants())


@pytest.fixture
def everything():
    return [a for service in SERVICES for a in read_live(Cloud(answers()), service).assets]


@pytest.fixture
def directory():
    return [a for service in DIRECTORY for a in read_directory(Cloud(directory_answers()), service).assets]


def the(assets, kind, name):
    return next(a for a in assets if isinstance(a, kind) and a.name == name)


@pytest.mark.parametrize("service", SERVICES)
def test_folder_and_live_give_equal_records(service, tmp_path):
    live = read_live(Cloud(answers()), service)
    files = read_folder(write_folder(tmp_path, answers()), service)

    assert live.assets == files.assets
    assert live.listings == files.listings
    assert live.gaps == files.gaps == ()


GIVEN_IN_FILES_ONLY = {"Microsoft.Automation/automationAccounts"}
"""Kinds that no connector reads: lists of assets may bear them."""


def test_every_field_of_every_kind_is_known_somewhere(everything, directory):
    every = (*everything, *directory)
    known = {(a.KIND, field) for a in every for field, value in a.known().items() if value is not None}
    kinds = [k for k in by_kind().values() if k.PROVIDER == "azure" and k.KIND not in GIVEN_IN_FILES_ONLY]

    assert {(k.KIND, field) for k in kinds for field in k.FACTS} - known == set()


def test_ids_have_one_spelling_and_names_keep_theirs(everything):
    assert all(asset.id == asset.id.lower() for asset in everything)
    assert {asset.scope for asset in everything} == {SUB}
    assert the(everything, StorageAccount, "olddata").id == (
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/olddata".lower()
    )
    assert the(everything, AzureSubscription, "Shop production").id == HOME


def test_references_join_whatever_the_spelling(everything):
    ids = {asset.id for asset in everything}
    account = the(everything, StorageAccount, "shopdata")
    machine = the(everything, VirtualMachine, "web1")
    subnet = the(everything, Subnet, "web")

    assert account.network_rules.subnets == (subnet.id,)
    assert set(machine.network_interfaces) <= ids
    assert subnet.security_group in ids
    assert subnet.virtual_network in ids


def test_storage_account_holds_what_the_api_said(everything):
    account = the(everything, StorageAccount, "shopdata")

    assert account.network_rules == NetworkRules(
        default_action="Deny",
        bypass=("Logging", "AzureServices"),
        ip_rules=("203.0.113.7",),
        subnets=(f"{NETWORK}/virtualNetworks/shop/subnets/web".lower(),),
        resource_instances=(f"{GROUP}/providers/Microsoft.Sql/servers/shop-sql".lower(),),
    )
    assert account.private_endpoints == (f"{NETWORK}/privateEndpoints/shop".lower(),)
    assert (account.blob_soft_delete_days, account.container_soft_delete_days) == (14, 7)
    assert account.tags == {"team": "shop"}


def test_properties_that_were_never_set_are_none(everything):
    account = the(everything, StorageAccount, "olddata")

    assert account.unread == {}
    assert account.minimum_tls_version is None
    assert account.allow_blob_public_access is None
    assert account.allow_shared_key_access is None
    assert account.network_rules is None
    assert account.blob_soft_delete_days is None
    assert account.region == "westeurope"


def test_machine_holds_its_disks_and_protection(everything):
    machine = the(everything, VirtualMachine, "web1")

    assert machine.os_disk == AttachedDisk(
        name="web1-os", disk=f"{GROUP}/providers/Microsoft.Compute/disks/web1-os".lower(), vhd=None
    )
    assert machine.data_disks[0].vhd == "https://olddata.blob.core.windows.net/vhds/old.vhd"
    assert machine.image == "Canonical:jammy:22_04-lts:latest"
    assert (machine.password_login_disabled, machine.ssh_keys, machine.encryption_at_host) == (True, 1, True)


def test_singular_and_plural_forms_of_a_rule_are_joined(everything):
    https, many = the(everything, NetworkSecurityGroup, "web").rules

    assert (https.source_prefixes, https.destination_ports) == (("*",), ("443",))
    assert many.source_prefixes == ("203.0.113.0/24", "10.0.0.0/8")
    assert many.destination_ports == ("22", "8000-8010")
    assert many.source_groups == (f"{NETWORK}/applicationSecurityGroups/Ops".lower(),)


def test_server_is_read_with_its_children(everything):
    server = the(everything, SqlServer, "shop-sql")

    assert server.firewall_rules == (FirewallRule(name="office", start="203.0.113.0", end="203.0.113.255"),)
    assert server.auditing.azure_monitor is True
    assert server.entra_administrator.entra_only is True


def test_management_groups_come_root_first(everything):
    assert the(everything, AzureSubscription, "Shop production").management_groups == (TENANT, "production")


def test_records_are_written_as_json(everything):
    assert all(to_json(asset)["unread"] == {} for asset in everything)
