"""What conditional access leaves of a right. The rules are Microsoft's own.

Microsoft Learn, "Building a Conditional Access policy" (every policy that is about a sign-in must be satisfied),
"Conditional Access: Users, groups, and workload identities" (what is excluded wins, groups in groups count, roles on a
unit do not, managed identities are not covered), "Conditional Access: Conditions" (legacy clients), "Conditional Access
for workload identities"."""

import pytest

from poise.model import replace
from poise.model.azure.keyvault import AccessPolicy as VaultPolicy
from poise.model.inventory import ListInventory
from poise.model.samples import azure_entra as entra
from poise.model.samples.azure_authorization import ROLE_ASSIGNMENT, ROLE_DEFINITION
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION, HOME, SUBSCRIPTION, TENANT
from poise.policy.answer import Decision
from poise.policy.as_read import as_far_as_read
from poise.policy.azure.access_policies import AccessPolicy
from poise.policy.azure.directory import Target, can_in_directory
from poise.policy.azure.entitlements import ask, inputs_of
from poise.policy.azure.gathering import directory_inputs
from poise.policy.azure.sign_in import DIRECTORY, MANAGEMENT, STORAGE, VAULTS, application_of

ANNA, TEAM = entra.PERSON, entra.ENTRA_GROUP.id
RESTART = "Microsoft.Compute/virtualMachines/restart/action"
SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
PROGRAM, APP = entra.ENTRA_SERVICE_PRINCIPAL, entra.ENTRA_APPLICATION
EVERYBODY = {"includeUsers": ["All"]}
BLOCK, FACTOR = {"operator": "OR", "builtInControls": ["block"]}, {"operator": "OR", "builtInControls": ["mfa"]}
ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN


def policy(users=EVERYBODY, controls=BLOCK, state="enabled", apps=("All",), spared=(), **conditions):
    about = {"includeApplications": list(apps), "excludeApplications": list(spared)}
    document = {
        "conditions": {"users": users, "applications": about, "clientAppTypes": ["all"]} | conditions,
        "grantControls": controls,
    }
    return replace(entra.CONDITIONAL_ACCESS_POLICY, state=state, document=document)


def given(principal, kind="User"):
    return replace(
        ROLE_ASSIGNMENT,
        role_definition=ROLE_DEFINITION.id,
        principal_id=principal,
        principal_type=kind,
        assigned_at=HOME,
    )


def world(*assets, incomplete=None):
    common = [AZURE_SUBSCRIPTION, entra.ENTRA_TENANT, ROLE_DEFINITION, VIRTUAL_MACHINE]
    return ListInventory([*common, *assets], incomplete)


def asked(*assets, who=ANNA, kind="User", incomplete=None, people=(entra.ENTRA_USER,)):
    inventory = world(given(who, kind), *people, *assets, incomplete=incomplete)
    return ask(who, RESTART, VIRTUAL_MACHINE, inputs_of(SUBSCRIPTION, inventory))


def test_without_a_policy_the_role_is_enough():
    assert asked().decision is ALLOW


def test_a_policy_that_blocks_everybody_leaves_no_right_and_is_named():
    answer = asked(policy())
    assert answer.decision is DENY
    assert answer.because[0].source == entra.CONDITIONAL_ACCESS_POLICY.id


@pytest.mark.parametrize("state", ["disabled", "enabledForReportingButNotEnforced"])
def test_a_policy_that_is_off_or_only_reports_asks_for_nothing(state):
    assert asked(policy(state=state)).decision is ALLOW


def test_what_is_asked_for_is_the_condition_of_the_right():
    answer = asked(policy(controls=FACTOR))
    assert answer.decision is CONDITIONAL
    assert str(answer.residual) == "it signs in with a second factor"


def test_controls_are_all_needed_or_any_of_them():
    both = ["mfa", "compliantDevice"]
    either = asked(policy(controls={"operator": "OR", "builtInControls": both})).residual
    every = asked(policy(controls={"operator": "AND", "builtInControls": both})).residual
    assert " or " in str(either)
    assert " and " in str(every)


def test_every_policy_counts_and_one_that_blocks_is_final():
    second = replace(policy(), id="21212121-3434-5656-7878-909090909090")
    assert asked(policy(controls=FACTOR), second).decision is DENY


