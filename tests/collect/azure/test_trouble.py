"""What goes wrong at the live API becomes a gap on exactly the part it touches."""

import copy

import pytest

from poise.collect.azure.network import GROUPS
from poise.model.errors import CredentialsError, NotRead
from poise.model.listing import ListingState
from tests.collect.azure.answers import ACCOUNT, BARE_ACCOUNT, FULL_ACCOUNT, HOME, SERVER, SUB
from tests.collect.azure.doors import BASE, Cloud, client, read_live
from tests.collect.azure.more_answers import answers

ACCOUNTS = f"{HOME}/providers/Microsoft.Storage/storageAccounts"
NETWORK_LISTS = f"{HOME}/providers/Microsoft.Network"
DENIED = {"error": {"code": "AuthorizationFailed", "message": "no permission"}}
HTML = b"<html><body>Sign in</body></html>"


def changed(path, answer):
    return Cloud(answers() | {path: answer})


def states(collected):
    return {listing.kind.rsplit("/", 1)[-1]: listing.state for listing in collected.listings}


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


def test_pages_are_followed_on_the_own_host():
    second = f"{ACCOUNTS}?api-version=2022-09-01&$skiptoken=2"
    first = {"value": [FULL_ACCOUNT], "nextLink": f"{BASE}{second}"}
    cloud = Cloud(answers() | {ACCOUNTS: first, second: {"value": [BARE_ACCOUNT]}})

    collected = read_live(cloud, "storage")

    assert sorted(asset.name for asset in collected.assets) == ["olddata", "shopdata"]
    assert collected.gaps == ()


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/subscriptions/x",
        "http://management.example/next",
        "https://management.example.evil.example/next",
        "https://management.example@evil.example/next",
        "https://management.example:444/next",
        "/relative",
        7,
    ],
)
def test_link_that_leaves_the_host_is_refused_and_gets_no_token(link):
    cloud = changed(ACCOUNTS, {"value": [FULL_ACCOUNT], "nextLink": link})

    collected = read_live(cloud, "storage")

    assert [asset.name for asset in collected.assets] == ["shopdata"]
    assert states(collected) == {"storageAccounts": ListingState.PARTIAL}
    assert len([path for _, path in cloud.asked if "storageAccounts?" in path]) == 1


def test_pages_that_lead_in_a_circle_end():
    cloud = changed(ACCOUNTS, {"value": [FULL_ACCOUNT], "nextLink": f"{BASE}{ACCOUNTS}"})

    collected = read_live(cloud, "storage")

    assert states(collected) == {"storageAccounts": ListingState.PARTIAL}
    assert "do not end" in collected.gaps[0].reason


def test_page_that_fails_keeps_what_came_before():
    second = f"{ACCOUNTS}/next"
    cloud = changed(ACCOUNTS, {"value": [FULL_ACCOUNT], "nextLink": f"{BASE}{second}"})
    cloud.say(second, 403, DENIED)

    collected = read_live(cloud, "storage")

    assert [asset.name for asset in collected.assets] == ["shopdata"]
    assert states(collected) == {"storageAccounts": ListingState.PARTIAL}


def test_throttling_waits_as_long_as_it_is_told():
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 429, {"error": {"code": "TooManyRequests"}}, times=2, Retry_After="7")

    collected = read_live(cloud, "storage")

    assert cloud.slept == [7, 7]
    assert collected.gaps == ()


def test_told_to_wait_no_time_it_does_not_wait():
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 429, {}, times=4, Retry_After="0")

    read_live(cloud, "storage")

    assert cloud.slept == []


@pytest.mark.parametrize("wait", ["3600", "inf", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_told_to_wait_too_long_it_gives_up(wait):
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 429, {"error": {"code": "SubscriptionRequestsThrottled"}}, Retry_After=wait)

    collected = read_live(cloud, "storage")

    assert cloud.slept == []
    assert collected.gaps[0].reason.startswith("throttled")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_tries_are_bounded(status):
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, status, {}, times=50)

    collected = read_live(cloud, "storage", max_attempts=3)

    assert len(cloud.asked) == 3
    assert states(collected) == {"storageAccounts": ListingState.PARTIAL}
    assert all(wait <= 60 for wait in cloud.slept)


def test_header_that_is_no_time_is_passed_over():
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 429, {}, Retry_After="soon")

    assert read_live(cloud, "storage").gaps == ()


def test_refused_credentials_end_the_scan():
    cloud = Cloud(answers())
    cloud.say(ACCOUNTS, 401, {"error": {"code": "ExpiredAuthenticationToken", "message": "expired"}}, times=9)

    with pytest.raises(CredentialsError, match="az login"):
        read_live(cloud, "storage")


def test_token_is_sent_and_only_reading_methods_are_used():
    cloud = Cloud(answers())
    for service in ("storage", "subscriptions"):
        read_live(cloud, service)

    assert cloud.tokens == {"Bearer secret"}
    assert {path.split("?")[0] for method, path in cloud.asked if method == "POST"} == {
        "/providers/Microsoft.ResourceGraph/resources"
    }
    assert {method for method, _ in cloud.asked} == {"GET", "POST"}
    assert all("api-version=" in path for _, path in cloud.asked)


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


def test_query_follows_its_token_and_reads_the_older_table_form():
    path = "/providers/Microsoft.ResourceGraph/resources"
    cloud = Cloud(answers())
    table = {"columns": [{"name": "subscriptionId"}, {"name": "chain"}], "rows": [[SUB, [{"name": "root"}]]]}
    cloud.say(path, 200, {"data": [], "$skipToken": "t"})
    cloud.say(path, 200, {"data": table})

    (asset,) = read_live(cloud, "subscriptions").assets

    assert asset.management_groups == ("root",)
    assert [body["options"].get("$skipToken") for body in cloud.bodies] == [None, "t"]


@pytest.mark.parametrize("body", [{"data": 5}, {"data": {"columns": [], "rows": [[1]]}}, {"data": []}, {}, []])
def test_query_without_an_answer_is_a_gap(body):
    cloud = Cloud(answers())
    cloud.say("/providers/Microsoft.ResourceGraph/resources", 200, body)

    (asset,) = read_live(cloud, "subscriptions").assets

    assert set(asset.unread) == {"management_groups"}


def test_query_tokens_that_lead_in_a_circle_end():
    cloud = Cloud(answers())
    cloud.say("/providers/Microsoft.ResourceGraph/resources", 200, {"data": [], "$skipToken": "t"}, times=5)

    (asset,) = read_live(cloud, "subscriptions").assets

    assert "do not end" in asset.unread["management_groups"]


def test_names_in_paths_are_quoted():
    cloud = Cloud({})

    with pytest.raises(NotRead):
        client(cloud).get(GROUPS, "/subscriptions/s/resourceGroups/a b?x#(é)")

    (asked,) = cloud.asked
    assert asked[1].startswith("/subscriptions/s/resourceGroups/a b?x#(é)/providers/")
    assert asked[1].endswith("?api-version=2023-09-01")
