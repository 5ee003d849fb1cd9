"""What goes wrong at the live API becomes a gap on exactly the part it touches."""

import copy

import pytest

from poise.model.listing import ListingState
from tests.collect.azure.answers import ACCOUNT, BARE_ACCOUNT, FULL_ACCOUNT, HOME, SERVER, SUB
from tests.collect.azure.doors import Cloud, changed, read_live, states
from tests.collect.azure.more_answers import answers

ACCOUNTS = f"{HOME}/providers/Microsoft.Storage/storageAccounts"
NETWORK_LISTS = f"{HOME}/providers/Microsoft.Network"
DENIED = {"error": {"code": "AuthorizationFailed", "message": "no permission"}}
HTML = b"<html><body>Sign in</body></html>"


def test_denied_list_leaves_only_its_own_kind_unlisted():
    cloud = Cloud(answers())
    cloud.say(f"{NETWORK_LISTS}/networkSecurityGroups", 403, DENIED)

    collected = read_live(cloud, "network")

    assert states(collected) == {
        "networkInterfaces": ListingState.COMPLETE,
        "publicIPAddresses": ListingState.COMPLETE,
        "networkSecurityGroups": ListingState.DENIED,
        "virtualNetworks": ListingState.COMPLETE,
        "subnets": ListingState.COMPLETE,
    }
    (gap,) = collected.gaps
    assert gap.call == "network:NetworkSecurityGroups_ListAll"
    assert gap.permission == "Microsoft.Network/networkSecurityGroups/read"
    assert not gap.expected


def test_denied_child_leaves_only_its_fields_unread():
    cloud = Cloud(answers())
    cloud.say(f"{ACCOUNT}/blobServices/default", 403, DENIED)

    collected = read_live(cloud, "storage")
    shopdata = next(a for a in collected.assets if a.name == "shopdata")

    assert set(shopdata.unread) == {"blob_versioning", "blob_soft_delete_days", "container_soft_delete_days"}
    assert "AuthorizationFailed" in shopdata.unread["blob_versioning"]
    assert states(collected) == {"storageAccounts": ListingState.COMPLETE}


def test_other_refusals_count_as_denied_too():
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 403, {"error": {"code": "RequestDisallowedByPolicy", "message": "no"}})

    collected = read_live(cloud, "storage")

    assert states(collected) == {"storageAccounts": ListingState.DENIED}
    assert collected.gaps[0].permission == "Microsoft.Storage/storageAccounts/read"
    assert "RequestDisallowedByPolicy" in collected.gaps[0].reason


@pytest.mark.parametrize(
    ("status", "code", "state", "expected"),
    [
        (409, "MissingSubscriptionRegistration", ListingState.NOT_OFFERED, True),
        (404, "InvalidResourceType", ListingState.NOT_OFFERED, True),
        (404, "SubscriptionNotFound", ListingState.PARTIAL, False),
        (404, "MissingSubscription", ListingState.PARTIAL, False),
        (404, "ResourceNotFound", ListingState.PARTIAL, False),
        (400, "InvalidApiVersionParameter", ListingState.PARTIAL, False),
    ],
)
def test_kinds_of_absence_are_told_apart(status, code, state, expected):
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, status, {"error": {"code": code, "message": "m"}})

    collected = read_live(cloud, "storage")

    assert states(collected) == {"storageAccounts": state}
    assert [(gap.expected, code in gap.reason) for gap in collected.gaps] == [(expected, True)]


def test_account_for_files_alone_has_no_blob_service():
    cloud = Cloud(answers())
    cloud.say(f"{ACCOUNT}/blobServices/default", 400, {"error": {"code": "FeatureNotSupportedForAccount"}})

    shopdata = next(a for a in read_live(cloud, "storage").assets if a.name == "shopdata")

    assert shopdata.blob_soft_delete_days is None
    assert shopdata.unread == {}


@pytest.mark.parametrize("body", [HTML, b"", b'{"value": [', b"[" * 100_000, b'"text"', b"null", b'{"items": []}'])
def test_answer_that_is_no_list_is_a_gap(body):
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 200, body)

    collected = read_live(cloud, "storage")

    assert states(collected) == {"storageAccounts": ListingState.PARTIAL}
    assert len(collected.gaps) == 1
    assert not collected.gaps[0].expected