@pytest.mark.parametrize(
    ("users", "expected"),
    [
        ({"includeUsers": ["None"]}, ALLOW),
        ({"includeUsers": [ANNA.upper()]}, DENY),
        ({"includeUsers": ["All"], "excludeUsers": [ANNA]}, ALLOW),
        ({"includeUsers": ["All"], "excludeGroups": [TEAM]}, ALLOW),
        ({"includeUsers": ["None"], "includeGroups": [TEAM]}, DENY),
        ({"includeUsers": ["None"], "includeGroups": ["22222222-0000-4000-8000-000000000009"]}, ALLOW),
        ({"includeUsers": ["GuestsOrExternalUsers"]}, ALLOW),
        ({"includeUsers": ["None"], "includeRoles": [entra.GLOBAL_ADMINISTRATOR]}, DENY),
        ({"includeUsers": ["All"], "excludeRoles": [entra.GLOBAL_ADMINISTRATOR]}, ALLOW),
    ],
)
def test_whom_a_policy_is_about(users, expected):
    held = entra.DIRECTORY_ROLE_ASSIGNMENT
    assert asked(entra.ENTRA_GROUP, held, policy(users)).decision is expected


def test_a_role_on_a_unit_does_not_count_for_policies():
    held = replace(entra.DIRECTORY_ROLE_ASSIGNMENT, assigned_at=f"/administrativeunits/{entra.ADMINISTRATIVE_UNIT.id}")
    users = {"includeUsers": ["None"], "includeRoles": [entra.GLOBAL_ADMINISTRATOR]}
    assert asked(held, policy(users)).decision is ALLOW


def test_a_guest_is_a_guest_by_type_or_by_the_name_of_somebody_invited():
    about = policy({"includeUsers": ["GuestsOrExternalUsers"]})
    for change in ({"user_type": "Guest"}, {"user_principal_name": "a_x.example#EXT#@shop.example"}):
        assert asked(about, people=(replace(entra.ENTRA_USER, **change),)).decision is DENY
    kinds = {"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": {"membershipKind": "all"}}
    some = policy({"includeUsers": ["None"], "includeGuestsOrExternalUsers": kinds})
    assert asked(some).decision is ALLOW
    assert asked(some, people=(replace(entra.ENTRA_USER, user_type="Guest"),)).decision is CONDITIONAL


@pytest.mark.parametrize(
    ("apps", "spared", "expected"),
    [
        (["All"], [MANAGEMENT], ALLOW),
        ([MANAGEMENT.upper()], [], DENY),
        (["Office365"], [], ALLOW),
        (["MicrosoftAdminPortals"], [], ALLOW),
        ([STORAGE], [], ALLOW),
        ([], [], ALLOW),
    ],
)
def test_what_a_policy_is_about(apps, spared, expected):
    assert asked(policy(apps=apps, spared=spared)).decision is expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"clientAppTypes": ["exchangeActiveSync", "other"]}, ALLOW),
        ({"clientAppTypes": ["browser"]}, CONDITIONAL),
        ({"locations": {"includeLocations": ["All"], "excludeLocations": []}}, DENY),
        ({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}, CONDITIONAL),
        ({"platforms": {"includePlatforms": ["all"]}}, DENY),
        ({"signInRiskLevels": ["high"]}, CONDITIONAL),
        ({"signInRiskLevels": [], "platforms": None}, DENY),
        ({"somethingNew": {"a": 1}}, CONDITIONAL),
    ],
)
def test_in_which_circumstances(conditions, expected):
    assert asked(policy(**conditions)).decision is expected


def test_a_policy_with_session_controls_alone_lets_everybody_in():
    assert asked(policy(controls=None)).decision is ALLOW


def test_policies_that_were_not_read_are_a_limit_that_was_not_read():
    refused = {(entra.CONDITIONAL_ACCESS_POLICY.KIND, TENANT): "Policy.Read.All is missing"}
    answer = asked(incomplete=refused)
    assert answer.decision is UNKNOWN
    assert [(gap.input, gap.reason) for gap in answer.unread] == [
        ("conditional access policies", "Policy.Read.All is missing")
    ]
    assert as_far_as_read(answer) == (ALLOW, None)


def test_users_that_were_not_listed_may_be_meant():
    refused = {(entra.ENTRA_USER.KIND, TENANT): "User.Read.All is missing"}
    answer = asked(policy(), people=(), incomplete=refused)
    assert answer.decision is UNKNOWN
    assert as_far_as_read(answer)[0] is ALLOW


