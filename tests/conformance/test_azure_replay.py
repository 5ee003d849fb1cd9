"""Azure's recorded answers, replayed by a real server over TLS: the same inventory under trouble, and true verdicts.

What the verdicts must be is worked out here from the recordings alone, by a few lines of plain JSON that share nothing
with the product.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from poise.assess.engine import Judge
from poise.checks import catalog
from poise.collect.azure import services
from poise.collect.azure.connector import AzureChoice, LiveAzure
from poise.collect.azure.reading.settings import AzureSettings
from poise.collect.azure.sql import NETWORK_RULES
from poise.model.asset import Asset, to_json
from poise.model.listing import ListingState
from tests.conformance.azure_recordings import counted, first_match, items_of, recorded
from tests.replay import SERVER, Bed, serving

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not SERVER.exists(), reason="needs the shared data, which is not beside this project"),
]
SUB = "00000000-0000-0000-0000-000000000000"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
QUICK = ("--retry-after", "0")


@dataclass
class Run:
    """What one scan of the bed gave."""

    assets: list[Asset]
    listings: dict[str, ListingState]
    gaps: list[tuple[str, str, int]]
    stats: dict[str, dict[str, int]]

    def inventory(self) -> list[Any]:
        return [to_json(asset) for asset in self.assets]


def scanner(bed: Bed) -> LiveAzure:
    # The emulator has no allowance that could be used up, so nothing need be held back.
    settings = AzureSettings(
        base_url=bed.url, ca_file=bed.ca_file, token="any", max_attempts=12, requests_per_s=10_000.0
    )
    return LiveAzure(AzureChoice(), settings, lambda: NOW)


def scan(bed: Bed) -> Run:
    connector = scanner(bed)
    collected = [connector.read(key) for scope in connector.scopes() for key in connector.partitions(scope)]
    connector.close()
    assets = sorted((a for c in collected for a in c.assets), key=lambda a: (a.KIND, a.id))
    listings = {listing.kind: listing.state for c in collected for listing in c.listings}
    gaps = sorted((gap.call, gap.reason, gap.count) for c in collected for gap in c.gaps)
    return Run(assets, listings, gaps, bed.stats())


@pytest.fixture(scope="module")
def run_of(tmp_path_factory):
    """Return a function that scans a bed with the given switches."""

    def run(*switches: str) -> Run:
        with serving(tmp_path_factory.mktemp("bed"), *switches) as bed:
            return scan(bed)

    return run


@pytest.fixture(scope="module")
def plain(run_of):
    return run_of()


@pytest.fixture(scope="module")
def recordings():
    return recorded()


KINDS = (
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Network/networkInterfaces",
    "Microsoft.Network/publicIPAddresses",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Sql/servers",
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Authorization/roleDefinitions",
)


# ---- completeness


@pytest.mark.parametrize("kind", KINDS)
def test_every_recorded_asset_is_there_once(kind, plain, recordings):
    found = [asset for asset in plain.assets if kind == asset.KIND]

    assert len(found) == len(items_of(recordings, kind)) > 0
    assert plain.listings[kind] is ListingState.COMPLETE


def test_subnets_are_those_of_the_recorded_networks(plain, recordings):
    networks = items_of(recordings, "Microsoft.Network/virtualNetworks")
    found = [asset for asset in plain.assets if asset.KIND == "Microsoft.Network/virtualNetworks/subnets"]

    assert len(found) == sum(len(network["properties"]["subnets"]) for network in networks)


@pytest.mark.parametrize("switches", [("--page", "3"), ("--throttle", "0.3", *QUICK)], ids=["pages", "throttled"])
def test_trouble_on_the_way_changes_nothing(switches, plain, run_of):
    troubled = run_of(*switches)

    assert troubled.inventory() == plain.inventory()
    assert troubled.listings == plain.listings
    assert troubled.gaps == plain.gaps
    assert bool(troubled.stats["throttled"]) == ("--throttle" in switches)


SERVER_KINDS = {"Microsoft.Sql/servers", "Microsoft.Sql/servers/databases"}


@pytest.mark.parametrize(
    ("pattern", "service", "denied"),
    [
        ("/providers/Microsoft.KeyVault/", "keyvault", {"Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults/keys"}),
        ("/providers/Microsoft.Storage/", "storage", {"Microsoft.Storage/storageAccounts"}),
        ("/providers/Microsoft.Sql/", "sql", SERVER_KINDS),
        ("/networkSecurityGroups$", "network", {"Microsoft.Network/networkSecurityGroups"}),
    ],
    ids=["vaults", "storage", "sql", "groups"],
)
def test_denied_part_is_missing_and_nothing_else(pattern, service, denied, plain, run_of):
    refused = run_of("--deny", pattern)

    assert refused.inventory() == [entry for entry in plain.inventory() if entry["kind"] not in denied]
    assert refused.listings == plain.listings | dict.fromkeys(denied, ListingState.DENIED)
    assert [g for g in refused.gaps if not g[0].startswith(service)] == [
        g for g in plain.gaps if not g[0].startswith(service)
    ]
    new = [gap for gap in refused.gaps if gap not in plain.gaps]
    assert all("AuthorizationFailed" in reason for call, reason, _ in new if call.startswith(service))


def test_refusals_at_random_take_facts_away_and_invent_none(plain, run_of):
    refused = run_of("--deny-share", "0.3", "--seed", "16")
    whole = {asset.id: asset for asset in plain.assets}

    assert refused.stats["denied"]
    for asset in refused.assets:
        known = whole[asset.id].known()
        assert {field: value for field, value in asset.known().items() if known.get(field, object()) != value} == {}


def test_checks_of_a_denied_kind_are_unknown_on_the_subscription(plain):
    subscription = next(asset for asset in plain.assets if asset.id == f"/subscriptions/{SUB}")
    kind = "Microsoft.KeyVault/vaults"
    judge = Judge(catalog.load().values(), NOW, unlisted={(kind, SUB): "AuthorizationFailed"})

    verdicts = judge.neighbours(subscription).verdicts

    vaults = {id for id, check in catalog.load().items() if kind == check.asset.KIND}
    assert {id for id, verdict in verdicts.items() if kind in verdict.reason} == vaults
    assert {verdicts[id].state.value for id in vaults} == {"unknown"}


NOT_RECORDED = {
    *("gateways:RouteTables_ListAll", "gateways:AzureFirewalls_ListAll", "gateways:FirewallPolicies_ListAll"),
    *("gateways:FirewallPolicyRuleCollectionGroups_List", "gateways:ApplicationGateways_ListAll"),
    *("gateways:LoadBalancers_ListAll", "network:ListNetworkManagerEffectiveSecurityAdminRules"),
    *("authorization:DenyAssignments_List", "privileged:ClassicAdministrators_List"),
    *("keyvault:Keys_List", "keyvault:Keys_Get"),
    *("privileged:RoleEligibilityScheduleInstances_ListForScope",),
    *("privileged:RoleManagementPolicyAssignments_ListForScope",),
    *("privileged:RoleAssignmentScheduleInstances_ListForScope",),
    *("identities:UserAssignedIdentities_ListBySubscription", "identities:FederatedIdentityCredentials_List"),
}
"""Calls that the bed has no answers for."""


def test_nothing_is_written_and_only_unrecorded_children_are_not_known(plain, recordings):
    child = re.compile(
        r"get /subscriptions/[^/]+/providers/microsoft.network/"
        r"(routetables|azurefirewalls|firewallpolicies|applicationgateways|loadbalancers)|"
        r"get /subscriptions/[^/]+/providers/microsoft.authorization/"
        r"(denyassignments|classicadministrators|role(eligibility|assignment)scheduleinstances)|"
        r"get /subscriptions/[^/]+/providers/microsoft.managedidentity/userassignedidentities|"
        r"post /subscriptions/[^/]+/resourcegroups/.+/listnetworkmanagereffectivesecurityadminrules|"
        r"get /subscriptions/[^/]+/resourcegroups/.+("
        r"/blobservices/default|/firewallrules|/virtualnetworkrules|/auditingsettings/default|/administrators|"
        r"/databases|/transparentdataencryption/current|/vaults/[^/]+/keys)$"
    )

    assert plain.stats["writes"] == {}
    for asked in plain.stats["unknown"]:
        path = asked.lower()
        assert child.fullmatch(path), path
        assert re.sub(r"(/subscriptions/)[0-9a-f-]{36}", r"\1s", path.removeprefix("get ")) not in recordings


def test_each_declared_call_is_answered(plain):
    calls = {read.call for service in services.load().values() for read in service.READS}
    known = {asked.lower() for asked in plain.stats["asked"]} - {asked.lower() for asked in plain.stats["unknown"]}
    ends = ("storageaccounts", "virtualmachines", "networkinterfaces", "publicipaddresses", "networksecuritygroups",
            "virtualnetworks", "vaults", "servers", "roleassignments", "roledefinitions", "locks",
            "blobservices/default", "firewallrules", "auditingsettings/default", "administrators", "databases",
            "transparentdataencryption/current", "/subscriptions", "resourcegraph/resources", SUB)  # fmt: skip
    answered = [end for end in ends if any(path.endswith(end) for path in known)]

    assert answered == list(ends)
    # The one call whose recording belongs to a server that no list holds; the next test asks it.
    assert len(calls - NOT_RECORDED) == len(ends) + 1
    assert calls >= NOT_RECORDED


def test_rules_for_virtual_networks_are_read_where_they_are_recorded(tmp_path):
    server = f"/subscriptions/{SUB}/resourceGroups/clitest.rg000001/providers/Microsoft.Sql/servers/clitestserver000002"
    with serving(tmp_path / "bed") as bed:
        connector = scanner(bed)
        rules = list(connector._client.pages(NETWORK_RULES, server))
        connector.close()

    assert [rule["name"] for rule in rules] == ["rule1", "rule2"]


# ---- verdicts


def verdicts(run: Run, check: str) -> Counter:
    rule = catalog.get(check)
    judge = Judge([rule], NOW)
    judged = (judge.own(asset) for asset in run.assets if type(asset) is rule.asset)
    return Counter(j.verdicts[check].state.value for j in judged if j is not None)


STORAGE_RULES = {
    "azure.storage.plain_http_allowed": lambda p: not p["supportsHttpsTrafficOnly"],
    "azure.storage.old_tls_allowed": lambda p: p.get("minimumTlsVersion") not in ("TLS1_2", "TLS1_3"),
    "azure.storage.anonymous_access_allowed": lambda p: p.get("allowBlobPublicAccess") is not False,
    "azure.storage.shared_key_allowed": lambda p: p.get("allowSharedKeyAccess") is not False,
    "azure.storage.open_to_every_network": lambda p: (
        p.get("publicNetworkAccess") != "Disabled" and p["networkAcls"]["defaultAction"] == "Allow"
    ),
}
BY_HAND = {
    "azure.storage.plain_http_allowed": {"unhealthy": 31, "healthy": 47},
    "azure.storage.old_tls_allowed": {"unhealthy": 68, "healthy": 10},
    "azure.storage.anonymous_access_allowed": {"unhealthy": 74, "healthy": 4},
    "azure.storage.shared_key_allowed": {"unhealthy": 78},
    "azure.storage.open_to_every_network": {"unhealthy": 74, "healthy": 4},
}


@pytest.mark.parametrize("check", STORAGE_RULES)
def test_storage_accounts_are_judged_as_their_recordings_say(check, plain, recordings):
    derived = counted(items_of(recordings, "Microsoft.Storage/storageAccounts"), STORAGE_RULES[check])

    assert verdicts(plain, check) == derived == Counter(BY_HAND[check])


GROUPS_BY_HAND = {
    "azure.network.management_port_open_to_internet": {
        "k8s-master-C02B7042-nsg": "22 (SSH)",
        "nsg-allow-all-ingress": "22 (SSH), 3389 (RDP), 5985 (WinRM), 5986 (WinRM over TLS)",
    },
    "azure.network.every_port_open_to_internet": {"nsg-allow-all-ingress": "every TCP port"},
    "azure.network.port_open_to_internet": {
        "c7n-nsg": "TCP 88-90, 1000-1100, 8080-8084",
        "k8s-master-C02B7042-nsg": "TCP 22",
        "nsg-allow-all-ingress": "TCP 0-79, 81-442, 444-65535",
    },
}


@pytest.mark.parametrize("check", GROUPS_BY_HAND)
def test_security_groups_are_judged_as_their_recordings_say(check, plain):
    judge = Judge([catalog.get(check)], NOW)
    groups = [asset for asset in plain.assets if asset.KIND == "Microsoft.Network/networkSecurityGroups"]
    found = {group.name: judge.own(group).verdicts[check] for group in groups}

    assert len(found) == 5
    assert {name for name, verdict in found.items() if verdict.state == "unhealthy"} == set(GROUPS_BY_HAND[check])
    assert all(words in found[name].reason for name, words in GROUPS_BY_HAND[check].items())


def test_management_ports_agree_with_a_plain_walk_of_the_rules(plain, recordings):
    groups = items_of(recordings, "Microsoft.Network/networkSecurityGroups")
    derived = counted(groups, lambda p: any(first_match(p, port) == "Allow" for port in (22, 3389, 5985, 5986)))

    assert verdicts(plain, "azure.network.management_port_open_to_internet") == derived