def test_html_in_the_place_of_a_child_is_a_gap_on_its_fields():
    cloud = Cloud(answers())
    cloud.say(f"{SERVER}/auditingSettings/default", 200, HTML)

    server = read_live(cloud, "sql").assets[0]

    assert set(server.unread) == {"auditing"}


def test_html_error_keeps_its_status():
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 404, HTML)

    assert "404" in read_live(cloud, "storage").gaps[0].reason


@pytest.mark.parametrize(
    "item", [None, "text", 7, [], {}, {"id": 5, "name": "x", "properties": {}}, {"id": "no-slash"}]
)
def test_item_that_is_no_asset_leaves_the_rest_and_a_partial_list(item):
    collected = read_live(changed(ACCOUNTS, {"value": [item, FULL_ACCOUNT]}), "storage")

    assert [asset.name for asset in collected.assets] == ["shopdata"]
    assert states(collected) == {"storageAccounts": ListingState.PARTIAL}


def test_item_without_properties_is_unread_not_at_its_defaults():
    item = {key: value for key, value in BARE_ACCOUNT.items() if key != "properties"}

    (asset,) = read_live(changed(ACCOUNTS, {"value": [item]}), "storage").assets

    assert {"minimum_tls_version", "allow_blob_public_access", "https_only"} <= set(asset.unread)


def test_property_of_a_wrong_type_leaves_one_field_unread():
    item = copy.deepcopy(FULL_ACCOUNT)
    item["properties"]["minimumTlsVersion"] = 12

    asset = read_live(changed(ACCOUNTS, {"value": [item]}), "storage").assets[0]

    assert set(asset.unread) == {"minimum_tls_version"}
    assert asset.unread["minimum_tls_version"].startswith("malformed")


def test_names_are_taken_as_they_are():
    name = "<b>\u202edata</b>" + "x" * 300
    item = copy.deepcopy(FULL_ACCOUNT) | {"name": name, "id": f"{ACCOUNTS}/{name}"}

    (asset,) = read_live(changed(ACCOUNTS, {"value": [item]}), "storage").assets

    assert asset.name == name


def test_databases_of_one_server_that_cannot_be_listed_leave_the_list_partial():
    cloud = Cloud(answers())
    cloud.say(f"{SERVER}/databases", 403, DENIED)

    collected = read_live(cloud, "sql")

    assert states(collected) == {"servers": ListingState.COMPLETE, "databases": ListingState.PARTIAL}


def test_servers_that_cannot_be_listed_leave_their_databases_unlisted_too():
    cloud = Cloud(answers())
    cloud.say(f"{HOME}/providers/Microsoft.Sql/servers", 403, DENIED)

    assert set(states(read_live(cloud, "sql")).values()) == {ListingState.DENIED}


def test_server_without_an_entra_administrator_has_none():
    server = read_live(changed(f"{SERVER}/administrators", {"value": []}), "sql").assets[0]

    assert server.entra_administrator is None


def test_older_answers_leave_unread_what_newer_ones_always_hold():
    item = copy.deepcopy(answers()[f"{HOME}/providers/Microsoft.Sql/servers"]["value"][0])
    del item["properties"]["publicNetworkAccess"], item["properties"]["minimalTlsVersion"]

    server = read_live(changed(f"{HOME}/providers/Microsoft.Sql/servers", {"value": [item]}), "sql").assets[0]

    assert set(server.unread) == {"public_network_access"}
    assert server.minimal_tls_version is None


def test_subscription_is_there_even_if_nothing_about_it_can_be_read():
    cloud = Cloud({})

    collected = read_live(cloud, "subscriptions")

    (asset,) = collected.assets
    assert (asset.id, asset.name) == (HOME, SUB)
    assert set(asset.unread) == {"tags", *asset.FACTS}
    assert states(collected) == {"subscriptions": ListingState.COMPLETE}


def test_settings_of_extensions_are_not_kept():
    path = f"{HOME}/providers/Microsoft.Compute/virtualMachines"
    machine = copy.deepcopy(answers()[path]["value"][0])
    hush = {"commandToExecute": "login --password Hush-4711", "fileUris": ["https://x/y?sig=Hush-4711"]}
    machine["resources"][0]["properties"] = {"settings": hush, "protectedSettings": hush}
    machine["properties"]["osProfile"] |= {"customData": "Hush-4711", "adminPassword": "Hush-4711"}

    collected = read_live(changed(path, {"value": [machine]}), "compute")

    assert collected.assets[0].unread == {}
    assert "Hush-4711" not in repr(collected.raw)
