"""Who may do what in the sample estate, asked on the command line and of the API. The answers were derived by hand from
its policies, role by role. Production reads the organization of all three: its one guardrail keeps the trail."""

import json
from urllib.parse import urlencode

import pytest

from poise.app.workspace import open_workspace
from poise.cli.main import run
from poise.web.server import create_app
from tests.web.visitor import Visitor

PRODUCTION, ANALYTICS, SANDBOX = "111122223333", "222233334444", "333344445555"
OWNERS, ELIGIBLE = "d3000000-0000-4000-8000-0000000000a1", "d3000000-0000-4000-8000-0000000000a6"
MEMBER, AGENCY = "d3000000-0000-4000-8000-0000000000a7", "d3000000-0000-4000-8000-0000000000a8"
OWNER, BUILDER = "d3000000-0000-4000-8000-0000000000a0", "d3000000-0000-4000-8000-0000000000a4"
HELPDESK = "d3000000-0000-4000-8000-0000000000a5"
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
SECRETS = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
VM = "Microsoft.Compute/virtualMachines"
ROLES = f"arn:aws:iam::{PRODUCTION}:role"

QUESTIONS = {
    # principal, action, asset: (decision, what it comes to as read, inputs that were not read, a part of the reasons)
    ("anna.berg", "s3:GetObject", "nordwind-payroll-exports"): ("allow", "allow", set(), "AdministratorAccess"),
    ("lena.koch", "s3:GetObject", "nordwind-payroll-exports"): ("deny", "deny", set(), "identity policies"),
    ("lena.koch", "lambda:GetFunction", "order-events"): ("allow", "allow", set(), "nordwind-developer"),
    ("lena.koch", "lambda:InvokeFunction", "order-events"): ("deny", "deny", set(), "identity policies"),
    ("marek.nowak", "iam:PassRole", f"{ROLES}/shop-web-legacy"): ("allow", "allow", set(), "nordwind-deploy"),
    ("marek.nowak", "s3:GetObject", "nordwind-payroll-exports"): ("deny", "deny", set(), "identity policies"),
    ("marek.nowak", "s3:GetObject", "nordwind-customer-uploads"): ("allow", "allow", set(), "MobileAppNeedsThis"),
    ("github-deploy-shop", "iam:PassRole", "shop-web"): ("conditional", "conditional", set(), "nordwind-deploy-web"),
    ("github-deploy-shop", "iam:PassRole", "shop-web-legacy"): ("deny", "deny", set(), "identity policies"),
    ("shop-web", "s3:GetObject", "nordwind-product-images"): ("allow", "allow", set(), "nordwind-web-images"),
    ("shop-web", "s3:PutObject", "nordwind-product-images"): ("deny", "deny", set(), "identity policies"),
    ("shop-web", "s3:GetObject", "nordwind-payroll-exports"): ("deny", "deny", set(), "identity policies"),
    ("shop-web-legacy", "s3:GetObject", "nordwind-payroll-exports"): ("allow", "allow", set(), "nordwind-legacy-all"),
    ("image-sync", "s3:DeleteObject", "nordwind-product-images"): ("deny", "deny", set(), "identity policies"),
    ("order-export", "lambda:InvokeFunction", "order-events"): ("allow", "allow", set(), "start-export"),
    ("github-deploy-site", "s3:PutObject", "arn:aws:s3:::nordwind-press-kit/index.html"): (
        *("allow", "allow", set()),
        "publish-site",
    ),
    ("everyone", "s3:GetObject", "nordwind-customer-uploads"): ("allow", "allow", set(), "MobileAppNeedsThis"),
    ("everyone", "s3:GetObject", "nordwind-press-kit"): ("allow", "allow", set(), "PublicRead"),
    ("everyone", "s3:ListBucket", "nordwind-press-kit"): ("deny", "deny", set(), "resource policy"),
    ("everyone", "s3:GetObject", "nordwind-product-images"): ("deny", "deny", set(), "public access block"),
    ("everyone", "s3:ListBucket", "nordwind-sandbox-scratch"): ("allow", "allow", set(), "AllUsers"),
    ("everyone", "s3:GetObject", "nordwind-sandbox-scratch"): ("deny", "deny", set(), "resource policy"),
    ("everyone", "s3:GetObject", "nordwind-partner-feed"): (
        *("unknown", "unknown"),
        {"bucket policy of nordwind-partner-feed"},
        "",
    ),
    # The buckets are encrypted with keys of which these policies say nothing: they reach what is older than the keys.
    ("image-sync", "s3:GetObject", "nordwind-payroll-exports"): (
        *("conditional", "conditional", set()),
        "it takes kms:Decrypt on alias/payroll, the key of nordwind-payroll-exports",
    ),
    ("github-deploy-site", "s3:GetObject", "nordwind-payroll-exports"): (
        *("conditional", "conditional", set()),
        "it takes kms:Decrypt on alias/payroll, the key of nordwind-payroll-exports",
    ),
    ("petra.lang", "s3:GetObject", "nordwind-datalake"): ("conditional", "conditional", set(), "nordwind-analyst"),
    ("petra.lang", "s3:PutObject", "nordwind-datalake"): ("deny", "deny", set(), "identity policies"),
    ("etl-runner", "s3:PutObject", "nordwind-datalake"): ("conditional", "conditional", set(), "etl-runner/lake"),
    ("notebooks", "iam:CreatePolicyVersion", "nordwind-analyst"): ("allow", "allow", set(), "manage-own-policy"),
    # Across accounts both sides must allow.
    ("hackday", "s3:GetObject", "nordwind-payroll-exports"): ("deny", "deny", set(), "resource policy"),
    ("hackday", "s3:GetObject", "nordwind-customer-uploads"): ("allow", "allow", set(), "MobileAppNeedsThis"),
    ("hackday", "kms:Decrypt", "alias/payroll"): ("deny", "deny", set(), "resource policy"),
    ("anna.berg", "kms:Decrypt", "alias/payroll"): ("allow", "allow", set(), "Enable IAM User Permissions"),
    ("jonas.weber", "kms:Decrypt", "alias/orders"): ("deny", "deny", set(), "identity policies"),
    ("anna.berg", "sts:AssumeRole", "platform-admin"): ("conditional", "conditional", set(), "trust policy"),
    ("lena.koch", "sts:AssumeRole", "platform-admin"): ("deny", "deny", set(), "identity policies"),
    ("everyone", "lambda:InvokeFunctionUrl", "newsletter-signup"): ("conditional", "conditional", set(), "Public"),
    ("events.amazonaws.com", "lambda:InvokeFunction", "order-events"): (
        *("conditional", "conditional", set()),
        "FromUploads",
    ),
    # Azure: everything that decides is read, the directory included.
    (OWNER, f"{VM}/write", "intranet"): ("allow", "allow", set(), "role Owner"),
    (OWNER, f"{VM}/read", "intranet"): ("allow", "allow", set(), "role Owner"),
    (ELIGIBLE, f"{VM}/write", "intranet"): ("conditional", "conditional", set(), "role Owner"),
    (MEMBER, f"{VM}/write", "intranet"): ("allow", "allow", set(), f"through group {OWNERS}"),
    (AGENCY, f"{VM}/restart/action", "intranet"): ("allow", "allow", set(), f"through group {HELPDESK}"),
    (AGENCY, f"{VM}/write", "intranet"): ("deny", "deny", set(), "no role"),
    (OWNER, BLOBS, "nordwindfiles"): ("deny", "deny", set(), "no role"),
    (BUILDER, f"{VM}/delete", "build-agent"): ("deny", "deny", set(), "a CanNotDelete lock"),
    (BUILDER, f"{VM}/write", "build-agent"): ("allow", "allow", set(), "role Contributor"),
    (BUILDER, BLOBS, "nordwindoldshare"): ("allow", "allow", set(), "role Contributor"),
    (HELPDESK, f"{VM}/restart/action", "intranet"): ("allow", "allow", set(), "Nordwind helpdesk"),
    (OWNER, SECRETS, "nordwind-office"): ("deny", "deny", set(), "no role"),
    ("everyone", BLOBS, "nordwindfiles"): ("deny", "deny", set(), "forbids anonymous access"),
    ("everyone", BLOBS, "nordwindoldshare"): ("unknown", "unknown", {"containers"}, ""),
}
GROUPS_OF = " (d3000000-0000-4000-8000-0000000000a1)"


