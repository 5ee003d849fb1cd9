"""The escalation catalogues of Azure and Google Cloud against the actions that exist, and the vendors' roles."""

import gzip
import json
from pathlib import Path

import pytest

from poise.policy.answer import Decision
from poise.policy.azure import escalation as azure
from poise.policy.azure.assignments import Assignment, by_principal
from poise.policy.azure.definitions import roles_of as azure_roles_of
from poise.policy.azure.permissions import Inputs as AzureInputs
from poise.policy.azure.permissions import can as azure_can
from poise.policy.gcp import escalation as gcp
from poise.policy.gcp.permissions import Inputs, can
from poise.policy.gcp.policies import Node, roles_of
from poise.policy.globs import matches

DATA = Path(__file__).parents[3] / "shared/data/iam"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")
SUB = "/subscriptions/s"
PROJECT = "//cloudresourcemanager.googleapis.com/projects/p"


@pytest.fixture(scope="module")
def definitions():
    return json.loads(gzip.decompress((DATA / "azure-built-in-roles-raw.json.gz").read_bytes()))


@pytest.fixture(scope="module")
def predefined():
    with gzip.open(DATA / "gcp-roles.jsonl.gz") as lines:
        return roles_of(map(json.loads, lines))


def patterns(definitions, *fields):
    entries = [entry for role in definitions for entry in role["permissions"]]
    return {text.lower() for entry in entries for field in fields for text in entry[field]}


def exists(action, known):
    """Say whether roles spell an action out, cover it below its type, or name its type."""
    if action in known or any(p.count("/") and not p.startswith("*") and matches(p, action) for p in known if "*" in p):
        return True
    kind, _, verb = action.rpartition("/")
    return verb in ("read", "write", "delete") and any(one.startswith(f"{kind}/") for one in known)


def test_every_azure_action_exists_so_that_no_row_silently_stops_firing(definitions):
    known = patterns(definitions, "actions", "notActions")
    known_data = patterns(definitions, "dataActions", "notDataActions")
    assert len(known) > 1000
    missing = set()
    for row in azure.catalogue():
        for written in (*row.permissions, *row.negative):
            if written.startswith((azure.DIRECTORY, azure.APPLICATION)):
                continue
            is_data = written.startswith(azure.DATA)
            if not exists(written.removeprefix(azure.DATA).lower(), known_data if is_data else known):
                missing.add(written)
    # No built-in role names it; REST reference of Lighthouse, "Registration Definitions - Create Or Update".
    assert missing <= {"Microsoft.ManagedServices/registrationDefinitions/write"}


def test_every_google_permission_exists_so_that_no_row_silently_stops_firing(predefined):
    known = set().union(*predefined.values())
    assert len(known) > 10_000
    assert not {one for row in gcp.catalogue() for one in (*row.permissions, *row.negative)} - known


def azure_inputs(definitions, name):
    guid = next(role["name"] for role in definitions if role["roleName"] == name)
    given = {"principalId": "u", "roleDefinitionId": f"/x/{guid}", "scope": SUB, "principalType": "User"}
    return AzureInputs(
        roles=azure_roles_of(definitions), assignments=by_principal([Assignment.of({"properties": given})])
    )


