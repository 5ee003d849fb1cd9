"""Azure, Google Cloud and other rules: what users of other tools reported as wrong, each with its siblings."""

import pytest

from poise.model import replace
from poise.model.azure.keyvault import RotationAction
from poise.model.errors import BadInput, NotCollected
from poise.model.samples.azure_keyvault import KEY_VAULT, KEY_VAULT_KEY
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.policy.gcp.databases import TlsDemand, flag, keeps_own_backups, logs_from, tls_demand
from poise.policy.gcp.roles import is_administrative
from poise.policy.log_levels import LEVELS, is_at_least
from poise.standards.library import standards

from .asking import state

ANONYMOUS, NETWORKS = "azure.storage.anonymous_access_allowed", "azure.storage.open_to_every_network"


def test_d01_the_management_plane_shows_rotation_of_a_private_vault():
    private = replace(KEY_VAULT, public_network_access="Disabled")
    rotating = (RotationAction(action="Rotate", after_creation="P90D", before_expiry=None),)
    assert state("azure.keyvault.key_not_rotated", replace(KEY_VAULT_KEY, rotation=rotating), private) == "healthy"
    unread = replace(KEY_VAULT_KEY, unread={"rotation": "AuthorizationFailed"})
    assert state("azure.keyvault.key_not_rotated", unread, private) == "unknown"
    assert state("azure.keyvault.key_not_rotated", replace(KEY_VAULT_KEY, rotation=()), private) == "unhealthy"


def _controls(check):
    """Return (standard, control, title) of every control that a check is mapped to."""
    return [
        (standard.id, control.number, control.title)
        for standard in standards()
        for control in standard.controls
        if check in control.checks
    ]


def test_d03_anonymous_access_and_network_access_are_two_requirements():
    """No control of a benchmark that says one is mapped to the check of the other. That any check which answers several
    controls was looked at, the tests of the mapping show."""
    benchmarks = [one for one in _controls(ANONYMOUS) if one[0].startswith("cis_")]
    assert benchmarks
    assert all("network" not in title.lower() for _, _, title in benchmarks)
    networks = [one for one in _controls(NETWORKS) if one[0].startswith("cis_")]
    assert networks
    assert {one[:2] for one in benchmarks} & {one[:2] for one in networks} == set()


@pytest.mark.parametrize(("allowed", "expected"), [(True, "unhealthy"), (False, "healthy")])
def test_d04_anonymous_blob_access_fails_in_every_standard_that_asks_for_it(allowed, expected):
    assert state(ANONYMOUS, replace(STORAGE_ACCOUNT, allow_blob_public_access=allowed)) == expected
    assert {name for name, _, _ in _controls(ANONYMOUS)} >= {"cis_azure_5.0", "mcsb_1"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("roles/owner", True),
        ("roles/editor", True),
        ("roles/iam.securityAdmin", True),
        ("roles/storage.admin", True),
        ("roles/compute.instanceAdmin", True),
        ("roles/accessapproval.configEditor", False),
        ("roles/billing.projectManager", False),
        ("roles/viewer", False),
        ("roles/iap.admin.viewer", False),
        ("roles/monitoring.editor", False),
        ("roles/orgpolicy.policyAdministrator", False),
        ("projects/p/roles/myAdmin", False),
    ],
)
def test_d06_a_role_is_administrative_by_its_exact_name(role, expected):
    assert is_administrative(role) is expected


def instance(**addresses):
    return {"settings": {"ipConfiguration": addresses}}


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ({"sslMode": "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"}, TlsDemand.CERTIFICATE),
        ({"sslMode": "ENCRYPTED_ONLY", "requireSsl": False}, TlsDemand.ENCRYPTION),
        ({"sslMode": "ENCRYPTED_ONLY"}, TlsDemand.ENCRYPTION),
        ({"sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED", "requireSsl": True}, TlsDemand.NOTHING),
        ({"sslMode": "SSL_MODE_UNSPECIFIED", "requireSsl": True}, TlsDemand.CERTIFICATE),
        ({"requireSsl": True}, TlsDemand.CERTIFICATE),
        ({"requireSsl": False}, TlsDemand.NOTHING),
        ({}, TlsDemand.NOTHING),
    ],
)
def test_d07_the_mode_outranks_the_older_flag(addresses, expected):
    assert tls_demand(instance(**addresses)) is expected


def test_d07_what_cannot_be_understood_is_not_judged():
    with pytest.raises(NotCollected, match="not a mode"):
        tls_demand(instance(sslMode="QUANTUM"))
    with pytest.raises(NotCollected, match="not in the answer"):
        tls_demand({"settings": {}})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"instanceType": "READ_REPLICA_INSTANCE"}, None),
        ({"instanceType": "CLOUD_SQL_INSTANCE", "masterInstanceName": "p:main"}, None),
        ({"instanceType": "CLOUD_SQL_INSTANCE", "settings": {"backupConfiguration": {"enabled": True}}}, True),
        ({"instanceType": "CLOUD_SQL_INSTANCE", "settings": {"backupConfiguration": {"enabled": False}}}, False),
        ({"settings": {"backupConfiguration": {}}}, False),
    ],
)
def test_d09_a_replica_has_no_backups_of_its_own(fields, expected):
    assert keeps_own_backups(fields) is expected


def test_d09_backups_that_were_not_read_are_not_judged():
    with pytest.raises(NotCollected, match="not in the answer"):
        keeps_own_backups({"settings": {}})


def logging(level):
    return {"settings": {"databaseFlags": [{"name": "log_min_messages", "value": level}]}}


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("fatal", True),
        ("FATAL", True),
        ("panic", True),
        ("log", True),
        ("warning", False),
        ("notice", False),
        ("debug", False),
    ],
)
def test_d10_levels_are_a_scale(level, expected):
    assert logs_from(logging(level), "log_min_messages", "error", "warning") is expected


def test_d10_the_default_of_the_engine_holds_where_nobody_set_it():
    assert flag({}, "log_min_messages") is None
    assert logs_from({"settings": {}}, "log_min_messages", "error", "warning") is False
    assert logs_from({"settings": {}}, "log_min_error_statement", "error", "error") is True


@pytest.mark.parametrize("level", LEVELS)
def test_d12_the_bound_itself_is_within_bounds(level):
    assert is_at_least(level, level)
    assert is_at_least(level.upper(), level)


def test_d12_a_word_that_is_no_level_is_refused():
    assert logs_from(logging("error"), "log_min_messages", "error", "warning")
    with pytest.raises(BadInput, match="no level"):
        is_at_least("loud", "error")