@pytest.fixture(scope="module")
def store(sample_store):
    return sample_store


@pytest.fixture(scope="module")
def caller(store):
    with open_workspace(str(store)) as workspace:
        yield Visitor(create_app(workspace))


@pytest.fixture
def poise(store, capsys):
    def call(*words):
        capsys.readouterr()
        code = run([*words, "--db", str(store)])
        return code, capsys.readouterr()

    return call


def check(answer, expected):
    decision, as_read, unread, reason = expected
    told = " ".join(f"{one['source']} {one['text']} {json.dumps(one['document'])}" for one in answer["because"])
    assert (answer["decision"], answer["as_read"]) == (decision, as_read), answer["says"]
    assert {gap["input"].removesuffix(GROUPS_OF) for gap in answer["unread"]} - {"group memberships"} == unread
    assert reason in told


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_one_question(question, poise, caller):
    code, written = poise("permissions", "can", *question, "-o", "json")
    assert code == 0
    check(json.loads(written.out), QUESTIONS[question])
    query = urlencode(dict(zip(("principal", "action", "asset"), question, strict=True)))
    response = caller.get(f"/api/v1/permissions/can?{query}")
    assert response.json().items() <= json.loads(written.out).items()


def test_a_person_reads_a_sentence_and_the_statement(poise):
    _, written = poise(
        *["permissions", "can", "shop-web-legacy", "s3:GetObject", "nordwind-payroll-exports", "-v", "-o", "table"]
    )
    assert "shop-web-legacy may do s3:GetObject on nordwind-payroll-exports." in written.out
    assert '"Action": "*"' in written.out


