"""Paging, throttling, queries and tokens at the live API."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from poise.collect.azure.network import GROUPS
from poise.collect.azure.reading.live import LiveReader, credential_of
from poise.collect.azure.reading.settings import AzureSettings
from poise.model.errors import CredentialsError, NotRead
from poise.model.listing import ListingState
from tests.collect.azure.answers import BARE_ACCOUNT, FULL_ACCOUNT, HOME, SUB
from tests.collect.azure.doors import BASE, Cloud, changed, client, read_live, states
from tests.collect.azure.more_answers import answers

ACCOUNTS = f"{HOME}/providers/Microsoft.Storage/storageAccounts"
DENIED = {"error": {"code": "AuthorizationFailed", "message": "no permission"}}


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


def test_items_are_converted_in_order_and_those_before_an_error_are_kept():
    def numbers():
        yield from range(100)
        raise NotRead("call", "malformed", "the page broke off")

    given = []
    with ThreadPoolExecutor(4) as pool, pytest.raises(NotRead, match="broke off"):
        given.extend(LiveReader(client(Cloud({})), SUB, pool).each(lambda n: n * 2, numbers()))

    assert given == [n * 2 for n in range(100)]


def test_who_signs_in_is_chosen_from_every_usual_way_unless_a_token_is_given():
    given = credential_of(AzureSettings(token="ready"))
    usual = credential_of(AzureSettings.of_cloud("government"))

    assert given.get_token("any").token == "ready"
    assert type(usual).__name__ == "DefaultAzureCredential"
