"""The sample estate behind `poise demo`. What is expected here was derived by hand from the story that
docs/concepts/sample-estate.md tells, asset by asset."""

import base64
import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from zstandard import ZstdError

from poise.app import demo, path_lists, queries
from poise.app.doors import not_needed
from poise.app.machines import machines
from poise.app.naming import named
from poise.app.path_lists import PathFilter
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.workspace import open_workspace
from poise.attackpaths import kinds
from poise.cli.main import run
from poise.model import Severity, State
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter, FindingFilter
from poise.store.codec import unpress

EVERYTHING = FindingFilter()
PRODUCTION, ANALYTICS, SANDBOX = "111122223333", "222233334444", "333344445555"
MACHINES = "nordwind-hosts"
EXPOSED_MACHINE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0ab3451f78397d7e8"
OFFICE = "5f3c1d2a-7b64-4c1e-9a0d-2e8f6b7a1c90"
DIRECTORY = "0d4f9e3b-6a25-4b7c-8f11-7c9d5e2a3b64"
SECRETS = ("Winter-Sturm-2019!", "sk_test_nord-wind-7f3a-91c2")
"""What is planted: the database password in a start script, the payment key in the variables of a function."""
DATABASE_LISTS = ("DescribeDBInstances", "DescribeDBClusters", "DescribeDBSnapshots", "DescribeDBClusterSnapshots")
LOCKED = "nordwind-partner-feed"
ON_LOCKED = {"aws.s3.open_to_everyone", "aws.s3.plain_http_allowed", "aws.s3.shared_with_unknown_accounts"}
"""The checks that need the policy of the bucket whose policy nobody may read."""
ONE_REGION = ("aws.cloudtrail.no_multi_region_trail", "nordwind-sandbox")
"""The sandbox was recorded in one region: a trail at home in another might watch over all of them."""
NEVER_DECIDED = {
    # No role trusts a token issuer of Nordwind's own.
    "aws.iam.oidc_trust_open_to_whole_issuer",
    # Aurora says of the instances, not of the cluster, whether they are public.
    "aws.rds.cluster_publicly_accessible",
}
WITHOUT_MACHINES = ("host.windows.", "host.containers.", "host.ssh.private_key_readable")
"""Nordwind's machines run Linux, with no containers."""