def test_a_permission_that_would_cure_a_gap_is_named(poise):
    _, written = poise(*["permissions", "can", "everyone", "s3:GetObject", "nordwind-partner-feed", "-o", "json"])
    cures = {gap["input"]: gap["permission"] for gap in json.loads(written.out)["unread"]}
    assert cures == {"bucket policy of nordwind-partner-feed": "s3:GetBucketPolicy"}


def test_a_condition_is_told(poise):
    _, written = poise(*["permissions", "can", "anna.berg", "sts:AssumeRole", "platform-admin", "-o", "json"])
    assert "multifactorauthpresent" in json.loads(written.out)["residual"].lower()
    _, written = poise(*["permissions", "can", "github-deploy-shop", "iam:PassRole", "shop-web", "-o", "json"])
    assert "ec2.amazonaws.com" in json.loads(written.out)["residual"]


def test_who_reads_an_open_bucket_is_everyone_first(poise, caller):
    _, written = poise(*["permissions", "who-can", "s3:GetObject", "nordwind-customer-uploads", "-o", "json"])
    rows = json.loads(written.out)
    assert rows[0]["principal_name"] == "everyone"
    assert {row["as_read"] for row in rows} == {"allow"}
    answer = caller.get("/api/v1/permissions/who-can?action=s3:GetObject&asset=nordwind-customer-uploads").json()
    assert [row["principal"] for row in answer["rows"]] == [row["principal"] for row in rows]


def test_who_reads_the_payroll(poise):
    _, written = poise(*["permissions", "who-can", "s3:GetObject", "nordwind-payroll-exports", "-o", "json"])
    names = {row["principal_name"] for row in json.loads(written.out)}
    pipelines = {"github-deploy-site"}  # it publishes to every bucket whose name begins with nordwind-
    assert names == {"root user of nordwind-production", "anna.berg", "image-sync", "shop-web-legacy"} | pipelines


def test_who_may_take_a_role_names_the_vendor(poise):
    for role, as_read in (("vendor-monitoring", "allow"), ("vendor-backup", "conditional")):
        _, written = poise("permissions", "who-can", "sts:AssumeRole", role, "-o", "json")
        assert [(row["principal_name"], row["as_read"]) for row in json.loads(written.out)] == [
            ("account 999988887777", as_read)
        ]