@pytest.mark.parametrize(
    ("name", "action", "decision"),
    [
        ("Owner", "Microsoft.Authorization/roleAssignments/write", Decision.ALLOW),
        ("Owner", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", Decision.DENY),
        ("Contributor", "Microsoft.Authorization/roleAssignments/write", Decision.DENY),
        ("Contributor", "Microsoft.Authorization/locks/delete", Decision.DENY),
        ("Contributor", "Microsoft.Storage/storageAccounts/listkeys/action", Decision.ALLOW),
        ("Contributor", "Microsoft.Compute/virtualMachines/runCommand/action", Decision.ALLOW),
        ("Reader", "Microsoft.Storage/storageAccounts/listkeys/action", Decision.DENY),
        ("Reader", "Microsoft.Compute/virtualMachines/read", Decision.ALLOW),
        ("Reader", "Microsoft.KeyVault/vaults/secrets/getSecret/action", Decision.DENY),
        ("User Access Administrator", "Microsoft.Authorization/roleAssignments/write", Decision.ALLOW),
        ("User Access Administrator", "Microsoft.Compute/virtualMachines/runCommand/action", Decision.DENY),
        ("Key Vault Contributor", "Microsoft.KeyVault/vaults/secrets/getSecret/action", Decision.DENY),
        ("Key Vault Secrets User", "Microsoft.KeyVault/vaults/secrets/getSecret/action", Decision.ALLOW),
        ("Key Vault Reader", "Microsoft.KeyVault/vaults/secrets/getSecret/action", Decision.DENY),
        ("Key Vault Data Access Administrator", "Microsoft.Authorization/roleAssignments/write", Decision.CONDITIONAL),
        (
            "Storage Blob Data Reader",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            Decision.ALLOW,
        ),
        (
            "Storage Blob Data Reader",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
            Decision.DENY,
        ),
        ("Virtual Machine Contributor", "Microsoft.Compute/virtualMachines/extensions/write", Decision.ALLOW),
        (
            "Virtual Machine Administrator Login",
            "Microsoft.Compute/virtualMachines/loginAsAdmin/action",
            Decision.ALLOW,
        ),
        ("Log Analytics Contributor", "Microsoft.Compute/virtualMachines/extensions/write", Decision.ALLOW),
        ("AcrPull", "Microsoft.ContainerRegistry/registries/push/write", Decision.DENY),
    ],
)
def test_built_in_roles_of_azure_give_what_their_pages_say(definitions, name, action, decision):
    assert azure_can("u", action, f"{SUB}/resourceGroups/g", azure_inputs(definitions, name)).decision is decision


@pytest.mark.parametrize(
    ("name", "fires", "quiet"),
    [
        ("Owner", {"assign_role", "vm_run_command", "storage_keys"}, {"storage_blob_read", "vault_get_secret"}),
        ("Contributor", {"vm_run_command", "storage_keys", "vault_access_policy"}, {"assign_role", "remove_lock"}),
        ("Reader", set(), {"assign_role", "vm_run_command", "storage_keys", "disk_export"}),
        ("Log Analytics Contributor", {"vm_extension", "storage_keys"}, {"vm_run_command", "assign_role"}),
        ("Website Contributor", {"site_write", "site_config_credentials"}, {"assign_role", "site_attach_identity"}),
        ("Virtual Machine Administrator Login", {"vm_login_as_admin"}, {"vm_run_command"}),
        ("Role Based Access Control Administrator", {"assign_role"}, {"define_role"}),
        ("Key Vault Contributor", {"vault_access_policy", "vault_write"}, {"vault_get_secret", "assign_role"}),
    ],
)
def test_built_in_roles_of_azure_escalate_as_far_as_they_reach(definitions, name, fires, quiet):
    found = {one.escalation.id for one in azure.escalations_for("u", SUB, azure_inputs(definitions, name))}
    assert fires <= found
    assert not quiet & found


@pytest.mark.parametrize(
    ("role", "fires", "quiet"),
    [
        ("roles/owner", {"project_set_policy", "role_update", "instance_create", "sa_key_create"}, {"sa_access_token"}),
        ("roles/editor", {"instance_create", "function_create", "instance_set_metadata"}, {"project_set_policy"}),
        ("roles/viewer", set(), {"secret_access", "instance_create", "sa_access_token", "project_set_policy"}),
        (
            "roles/iam.serviceAccountTokenCreator",
            {"sa_access_token", "sa_sign_jwt", "sa_implicit_delegation"},
            {"sa_key_create"},
        ),
        ("roles/iam.serviceAccountUser", set(), {"sa_access_token", "instance_create"}),
        ("roles/iam.serviceAccountKeyAdmin", {"sa_key_create"}, {"sa_access_token"}),
        ("roles/secretmanager.secretAccessor", {"secret_access"}, {"secret_set_policy"}),
        ("roles/accessapproval.configEditor", set(), {"project_set_policy", "role_update"}),
        ("roles/cloudbuild.builds.editor", {"build_create"}, {"instance_create"}),
        ("roles/storage.admin", {"bucket_set_policy", "object_write"}, {"secret_access"}),
    ],
)
def test_roles_of_google_cloud_escalate_as_far_as_they_reach(predefined, role, fires, quiet):
    policy = {"bindings": [{"role": role, "members": ["user:a@example.com"]}]}
    known = Inputs(nodes=(Node.of(PROJECT, policy),), roles=predefined)
    found = {one.escalation.id for one in gcp.escalations_for("user:a@example.com", known)}
    assert fires <= found
    assert not quiet & found


def test_conditions_of_built_in_roles_are_all_understood(definitions):
    entries = [entry for role in azure_roles_of(definitions).values() for entry in role.entries if entry.condition]
    assert len(entries) > 20
    assert not [entry.condition for entry in entries if entry.condition.problem]


def test_an_owner_of_a_project_holds_every_permission_that_an_editor_holds(predefined):
    policy = {"bindings": [{"role": "roles/owner", "members": ["allUsers"]}]}
    known = Inputs(nodes=(Node.of(PROJECT, policy),), roles=predefined)
    for permission in sorted(predefined["roles/editor"])[::500]:
        assert can("user:a@example.com", permission, known).decision is Decision.ALLOW
