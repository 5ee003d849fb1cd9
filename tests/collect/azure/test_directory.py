"""Microsoft Graph in, records of the directory out, the same through both doors, and what happens where it refuses."""

import pytest

from poise.collect.azure import services
from poise.collect.azure.connector import AzureFolder
from poise.model.azure.entra import EntraGroup, EntraUser
from poise.model.azure.entra_applications import EntraApplication, EntraServicePrincipal
from poise.model.listing import ListingState
from tests.collect.azure import directory_answers as said
from tests.collect.azure.answers import PRINCIPAL, SUB, TENANT
from tests.collect.azure.directory_answers import directory_answers
from tests.collect.azure.doors import NOW, Cloud, read_directory, read_folder, write_directory, write_folder
from tests.collect.azure.more_answers import answers

SERVICES = sorted(services.of_tenants())
REFUSED = {
    "error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."}
}


def of(collected, kind):
    return [asset for asset in collected.assets if isinstance(asset, kind)]


def state(collected, kind):
    return next(one.state for one in collected.listings if one.kind == kind.KIND)


@pytest.mark.parametrize("service", SERVICES)
def test_folder_and_live_give_equal_records(service, tmp_path):
    live = read_directory(Cloud(directory_answers()), service)
    files = read_folder(write_directory(tmp_path, directory_answers()), service)

    assert live.assets == files.assets
    assert live.listings == files.listings
    assert live.gaps == files.gaps == ()
    assert {asset.scope for asset in live.assets} == {TENANT}


def test_names_of_services_of_subscriptions_and_tenants_differ():
    assert set(services.load()) & set(services.of_tenants()) == set()


def test_a_folder_may_hold_subscription_and_tenant_side_by_side(tmp_path):
    write_directory(write_folder(tmp_path, answers()), directory_answers())
    folder = AzureFolder(tmp_path, "files:x", lambda: NOW)

    assert {scope.id for scope in folder.scopes()} == {SUB, TENANT}


def test_pages_are_followed_by_the_link_of_odata():
    cloud = Cloud(directory_answers())
    link = "https://management.example/v1.0/users?$skiptoken=next"
    cloud.say("/v1.0/users", 200, said.page(said.USER) | {"@odata.nextLink": link})
    cloud.say("/v1.0/users", 200, said.page(said.OUTSIDER))

    assert {user.name for user in of(read_directory(cloud, "people"), EntraUser)} == {"Anna", "Bob"}
    assert "$select" in cloud.asked[0][1].replace("%24", "$")
    assert "api-version" not in cloud.asked[0][1]


def test_throttled_calls_are_made_again():
    cloud = Cloud(directory_answers())
    cloud.say("/v1.0/users", 429, {"error": {"code": "TooManyRequests", "message": "wait"}}, Retry_After="0")

    found = read_directory(cloud, "people")

    assert len(of(found, EntraUser)) == 2
    assert found.gaps == ()


def test_members_that_are_refused_are_unread_in_their_group_alone():
    cloud = Cloud(directory_answers())
    cloud.say(f"/beta/groups/{said.TEAM}/members", 403, REFUSED)

    found = read_directory(cloud, "people")
    groups = {group.name: group for group in of(found, EntraGroup)}

    assert "members" in groups["Operations"].unread
    assert groups["Night shift"].members == (PRINCIPAL, said.PROGRAM)
    assert [gap.permission for gap in found.gaps] == ["GroupMember.Read.All"]


def test_a_refused_list_is_denied_and_names_the_permission():
    cloud = Cloud(directory_answers())
    cloud.say("/v1.0/applications", 403, REFUSED)

    found = read_directory(cloud, "applications")

    assert state(found, EntraApplication) is ListingState.DENIED
    assert state(found, EntraServicePrincipal) is ListingState.COMPLETE
    assert [gap.permission for gap in found.gaps] == ["Application.Read.All"]


def test_the_directory_of_another_tenant_is_not_taken_for_this_one():
    cloud = Cloud(directory_answers() | {"/v1.0/organization": said.page(said.ORGANIZATION | {"id": said.GUEST})})

    (tenant, *_) = read_directory(cloud, "tenant").assets

    assert "another tenant" in tenant.unread["verified_domains"]


def test_secrets_are_told_by_id_and_dates_alone():
    (application,) = of(read_directory(Cloud(directory_answers()), "applications"), EntraApplication)

    (secret,) = application.secrets
    assert (secret.key, secret.name, secret.ends) == (said.KEY["keyId"].lower(), "pipeline", "2027-01-01T00:00:00Z")
    assert application.instance_lock == ("credentialsWithUsageVerify",)