def test_without_the_directory_nothing_is_asked():
    inventory = ListInventory([AZURE_SUBSCRIPTION, ROLE_DEFINITION, VIRTUAL_MACHINE, given(ANNA), policy()])
    assert ask(ANNA, RESTART, VIRTUAL_MACHINE, inputs_of(SUBSCRIPTION, inventory)).decision is ALLOW


def test_an_account_that_is_switched_off_uses_no_right():
    """Microsoft Graph, `user` and `servicePrincipal`: accountEnabled false, and nobody can sign in with it."""
    assert asked(people=(replace(entra.ENTRA_USER, enabled=False),)).decision is DENY
    assert asked(people=(replace(entra.ENTRA_USER, enabled=None),)).decision is ALLOW
    hidden = asked(people=(replace(entra.ENTRA_USER, unread={"enabled": "denied"}),))
    assert (hidden.decision, as_far_as_read(hidden)[0]) == (UNKNOWN, ALLOW)


WORKLOADS = {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}


def test_a_policy_for_programs_is_about_programs_of_this_tenant_alone():
    about = policy({"includeUsers": ["None"]}, clientApplications=WORKLOADS)
    programs = {
        DENY: (APP, PROGRAM),
        ALLOW: (APP, replace(PROGRAM, principal_type="ManagedIdentity")),
    }
    for expected, people in programs.items():
        assert asked(about, who=PROGRAM.id, kind="ServicePrincipal", people=people).decision is expected
    several = replace(APP, sign_in_audience="AzureADMultipleOrgs")
    assert asked(about, who=PROGRAM.id, kind="ServicePrincipal", people=(several, PROGRAM)).decision is ALLOW
    foreign = replace(PROGRAM, home_tenant="99999999-0000-4000-8000-000000000001")
    assert asked(about, who=PROGRAM.id, kind="ServicePrincipal", people=(foreign,)).decision is ALLOW
    assert asked(about).decision is ALLOW
    spared = policy(clientApplications=WORKLOADS | {"excludeServicePrincipals": [PROGRAM.id]})
    assert asked(spared, who=PROGRAM.id, kind="ServicePrincipal", people=(APP, PROGRAM)).decision is ALLOW


def test_a_policy_for_users_is_not_about_programs():
    assert asked(policy(), who=PROGRAM.id, kind="ServicePrincipal", people=(APP, PROGRAM)).decision is ALLOW


def test_a_vault_with_access_policies_asks_for_a_token_too():
    entry = VaultPolicy(tenant_id=TENANT, object_id=ANNA, keys=(), secrets=("get",), certificates=())
    vault = replace(KEY_VAULT, rbac_authorization=False, access_policies=(entry,))
    for apps, expected in (([VAULTS], DENY), ([MANAGEMENT], ALLOW)):
        inputs = inputs_of(SUBSCRIPTION, world(entra.ENTRA_USER, vault, policy(apps=apps)))
        assert ask(ANNA, SECRET, vault, inputs).decision is expected


def test_a_directory_role_is_used_with_a_token_too():
    assets = (entra.ENTRA_USER, entra.DIRECTORY_ROLE_DEFINITION, entra.DIRECTORY_ROLE_ASSIGNMENT)
    for about, expected in ((policy(), DENY), (policy(spared=[DIRECTORY]), ALLOW)):
        inputs = directory_inputs(TENANT, world(*assets, about))
        action = "microsoft.directory/applications/credentials/update"
        assert can_in_directory(ANNA, action, Target(id=APP.id), inputs).decision is expected


def test_a_service_that_is_not_known_may_be_one_that_a_policy_leaves_out():
    assert application_of("microsoft.servicebus/namespaces/messages/send/action", is_data=True) == "all"
    about = AccessPolicy.of("p", "P", policy(spared=[STORAGE]).document)
    assert about.is_about(MANAGEMENT) is True
    assert "leaves out" in str(about.is_about("all"))


@pytest.mark.parametrize("document", [{}, {"conditions": 7, "grantControls": []}, {"conditions": {"users": ["x"]}}])
def test_strange_documents_raise_nothing(document):
    assert AccessPolicy.of("p", "P", document).is_about(MANAGEMENT) is False
