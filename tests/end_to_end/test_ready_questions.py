"""Every ready question on the sample estate, against answers worked out from the estate's recorded facts."""

import pytest

from poise.app import demo, exploring
from poise.app.workspace import open_workspace
from poise.graph.explorer.templates import templates

SECRET_OF_MACHINE, SECRET_OF_FUNCTION = "password ...019!", "secret value ...91c2"
SSH_KEY = "SSH key in /home/deploy/.ssh/id_ed25519"
SENSITIVE = ("alias/payroll", "nordwind-customer-uploads", "nordwind-payroll-exports")
ADMINISTRATORS_OF_PRODUCTION = ("anna.berg", "shop-web-legacy")
# Identities of the organization that no guardrail stops from reading what a bucket policy opens for everyone.
OTHERS = (
    *("cloudtrail-to-cloudwatch", "github-deploy-shop", "github-deploy-site", "image-sync", "jonas.weber"),
    *("lena.koch", "marek.nowak", "migration-2020", "newsletter-signup", "order-events", "order-export", "shop-web"),
    *("sso-readers", "vendor-backup", "vendor-monitoring", "AWSServiceRoleForElasticLoadBalancing", "everyone"),
)
ANSWERS = {
    # Public address and a rule from everywhere (22 in halves; all ports), for the virtual machines a rule of their NSG.
    "exposed_machines": {"shop-web-legacy-1", "hackday-2022", "intranet", "files-sync"},
    # One has an instance profile, and one of the virtual machines an identity that its platform keeps.
    "exposed_machines_with_roles": {
        "shop-web-legacy-1 > shop-web-legacy",
        "intranet > managed identity of intranet",
    },
    # Publicly accessible with 3306 open; a firewall from 0.0.0.0 to 255.255.255.255.
    "exposed_databases": {"reporting", "nordwind-timesheets"},
    # Bucket policies for `*`, an ACL for everyone, and two snapshots that `all` may restore.
    "public_stores": {
        *("nordwind-customer-uploads", "nordwind-press-kit", "nordwind-sandbox-scratch"),
        *("reporting-for-agency", "shop-web-legacy-1 before clean-up"),
    },
    # Of the public buckets this one has data-class=personal.
    "public_sensitive_data": {"nordwind-customer-uploads"},
    # The only function URL, without authentication.
    "exposed_functions": {"newsletter-signup"},
    # Those with AdministratorAccess or `*` on `*`; roles of services are left out.
    "administrators": {"anna.berg", "hackday", "platform-admin", "shop-web-legacy"},
    # The credential report: password_enabled and not mfa_active.
    "people_without_second_factor": {"hackday", "jonas.weber"},
    "administrators_without_second_factor": {"hackday"},
    # marek.nowak may pass the administrator's role to a machine, and notebooks may change its own policies. The one
    # guardrail of the organization, which production reads for all three accounts, stops neither.
    "who_can_become_administrator": {"marek.nowak > shop-web-legacy", "notebooks > nordwind-analytics"},
    "trusted_from_outside": {
        *("vendor-backup > account 999988887777", "vendor-monitoring > account 999988887777"),
        "github-deploy-site > anyone at token.actions.githubusercontent.com",  # repo:nordwind*: anybody may take it
        "github-deploy-shop > nordwind-shop/shop",
        "sso-readers > arn:aws:iam::111122223333:saml-provider/nordwind-login",
        "loyalty-prototype > everyone",  # its trust policy names `*`
    },
    # None of the six has administrator rights.
    "trusted_without_limits": set(),
    # Each administrator has a date of last use.
    "unused_administrators": set(),
    # Administrators of the account that holds the data; and the bucket policy of one lets everyone read it, also the
    # administrators of the other accounts. Who else may read the data lake depends on its key.
    "who_reads_sensitive_data": {
        *("platform-admin > nordwind-datalake", "platform-admin > nordwind-customer-uploads"),
        "hackday > nordwind-customer-uploads",
        *(f"{one} > {data}" for one in ADMINISTRATORS_OF_PRODUCTION for data in SENSITIVE),
        *(f"{one} > nordwind-customer-uploads" for one in OTHERS),
    },
    # The role of the exposed machine is an administrator.
    "machines_that_reach_sensitive_data": {f"shop-web-legacy-1 > shop-web-legacy > {data}" for data in SENSITIVE},
    # Six volumes, a snapshot of one of them, a database instance and a snapshot of it.
    "unencrypted_data": {
        *("etl scratch", "shop-web-legacy-1 system disk", "invoice-batch system disk", "shop-data-before-move"),
        *("hackday-2022 system disk", "loyalty prototype data", "shop-web-legacy-1 before clean-up"),
        *("reporting", "reporting-for-agency"),
    },
    "copies_without_encryption": {
        "reporting > reporting-for-agency",
        "shop-web-legacy-1 system disk > shop-web-legacy-1 before clean-up",
    },
    "shared_copies": {"everyone > reporting-for-agency", "everyone > shop-web-legacy-1 before clean-up"},
    # The key on the disk is among the authorized keys of shop-web-1, the access key on the copy of the disk is one of
    # image-sync. What the password in user data and the key of the function open is not in the estate. The secret
    # scanner found the file of the SSH key, too, and tells only that it is a private key.
    "secrets_and_what_they_open": {
        f"shop-web-legacy-1 > {SSH_KEY} > shop-web-1",
        f"shop-web-legacy-1 > {SECRET_OF_MACHINE} > -",
        "shop-web-legacy-1 > private_key in /home/deploy/.ssh/id_ed25519 > -",
        "shop-web-legacy-1 before clean-up > access key in /root/.aws/credentials > image-sync",
        f"newsletter-signup > {SECRET_OF_FUNCTION} > -",
    },
    "secrets_on_exposed_machines": {
        f"shop-web-legacy-1 > {SECRET_OF_MACHINE}",
        f"shop-web-legacy-1 > {SSH_KEY}",
        f"newsletter-signup > {SECRET_OF_FUNCTION}",
    },
    # One disk was scanned: its log library is in the list of known exploited vulnerabilities.
    "exploitable_machines": {"shop-web-legacy-1 > CVE-2021-44228"},
    "vulnerable_machines": {"shop-web-legacy-1 > CVE-2021-44228"},
    # HttpTokens is optional on both.
    "tokens_for_the_asking": {"shop-web-legacy-1", "hackday-2022"},
    # Nothing in the sample is marked as critical.
    "critical_assets_with_findings": set(),
    # No repository of the sample was read, only a role that trusts one.
    "deployed_from_outside": set(),
    "repositories_that_become_roles": {"github-deploy-shop > nordwind-shop/shop"},
    # alias/prototype does not rotate either, but waits to be deleted.
    "keys_that_do_not_rotate": {"alias/payroll > nordwind-payroll-exports"},
    # The sample has no clusters.
    "containers_on_exposed_machines": set(),
}
SHOP_WEB, DATABASE, REPORTING = "sg-047532ff0cc3253aa", "sg-08a1df3c43cbf57c9", "sg-022de620ef946aa82"