def test_who_may_take_a_role_with_a_token(poise):
    _, written = poise(*["permissions", "who-can", "sts:AssumeRoleWithWebIdentity", "github-deploy-site", "-o", "json"])
    (row,) = json.loads(written.out)
    assert (row["principal_kind"], row["as_read"]) == ("identity provider", "conditional")
    assert "repo:nordwind*" in row["residual"]


def test_who_may_call_everyones_function_is_told_once(poise):
    _, written = poise(*["permissions", "who-can", "lambda:InvokeFunction", "newsletter-signup", "-o", "json"])
    names = {row["principal_name"] for row in json.loads(written.out)}
    assert names == {"root user of nordwind-production", "anna.berg", "shop-web-legacy"}


def test_what_a_role_may_do_is_summed_up(poise, caller):
    _, written = poise(*["permissions", "what-can", "shop-web", "-o", "json"])
    rows = [row for row in json.loads(written.out) if row["allowed"]]
    found = {(row["kind"], row["group"]): row["names"][: row["allowed"]] for row in rows}
    open_ones = ["nordwind-customer-uploads", "nordwind-press-kit", "nordwind-product-images"]
    assert found == {("AWS::S3::Bucket", "read objects"): open_ones}
    answer = caller.get("/api/v1/permissions/what-can?principal=shop-web").json()
    assert answer["left_out"] == 0
    assert "bucket policy of nordwind-partner-feed" in {gap["input"] for gap in answer["unread"]}


def test_what_an_owner_may_do_in_azure(poise):
    _, written = poise("permissions", "what-can", OWNER, "-o", "json")
    groups = {row["group"]: row["allowed"] for row in json.loads(written.out)}
    assert groups["give roles"] == 1
    assert groups["run commands on it"] == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("can", "shop-wbe", "s3:GetObject", "nordwind-audit"), "Did you mean shop-web, shop-web-legacy?"),
        (("can", "shop-web", "s3:GetObject", "nordwind-adit"), "Did you mean nordwind-audit"),
        (("can", "shop-web", "GetObject", "nordwind-audit"), "is not an action"),
        (("can", "arn:aws:s3:::x", "s3:GetObject", "nordwind-audit"), "not the ARN of a principal"),
        (("can", "anna.berg", f"{VM}/read", "intranet"), "no object id of Entra"),
        (("who-can", "s3:GetObject", ""), "no asset ''"),
    ],
)
def test_a_wrong_question_is_told_with_what_to_do(words, says, poise):
    code, written = poise("permissions", *words)
    assert code == 2
    assert says in written.err


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("permissions/can?principal=nobody&action=s3:GetObject&asset=nordwind-audit", 400),
        ("permissions/can?principal=anna.berg&action=s3:GetObject", 422),
        ("permissions/who-can?action=s3:GetObject&asset=nordwind-audit&per_page=0", 422),
        ("permissions/what-can?principal=", 422),
        ("reach?from=internet&to=nobody", 400),
        ("reach?from=internet", 422),
    ],
)
def test_errors_of_the_api_are_problem_documents(caller, query, status):
    answer = caller.get(f"/api/v1/{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["title"]


def test_reach_is_answered_by_the_api(caller):
    instance = f"arn:aws:ec2:eu-west-1:{PRODUCTION}:instance/i-0ab3451f78397d7e8"
    answer = caller.get(f"/api/v1/reach?from=internet&to={instance}&port=22").json()
    assert (answer["decision"], answer["ports"]) == ("open", ["22"])


def test_rdp_of_the_intranet_is_open_to_the_internet(caller):
    target = urlencode({"from": "internet", "to": f"/subscriptions/{OFFICE}/{INTRANET}", "port": "3389"})
    assert caller.get(f"/api/v1/reach?{target}").json()["decision"] == "open"


OFFICE = "5f3c1d2a-7b64-4c1e-9a0d-2e8f6b7a1c90"
INTRANET = "resourcegroups/office/providers/microsoft.compute/virtualmachines/intranet"
