"""Microsoft Graph in, records of the directory out, the same through both doors, and what happens where it refuses."""

import json
from urllib.parse import unquote_plus

import pytest

from poise.app.doors import AzureWanted, open_azure
from poise.collect.azure import services
from poise.collect.azure.connector import AzureFolder
from poise.model.azure.authorization import RoleAssignment
from poise.model.azure.entra import EntraGroup, EntraUser
from poise.model.azure.entra_access import ConditionalAccessPolicy
from poise.model.azure.entra_applications import EntraApplication, EntraServicePrincipal
from poise.model.azure.privileged import RoleEligibility, RoleManagementPolicy
from poise.model.listing import ListingState
from tests.collect.azure import directory_answers as said
from tests.collect.azure.answers import HOME, PRINCIPAL, SUB, TENANT
from tests.collect.azure.directory_answers import directory_answers
from tests.collect.azure.doors import (
    NOW,
    Cloud,
    changed,
    read_directory,
    read_folder,
    read_live,
    write_directory,
    write_folder,
)
from tests.collect.azure.identity_answers import ELIGIBLE as MAY_ACTIVATE
from tests.collect.azure.identity_answers import OWNER, POLICY
from tests.collect.azure.more_answers import ASSIGNMENT, answers

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


ELIGIBLE = "/v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules"


def test_who_may_join_a_group_is_asked_for_that_group_alone():
    """Microsoft Graph, "List eligibilitySchedules": `$filter` on groupId or principalId is required."""
    cloud = Cloud(directory_answers())
    groups = {group.name: group for group in of(read_directory(cloud, "people"), EntraGroup)}

    (one,) = groups["Night shift"].eligible
    assert (one.principal_id, one.access, one.ends) == (said.GUEST, "member", "2027-04-10T00:00:00Z")
    assert groups["Operations"].eligible == ()
    asked = [unquote_plus(url) for _, url in cloud.asked if ELIGIBLE in url]
    assert asked == [f"{ELIGIBLE}?$filter=groupId eq '{said.NESTED}'"]


def test_rows_of_other_groups_and_revoked_ones_are_left_out():
    rows = [
        said.MAY_JOIN | {"groupId": said.TEAM},
        said.MAY_JOIN | {"status": "Revoked"},
        said.MAY_JOIN | {"accessId": "owner", "scheduleInfo": None},
    ]
    found = read_directory(Cloud(directory_answers() | {ELIGIBLE: said.page(*rows)}), "people")
    (one,) = next(group for group in of(found, EntraGroup) if group.name == "Night shift").eligible
    assert (one.access, one.starts, one.ends) == ("owner", None, None)


@pytest.mark.parametrize(("code", "unread"), [("AadPremiumLicenseRequired", False), ("UnknownError", True)])
def test_without_a_licence_nobody_may_join_and_any_other_refusal_is_a_gap(code, unread):
    cloud = Cloud(directory_answers())
    cloud.say(ELIGIBLE, 403, {"error": {"code": code, "message": "no"}}, times=9)

    found = read_directory(cloud, "people")
    group = next(group for group in of(found, EntraGroup) if group.name == "Night shift")

    assert ("eligible" in group.unread) is unread
    assert [gap.permission for gap in found.gaps] == ["PrivilegedEligibilitySchedule.Read.AzureADGroup"] * unread


def test_who_holds_permissions_of_another_api_is_kept_with_the_api():
    cloud = Cloud(directory_answers())
    programs = {one.name: one for one in of(read_directory(cloud, "applications"), EntraServicePrincipal)}

    (held,) = programs["shop api"].assigned_roles
    assert (held.principal_id, held.role_id) == (said.PROGRAM, said.SHOP_ROLE)
    assert programs["shop api"].published_roles[0].id == said.SHOP_ROLE
    assert programs["deployer"].assigned_roles == ()
    assert programs["Microsoft Graph"].assigned_roles is None
    assert sum("appRoleAssignedTo" in url for _, url in cloud.asked) == 2


def test_a_conditional_access_policy_is_kept_as_it_was_answered():
    (policy,) = of(read_directory(Cloud(directory_answers()), "conditional_access"), ConditionalAccessPolicy)

    assert (policy.name, policy.state) == ("Second factor for everybody", "enabled")
    assert policy.document["grantControls"]["builtInControls"] == ["mfa"]


def test_policies_that_are_refused_are_a_gap_and_without_a_licence_there_are_none():
    path = "/v1.0/identity/conditionalAccess/policies"
    for answer, expected, permissions in (
        (REFUSED, ListingState.DENIED, ["Policy.Read.All"]),
        ({"error": {"code": "AadPremiumLicenseRequired", "message": "no"}}, ListingState.NOT_OFFERED, [""]),
    ):
        cloud = Cloud(directory_answers())
        cloud.say(path, 403, answer)
        found = read_directory(cloud, "conditional_access")
        assert state(found, ConditionalAccessPolicy) is expected
        assert [gap.permission for gap in found.gaps] == permissions


