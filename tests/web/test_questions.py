"""The tabs Entitlements and Exposure: where they stand, what they answer, and hostile names in them."""

from urllib.parse import quote

import pytest

from poise.app.workspace import open_workspace
from poise.cli.main import run
from poise.model import replace
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_NONE, S3_BUCKET
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE, SNAPSHOT
from poise.model.samples.aws_iam import IAM_POLICY, IAM_ROLE, IAM_USER
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.model.samples.aws_vpc import GATEWAY, PUBLIC_ROUTE_TABLE, PUBLIC_SUBNET, VPC
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, rule
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION
from tests.cli.conftest import export
from tests.web.visitor import visitor_of, words

MARKUP = '"><img src=x onerror=alert(1)>'
PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": MARKUP,
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports/*",
        }
    ],
}
ALONE = replace(AWS_ACCOUNT, organization_id=None, management_account=None, public_access_block=BLOCK_NONE)
OPEN = replace(S3_BUCKET, policy=PUBLIC, public_access_block=None, encryption="AES256", encryption_key=None)
SHARED = replace(SNAPSHOT, shared_with_groups=("all",))
READER = replace(
    IAM_USER,
    name=MARKUP,
    groups=(),
    attached_policies=(),
    permissions_boundary=None,
    inline_policies={"<script>alert(1)</script>": IAM_POLICY.document},
)
MANY = tuple(
    replace(READER, id=f"arn:aws:iam::111122223333:user/person-{n:03}", name=f"person-{n:03}") for n in range(120)
)
GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=(22, 22), v4=("0.0.0.0/0",)),))
NETWORK = (VPC, PUBLIC_SUBNET, PUBLIC_ROUTE_TABLE, GATEWAY, OPEN_ACL, GROUP, INSTANCE, INTERFACE)
ESTATE = (ALONE, OPEN, SHARED, READER, *MANY, IAM_POLICY, IAM_ROLE, KMS_KEY, LAMBDA_FUNCTION, *NETWORK)
AZURE = (AZURE_SUBSCRIPTION, STORAGE_ACCOUNT)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        patch.chdir(folder)
        path = export(folder / "estate.json", *ESTATE, *AZURE)
        assert run(["scan", "files", str(path), "-q", "--db", str(folder / "estate.db")]) == 0
    with open_workspace(str(folder / "estate.db")) as workspace:
        yield visitor_of(workspace)


def place(asset, query):
    return f"/inventory/{quote(asset.id, safe='')}?{query}"


def tabs(page):
    return [words(link).split()[0] for link in page.select("nav.tabs a")]


@pytest.mark.parametrize(
    ("asset", "expected"),
    [
        (OPEN, ["Entitlements", "Exposure"]),
        (READER, ["Entitlements"]),
        (IAM_ROLE, ["Entitlements", "Exposure"]),
        (INSTANCE, ["Entitlements", "Exposure"]),
        (SHARED, ["Entitlements", "Exposure"]),
        (STORAGE_ACCOUNT, ["Entitlements", "Exposure"]),
        (ALONE, []),
        (GROUP, []),
        (GATEWAY, []),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "KIND", ""),
)
def test_a_tab_stands_only_where_it_means_something(visitor, asset, expected):
    found = tabs(visitor.page(place(asset, "tab=raw")))
    assert [tab for tab in found if tab in ("Entitlements", "Exposure")] == expected


def test_a_tab_that_is_not_there_leads_to_the_first(visitor):
    page = visitor.page(place(GROUP, "tab=exposure"))
    assert page.select_one("nav.tabs [aria-current]").get_text().startswith("Findings")


def test_who_reads_an_open_bucket_names_everyone_with_the_statement(visitor):
    page = visitor.page(place(OPEN, "tab=entitlements"))
    first = page.select_one("details.example")
    assert "everyone" in words(first.summary)
    assert "Everyone may do s3:GetObject on reports." in words(first)
    assert '"Principal": "*"' in first.select_one("pre").get_text()


def test_the_action_is_in_the_address(visitor):
    page = visitor.page(place(OPEN, "tab=entitlements&action=s3%3APutObject"))
    assert page.select_one("nav[aria-label=Actions] [aria-current]").get_text() == "Write objects"
    assert "everyone" not in words(page.select_one("[aria-labelledby=h-who]"))
    nonsense = visitor.page(place(OPEN, "tab=entitlements&action=nonsense"))
    assert nonsense.select_one("nav[aria-label=Actions] [aria-current]").get_text() == "Read objects"


def test_a_long_list_is_paged(visitor):
    page = visitor.page(place(OPEN, "tab=entitlements&per_page=25"))
    assert len(page.select("[aria-labelledby=h-who] > details")) == 25
    last = visitor.page(place(OPEN, "tab=entitlements&per_page=25&page=99"))
    assert words(last.select_one("nav.pager span")) == "Page 5 of 5"


def test_what_a_user_may_do_opens_down_to_the_statement(visitor):
    page = visitor.page(place(READER, "tab=entitlements"))
    text = words(page.select_one("[aria-labelledby=h-what]"))
    assert "S3 bucket: read objects" in text
    assert f"{MARKUP} may do s3:GetObject on reports." in text


def test_a_role_is_asked_both_ways(visitor):
    page = visitor.page(place(IAM_ROLE, "tab=entitlements"))
    links = {link.get_text(): link["href"] for link in page.select("#ask a")}
    assert set(links) == {"What it may do", "Who may do what to it"}
    other = visitor.page(links["Who may do what to it"])
    assert "sts:AssumeRole" in words(other.select_one("#h-who"))


def test_exposure_shows_the_rule_that_decides(visitor):
    section = visitor.page(place(OPEN, "tab=exposure")).select_one("[aria-labelledby=h-channel-1]")
    assert "Public" in words(section.select_one(".card-head"))
    assert "anyone" in words(section.table)
    shared = visitor.page(place(SHARED, "tab=exposure"))
    assert "It is shared with every AWS account" in words(shared.main)


def test_a_machine_shows_the_way_from_the_internet_step_by_step(visitor):
    section = visitor.page(place(INSTANCE, "tab=exposure")).select_one("[aria-labelledby=h-network]")
    assert "Open" in words(section.select_one(".card-head"))
    steps = [words(step) for step in section.select("ol li")]
    assert steps[0] == "It has a public IPv4 address"
    assert any("Lets tcp 22 in from 0.0.0.0/0" in step for step in steps)


def test_hostile_names_are_text(visitor):
    for asset, query in ((OPEN, "tab=entitlements"), (OPEN, "tab=exposure"), (READER, "tab=entitlements")):
        page = visitor.page(place(asset, query))
        assert not page.select("main img, main script"), query
        assert MARKUP in page.main.get_text()


def test_ids_are_unique_and_nothing_is_inline(visitor):
    for asset in (OPEN, READER, IAM_ROLE, INSTANCE, KMS_KEY, LAMBDA_FUNCTION, STORAGE_ACCOUNT, SHARED):
        for query in ("tab=entitlements", "tab=entitlements&ask=who", "tab=exposure"):
            page = visitor.page(place(asset, query))
            ids = [element["id"] for element in page.select("[id]")]
            assert sorted(ids) == sorted(set(ids)), (asset, query)
            assert not page.select("style, [style]")


def test_every_link_of_the_tabs_leads_somewhere(visitor):
    for asset, query in ((READER, "tab=entitlements"), (IAM_ROLE, "tab=entitlements&ask=who")):
        links = {a["href"] for a in visitor.page(place(asset, query)).select("main a[href]")}
        assert links
        assert [link for link in sorted(links) if visitor.get(link).status_code != 200] == []
