"""Clouds, certificates, pace."""

from datetime import UTC, datetime

import pytest

from poise.collect.azure.connector import AzureChoice, LiveAzure
from poise.collect.azure.reading.policies import Pace
from poise.collect.azure.reading.settings import AzureSettings
from poise.model.errors import UsageError
from tests.collect.azure.answers import SUB, SUBSCRIPTION, TENANT
from tests.collect.azure.doors import Cloud, client
from tests.collect.azure.more_answers import answers

OTHER = SUBSCRIPTION | {"subscriptionId": SUB.replace("a", "b"), "displayName": "Other"}


def live(cloud, *chosen, services=()):
    choice = AzureChoice(subscriptions=chosen, services=services)
    connector = LiveAzure(choice, AzureSettings(token="x"), lambda: datetime(2026, 11, 25, tzinfo=UTC))
    connector._client = client(cloud)
    return connector


def test_each_cloud_has_its_own_end_point_and_token_scope():
    china = AzureSettings.of_cloud("china")

    assert china.base_url == "https://management.chinacloudapi.cn"
    assert china.token_scope == "https://management.chinacloudapi.cn/.default"
    assert AzureSettings(scope="api://x/.default").token_scope == "api://x/.default"


def test_cloud_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="moon"):
        AzureSettings.of_cloud("moon")


def test_plain_http_is_refused_before_a_token_is_sent():
    with pytest.raises(UsageError, match="https"):
        AzureSettings(base_url="http://localhost")


def test_certificates_that_are_not_there_are_named(tmp_path):
    with pytest.raises(UsageError, match="absent"):
        AzureSettings(ca_file=tmp_path / "absent")


def test_token_and_key_do_not_show_in_logs():
    assert "hush" not in repr(AzureSettings(token="hush", secret_key=b"hush"))


def test_scopes_are_the_chosen_subscriptions_with_the_groups_above():
    cloud = Cloud(answers() | {"/subscriptions": {"value": [SUBSCRIPTION, OTHER]}})

    assert len(live(cloud).scopes()) == 2
    (by_id,) = live(cloud, SUB.upper()).scopes()
    (by_name,) = live(cloud, "other").scopes()
    assert (by_id.id, by_id.path) == (SUB, (TENANT, "production"))
    assert (by_name.name, by_name.path) == ("Other", ())


def test_subscription_that_is_not_there_is_an_error():
    with pytest.raises(UsageError, match="no such subscription"):
        live(Cloud(answers()), "absent").scopes()


def test_subscriptions_that_cannot_be_read_are_an_error_with_the_reason():
    cloud = Cloud({})
    cloud.say("/subscriptions", 403, {"error": {"code": "AuthorizationFailed", "message": "no"}})

    with pytest.raises(UsageError, match="AuthorizationFailed"):
        live(cloud).scopes()


def test_management_groups_that_cannot_be_read_leave_the_path_empty():
    cloud = Cloud(answers())
    cloud.say("/providers/Microsoft.ResourceGraph/resources", 403, {"error": {"code": "Forbidden"}})

    assert live(cloud).scopes()[0].path == ()


def test_chosen_services_alone_are_partitions_and_each_can_be_read():
    connector = live(Cloud(answers()), services=("storage", "keyvault"))
    (scope,) = connector.scopes()

    keys = connector.partitions(scope)

    assert [key.service for key in keys] == ["keyvault", "storage"]
    assert len(connector.read(keys[1]).assets) == 2
    assert connector.reads(keys[0])[0].permission == "Microsoft.KeyVault/vaults/read"
    connector.close()


def test_service_that_does_not_exist_is_named():
    connector = live(Cloud(answers()), services=("storrage",))

    with pytest.raises(UsageError, match="storrage"):
        connector.partitions(connector.scopes()[0])


class Clock:
    def __init__(self):
        self.now = 0.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_pace_lets_a_burst_pass_and_then_holds_the_rate():
    clock = Clock()
    pace = Pace(per_second=10, burst=3, clock=clock, sleep=clock.sleep)

    for _ in range(5):
        pace.on_request(None)

    assert clock.slept == pytest.approx([0.1, 0.1])


def test_pace_fills_up_again_but_not_beyond_the_burst():
    clock = Clock()
    pace = Pace(per_second=10, burst=3, clock=clock, sleep=clock.sleep)
    for _ in range(3):
        pace.on_request(None)
    clock.now += 3600

    for _ in range(4):
        pace.on_request(None)

    assert clock.slept == pytest.approx([0.1])