ABSENT = {
    *("AWS::ECR::Repository", "AWS::EKS::Cluster", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::SecretsManager::Secret"),
    "Microsoft.KeyVault/vaults/keys",
}
"""Kinds that Nordwind has nothing of."""

STORY = {
    "host.software.known_exploited_vulnerability": (
        {"shop-web-legacy-1"},
        {"shop-web-1", "berlin-erp"},
    ),
    "host.software.system_past_end_of_life": (
        {"shop-web-legacy-1", "berlin-erp"},
        {"shop-web-1"},
    ),
    "host.ssh.password_login_allowed": (
        {"shop-web-legacy-1"},
        {"shop-web-1", "berlin-erp"},
    ),
    "host.ssh.root_login_allowed": (
        {"shop-web-legacy-1", "berlin-erp"},
        {"shop-web-1"},
    ),
    "host.ssh.private_key_without_passphrase": (
        {"shop-web-legacy-1"},
        set(),
    ),
    # check: (unhealthy, healthy), every asset of the estate that the check decides on
    "aws.ec2.instance_reachable_on_management_port": (
        {"shop-web-legacy-1", "hackday-2022"},
        {"shop-web-1", "shop-web-2", "etl-runner-1"},
    ),
    "aws.ec2.metadata_v1_allowed": (
        {"shop-web-legacy-1", "hackday-2022"},
        {"shop-web-1", "shop-web-2", "invoice-batch", "etl-runner-1"},
    ),
    "aws.ec2.secret_in_user_data": (
        {"shop-web-legacy-1"},
        {"shop-web-1", "shop-web-2", "invoice-batch", "etl-runner-1", "hackday-2022"},
    ),
    "aws.iam.console_user_without_mfa": (
        {"jonas.weber", "hackday"},
        {"anna.berg", "lena.koch", "marek.nowak", "petra.lang", "tom.fischer"},
    ),
    "aws.iam.access_key_unused": ({"jonas.weber", "hackday"}, {"marek.nowak", "image-sync"}),
    "aws.iam.access_key_too_old": ({"jonas.weber", "hackday", "image-sync"}, {"marek.nowak"}),
    "aws.iam.user_can_raise_own_rights": (
        {"marek.nowak"},
        {"lena.koch", "jonas.weber", "image-sync", "petra.lang", "tom.fischer"},
    ),
    "aws.iam.policy_hands_out_any_role": (
        {"nordwind-deploy"},
        {
            *("nordwind-deploy-web", "nordwind-developer", "nordwind-web-images", "nordwind-migration-2020"),
            "nordwind-analyst",
        },
    ),
    "aws.iam.policy_allows_everything": (
        {"nordwind-legacy-all"},
        {
            *("nordwind-deploy", "nordwind-deploy-web", "nordwind-developer", "nordwind-web-images"),
            *("nordwind-migration-2020", "nordwind-analyst"),
        },
    ),
    "aws.iam.oidc_trust_wide_subject": ({"github-deploy-site"}, {"github-deploy-shop"}),
    "aws.s3.open_to_everyone": (
        {"nordwind-customer-uploads", "nordwind-press-kit", "nordwind-sandbox-scratch"},
        {
            *("nordwind-product-images", "nordwind-payroll-exports", "nordwind-access-logs", "nordwind-audit"),
            *("nordwind-datalake", "nordwind-query-results", "nordwind-analytics-logs", "nordwind-sandbox-trail"),
        },
    ),
    "aws.rds.publicly_accessible": ({"reporting"}, {"orders", "catalog-1"}),
    "aws.rds.unencrypted": ({"reporting"}, {"orders"}),
    "aws.rds.snapshot_open_to_everyone": (
        {"reporting-for-agency"},
        {"orders-before-upgrade", "rds:orders-2026-11-25-02-05"},
    ),
    "aws.kms.rotation_off": ({"alias/payroll"}, {"alias/orders", "alias/datalake"}),
    "aws.lambda.url_without_authentication": ({"newsletter-signup"}, {"order-events", "daily-report"}),
    "aws.lambda.secret_in_environment": ({"newsletter-signup"}, {"order-events", "daily-report"}),
    "aws.lambda.runtime_out_of_support": ({"newsletter-signup"}, {"order-events", "daily-report"}),
    "aws.cloudtrail.not_logging": ({"sandbox"}, {"nordwind-production", "nordwind-analytics"}),
    "aws.elb.plain_http": ({"nordwind-campaign"}, {"nordwind-shop"}),
    "aws.account.root_without_mfa": ({"nordwind-sandbox"}, {"nordwind-production", "nordwind-analytics"}),
    "azure.storage.anonymous_access_allowed": ({"nordwindoldshare"}, {"nordwindfiles"}),
    "azure.storage.old_tls_allowed": ({"nordwindoldshare"}, {"nordwindfiles"}),
    "azure.network.management_port_open_to_internet": ({"intranet", "servers"}, {"closed"}),
    "azure.compute.management_port_reachable": ({"intranet"}, {"files-sync", "build-agent"}),
    "azure.compute.password_login_allowed": ({"files-sync"}, {"build-agent"}),
    "azure.keyvault.purge_protection_off": ({"nordwind-scans"}, {"nordwind-office"}),
    "azure.sql.firewall_open_to_internet": ({"nordwind-timesheets"}, {"nordwind-finance"}),
    "azure.authorization.too_many_owners": ({"Nordwind Office"}, set()),
}
ONE_AMONG_MANY = {
    # Of these the estate has many good ones: the bad ones are named.
    "aws.iam.role_with_administrator_rights": {"shop-web-legacy", "platform-admin"},
    "aws.iam.foreign_account_trust_without_external_id": {"vendor-monitoring"},
    "aws.iam.role_assumable_by_anyone": {"loyalty-prototype"},
    "aws.iam.role_can_raise_own_rights": {"notebooks"},
    "aws.vpc.management_port_open_to_internet": {"shop-web-legacy", "launch-wizard-1"},
    "aws.vpc.database_port_open_to_internet": {"reporting-database", "launch-wizard-1"},
}


@pytest.fixture(scope="module")
def store(sample_store):
    """The file in which `poise demo` keeps what it found, after one run from nothing."""
    return sample_store


@pytest.fixture(scope="module")
def workspace(store):
    with open_workspace(str(store)) as opened:
        yield opened


@pytest.fixture(scope="module")
def verdicts(workspace):
    """Check -> verdict -> names of assets."""
    found = defaultdict(lambda: defaultdict(set))
    for one in queries.all_verdicts(workspace, EVERYTHING):
        found[one.check][one.verdict].add(one.asset.name)
    return found


def judged(workspace):
    rows = queries.all_verdicts(workspace, EVERYTHING)
    return sorted((one.check, one.asset.id, one.verdict, one.reason) for one in rows)


@pytest.mark.parametrize("check", STORY)
def test_a_check_tells_good_neighbours_from_bad_ones(verdicts, check):
    unhealthy, healthy = STORY[check]

    assert verdicts[check][State.UNHEALTHY] == unhealthy
    assert verdicts[check][State.HEALTHY] == healthy


@pytest.mark.parametrize("check", ONE_AMONG_MANY)
def test_a_check_finds_the_bad_one_among_many(verdicts, check):
    assert verdicts[check][State.UNHEALTHY] == ONE_AMONG_MANY[check]
    assert len(verdicts[check][State.HEALTHY]) >= 8


def test_the_over_powered_machine_stands_next_to_restricted_data(workspace):
    rows = queries.assets(workspace, AssetFilter(tags={"data-class": "restricted"})).rows

    assert [(row.asset.name, row.asset.scope) for row in rows] == [("nordwind-payroll-exports", PRODUCTION)]


def test_exactly_what_the_story_makes_unreadable_is_a_gap(workspace):
    every = queries.coverage(workspace).gaps
    gaps = [row for row in every if not row.gap.expected]

    assert sorted((row.scope, row.gap.call) for row in gaps) == [
        (PRODUCTION, "s3:GetBucketPolicy"),
        *sorted((ANALYTICS, f"rds:{call}") for call in DATABASE_LISTS),
    ]
    assert all("AccessDenied" in row.gap.reason for row in gaps)
    # Only the account that administration is delegated to is answered about the organization.
    others = [(ANALYTICS, "organizations:ListRoots"), (SANDBOX, "organizations:ListRoots")]
    assert sorted((row.scope, row.gap.call) for row in every if row.gap.expected) == others


def test_every_unknown_comes_from_what_is_unreadable(workspace):
    unknown = [one for one in queries.all_verdicts(workspace, EVERYTHING) if one.verdict is State.UNKNOWN]
    databases = [one for one in unknown if one.check.startswith("aws.rds.")]
    rest = {(one.check, one.asset.name) for one in unknown if not one.check.startswith("aws.rds.")}

    assert {one.asset.name for one in databases} == {"nordwind-analytics"}
    assert {one.check for one in databases} == {id for id in workspace.checks if id.startswith("aws.rds.")}
    assert rest == {(check, LOCKED) for check in ON_LOCKED} | {ONE_REGION}


def test_nearly_every_check_decides_something(workspace, verdicts):
    undecided = {id for id in workspace.checks if not verdicts[id].keys() & {State.HEALTHY, State.UNHEALTHY}}
    absent = {id for id, check in workspace.checks.items() if check.asset.KIND in ABSENT}

    assert {id for id in undecided - absent if not id.startswith(WITHOUT_MACHINES)} == NEVER_DECIDED


def test_findings_of_every_severity_and_a_score_between_the_extremes(workspace):
    bad = [one for one in queries.all_verdicts(workspace, EVERYTHING) if one.verdict is State.UNHEALTHY]
    scopes = {one.scope: one.current / one.max for one in secure_score(workspace).scopes}

    assert {one.severity for one in bad} == set(Severity)
    assert scopes.keys() == {PRODUCTION, ANALYTICS, SANDBOX, OFFICE, DIRECTORY, MACHINES}
    assert all(0.1 < share < 1 for share in scopes.values())
    assert scopes[SANDBOX] == min(scopes.values())


def test_it_is_an_estate_that_one_can_walk_through(workspace):
    assert 150 <= queries.assets(workspace, AssetFilter()).total <= 360


def test_attack_paths_of_several_families_lead_through_the_estate(workspace):
    found = {
        (row["entry"]["class"], row["target"]["class"], one)
        for row in path_lists.listed(workspace, PathFilter())
        for one in row["categories"]
    }

    assert found >= {
        ("internet", "administration", "vulnerability"),
        ("internet", "secrets", "exposure"),
        ("leaked credential", "administration", "identity"),
        ("token issuer", "sensitive data", "identity"),
        ("anyone", "sensitive data", "exposure"),
    }


def test_the_name_of_a_machine_means_the_machine_and_neither_its_address_nor_what_its_disk_told(workspace):
    assert named(workspace, "shop-web-legacy-1", rather=kinds.MACHINES).row.asset.id == EXPOSED_MACHINE
    assert named(workspace, "shop-web-legacy-1", action="ec2:StopInstances").row.asset.id == EXPOSED_MACHINE
    with pytest.raises(UsageError, match="3 assets are named"):
        named(workspace, "shop-web-legacy-1")


def test_no_path_reads_payroll_who_may_not_decrypt_it(workspace):
    """image-sync and github-deploy-site may get its objects, but no policy of theirs grants the key; both read the
    bucket of its access logs, which hold none of its data."""
    rows = [row for row in path_lists.listed(workspace, PathFilter()) if "payroll" in row["title"]]
    assert not [row["title"] for row in rows if "image-sync" in row["title"] or "github-deploy-site" in row["title"]]


def test_planted_secrets_are_found_and_never_reach_the_store(store):
    planted = [secret.encode() for secret in SECRETS]
    # The password as it stands in the base64 of the start script, wherever in a group of three bytes it begins.
    wrapped = [base64.b64encode(b"-" * shift + planted[0])[4:-4] for shift in range(3)]
    kept = [path.read_bytes() for path in store.parent.glob("demo.db*")] + list(_values_in(store))

    assert any(part in _start_scripts() for part in wrapped)
    assert any(b"nordwind-payroll-exports" in text for text in kept[1:])
    assert [part for part in planted + wrapped for text in kept if part in text] == []


def test_every_file_of_the_estate_is_read(tmp_path):
    with open_workspace(str(tmp_path / "demo.db")) as workspace:
        connectors = demo.open_estate(workspace)
        scan(demo.as_recorded(workspace), connectors, ScanOptions())

    assert len(connectors) == 5
    assert not_needed(connectors) == []


def test_a_second_run_changes_nothing(store, workspace, monkeypatch, tmp_path):
    before = list(queries.all_verdicts(workspace, EVERYTHING))
    assets = [row.asset for row in _all_assets(workspace)]
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    assert run(["demo", "--no-serve", "--data-dir", str(store.parent)]) == 0

    assert list(queries.all_verdicts(workspace, EVERYTHING)) == before
    assert [row.asset for row in _all_assets(workspace)] == assets


def test_the_estate_is_judged_as_of_its_recording_however_late_it_is_opened(workspace, tmp_path):
    in_ten_years = datetime(2036, 11, 25, tzinfo=UTC)
    with open_workspace(str(tmp_path / "late.db"), clock=lambda: in_ten_years) as late:
        scan(demo.as_recorded(late), demo.open_estate(late), ScanOptions())

        assert judged(late) == judged(workspace)
        read = {one.read_at for one in queries.all_verdicts(late, EVERYTHING)}
    assert read == {demo.RECORDED_AT}


def _all_assets(workspace):
    rows, paging = [], None
    while True:
        page = queries.assets(workspace, AssetFilter(), paging)
        rows += page.rows
        if page.cursor is None:
            return sorted(rows, key=lambda row: row.asset.id)
        paging = queries.Paging(cursor=page.cursor)


def _values_in(store):
    """Yield every value in the database, the compressed ones unpacked."""
    with closing(sqlite3.connect(store)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    yield _unpacked(value) if isinstance(value, bytes) and value else str(value).encode()


def _unpacked(value):
    try:
        return unpress(value)
    except ZstdError:
        return value


def _start_scripts():
    folder = Path(str(files("poise"))) / demo.ESTATE / "aws/production/eu-west-1/ec2-describe-instance-attribute"
    values = (json.loads(path.read_text())["UserData"].get("Value", "") for path in folder.rglob("userData.json"))
    return b"\n".join(value.encode() for value in values)


def test_every_machine_was_read_or_says_why_it_was_not(workspace):
    """Compare with the story in `docs/concepts/sample-estate.md`, point 10."""
    found = {row.name: (row.state, row.reason) for row in machines(workspace)}

    assert {name for name, (state, _) in found.items() if state == "ok"} == {
        "shop-web-legacy-1",
        "shop-web-1",
        "berlin-erp",
    }
    assert "encrypted with LUKS, and no key was given" in found["etl-runner-1"][1]
    assert {name for name, (state, _) in found.items() if state == "failed"} == {"etl-runner-1", "host://berlin-backup"}
    assert all(reason for state, reason in found.values() if state != "ok")