@pytest.fixture(scope="module")
def estate(sample_store):
    with open_workspace(sample_store) as opened:
        yield demo.as_recorded(opened)


def answer(workspace, query):
    found = exploring.explore(workspace, query)
    assert not found.has_more
    return {" > ".join("-" if node is None else node.name for node in row) for row in found.rows}


@pytest.mark.parametrize("id", ANSWERS)
def test_a_ready_question_finds_what_the_facts_say(estate, id):
    assert answer(estate, exploring.read(estate, id)) == ANSWERS[id]


def test_packets_pass_where_security_groups_let_them(estate):
    """The group of the database admits 5433 from the group of the shop; reporting admits 3306 from everywhere."""
    found = answer(estate, exploring.read(estate, "peered_networks"))
    pairs = {tuple(end.split(" with ")[-1].split(" at ")[0] for end in row.split(" > ")) for row in found}
    assert {(SHOP_WEB, DATABASE), (SHOP_WEB, REPORTING)} <= pairs
    assert (DATABASE, SHOP_WEB) not in pairs
    assert any(row.endswith("at tcp/5433") for row in found)


def test_each_ready_question_has_an_answer_here():
    assert {template.id for template in templates()} == {*ANSWERS, "peered_networks"}


def test_there_are_twenty_ready_questions_and_more_of_eight_themes():
    assert len(templates()) >= 20
    assert len({template.theme for template in templates()}) >= 8


def test_what_could_not_be_proven_is_counted_beside_the_answer(estate):
    """The policy of the bucket was not read, and these six have `s3:GetObject` on it from policies of their own: four
    of its account, whom a deny may stop, and two administrators of other accounts, whom it may let in."""
    readers = 'find anything -[has permission to, to read]-> (AWS::S3::Bucket where name = "nordwind-partner-feed")'
    assert answer(estate, exploring.read(estate, readers)) == set()
    assert exploring.unproven(estate, exploring.read(estate, readers)) == 6
    assert exploring.unproven(estate, exploring.read(estate, "exposed_machines")) == 0