@pytest.mark.parametrize(
    ("wanted", "url"),
    [
        ({}, "https://graph.microsoft.com"),
        ({"cloud": "china"}, "https://microsoftgraph.chinacloudapi.cn"),
        ({"base_url": "https://arm.example"}, ""),
        ({"base_url": "https://arm.example", "graph_url": "https://graph.example"}, "https://graph.example"),
        ({"graph_url": ""}, ""),
    ],
)
def test_a_token_for_the_directory_goes_only_where_it_is_meant_to(wanted, url):
    assert open_azure(lambda: NOW, b"", AzureWanted(**wanted)).settings.graph_url == url


def test_an_assignment_above_two_subscriptions_is_two_assets():
    group = "/providers/Microsoft.Management/managementGroups/shops"
    assigned = ASSIGNMENT | {
        "id": f"{group}/providers/Microsoft.Authorization/roleAssignments/one",
        "properties": ASSIGNMENT["properties"] | {"scope": group},
    }
    path = f"{HOME}/providers/Microsoft.Authorization/roleAssignments"
    (found,) = of(read_live(changed(path, {"value": [assigned]}), "authorization"), RoleAssignment)

    assert found.id == f"{HOME}/providers/microsoft.authorization/roleassignments/one".lower()
    assert found.assigned_at == group.lower()


def test_a_tenant_without_a_licence_for_eligible_roles_has_none():
    path = f"{HOME}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances"
    cloud = Cloud(answers())
    cloud.say(path, 400, {"error": {"code": "AadPremiumLicenseRequired", "message": "needs a licence"}})

    found = read_live(cloud, "privileged")

    assert state(found, RoleEligibility) is ListingState.NOT_OFFERED
    assert [gap.expected for gap in found.gaps] == [True]


ASKED = f"{HOME}/providers/Microsoft.Authorization/roleManagementPolicyAssignments"
REFUSED_BY_ARM = {"error": {"code": "AuthorizationFailed", "message": "no permission"}}
ABOVE = "/providers/Microsoft.Management/managementGroups/shops"


def policies(cloud):
    found = read_live(cloud, "privileged")
    return state(found, RoleManagementPolicy), of(found, RoleManagementPolicy)


def test_what_activating_a_role_asks_for_is_read_where_somebody_may_activate_it():
    """Azure REST API, "Role Management Policy Assignments - List For Scope": a policy for every role of the scope."""
    other = json.loads(json.dumps(POLICY).replace(OWNER, "ffff1111-2222-3333-4444-555566667777"))
    complete, (policy,) = policies(changed(ASKED, {"value": [other, POLICY]}))

    assert complete is ListingState.COMPLETE
    assert policy.approval_required is True
    assert policy.enabled_rules == ("MultiFactorAuthentication", "Justification")
    assert (policy.assigned_at, policy.role_definition.rpartition("/")[2]) == (HOME, OWNER)


def test_nothing_is_asked_where_nobody_may_activate_a_role():
    cloud = changed(f"{HOME}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances", {"value": []})

    assert policies(cloud) == (ListingState.COMPLETE, [])
    assert not [path for _, path in cloud.asked if path.startswith(ASKED)]


def test_a_scope_that_is_refused_hides_no_other():
    above = MAY_ACTIVATE | {"id": f"{ABOVE}{MAY_ACTIVATE['id'].removeprefix(HOME)}"}
    above["properties"] = MAY_ACTIVATE["properties"] | {"scope": ABOVE}
    path = f"{HOME}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances"
    cloud = changed(path, {"value": [above, MAY_ACTIVATE]})
    cloud.say(f"{ABOVE}/providers/Microsoft.Authorization/roleManagementPolicyAssignments", 403, REFUSED_BY_ARM)

    partial, found = policies(cloud)
    assert partial is ListingState.PARTIAL
    assert [one.assigned_at for one in found] == [HOME]


def test_eligible_roles_that_were_refused_leave_their_policies_unknown():
    cloud = Cloud(answers())
    cloud.say(f"{HOME}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances", 403, REFUSED_BY_ARM)

    assert policies(cloud) == (ListingState.DENIED, [])


def test_a_policy_that_tells_nothing_of_approval_leaves_it_unknown():
    rules = [one for one in POLICY["properties"]["effectiveRules"] if not one["id"].startswith("Approval")]
    silent = POLICY | {"properties": POLICY["properties"] | {"effectiveRules": rules}}
    _, (policy,) = policies(changed(ASKED, {"value": [silent]}))

    assert set(policy.unread) == {"approval_required"}
