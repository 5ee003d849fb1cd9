"""The parts that pages are made of, by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model import replace
from poise.model.listing import Gap
from poise.model.listings import AssetVersion, Coverage, FacetCount, GapRow
from poise.model.samples.aws import S3_BUCKET
from poise.web import charts, gaps, history, lists, tree, words
from poise.web.address import Address
from poise.web.facets import FINDING_MENUS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RISK = FINDING_MENUS[0]
REGION = next(menu for menu in FINDING_MENUS if menu.name == "region")
pairs = st.lists(st.tuples(st.sampled_from(["risk", "scope", "q", "page"]), st.text(min_size=1)), max_size=6)


@given(pairs)
def test_a_link_to_the_same_page_reads_back_as_it_was(found):
    address = Address("/recommendations", tuple(found))
    again = Address.parse(address.to())
    assert again.pairs == tuple(pair for pair in found if pair[0] != "page")


def test_any_change_starts_at_the_first_page():
    address = Address("/inventory", (("risk", "high"), ("page", "7")))
    assert address.to(sort="name") == "/inventory?risk=high&sort=name"
    assert address.to(page=8) == "/inventory?risk=high&page=8"


def test_the_scope_goes_along_to_other_pages():
    address = Address("/", (("scope", "1"), ("scope", "2"), ("days", "7")))
    assert address.at("inventory", risk="high") == "/inventory?risk=high&scope=1&scope=2"
    assert address.at("inventory", scope="3") == "/inventory?scope=3"
    assert address.at() == "/?scope=1&scope=2"


def test_a_part_of_a_path_cannot_leave_its_place():
    assert Address("/").at("inventory", "../../etc?x#y") == "/inventory/..%2F..%2Fetc%3Fx%23y"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "just now"), (720, "12 min ago"), (7200, "2 h ago"), (86400 * 9, "9 d ago"), (86400 * 70, "2 months ago")],
)
def test_times_read_as_people_say_them(seconds, said):
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == said


def test_almost_all_is_not_all_and_almost_none_is_not_none():
    assert [words.percent(fraction) for fraction in (1.0, 0.9999, 0.5, 0.0001, 0.0)] == [
        "100 %",
        "99 %",
        "50 %",
        "1 %",
        "0 %",
    ]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("AWS::S3::Bucket", "S3 bucket"),
        ("AWS::EC2::SecurityGroup", "Security group"),
        ("AWS::::Account", "AWS account"),
        ("Microsoft.Storage/storageAccounts", "Storage account"),
        ("AWS::EC2::VPC", "VPC"),
        ("AWS::New::BigThing", "Big thing"),
        ("Microsoft.Network/publicIPAddresses", "Public IP address"),
    ],
)
def test_kinds_read_as_people_say_them(kind, said):
    assert words.kind_label(kind) == said


def test_a_value_that_nothing_bears_stays_in_the_menu_with_zero():
    address = Address("/recommendations", (("region", "mars-1"),))
    options = lists.options(REGION, address, [FacetCount("eu-west-1", 3), FacetCount("us-east-1", 9, True)], True)
    assert [(o.value, o.count, o.chosen) for o in options] == [
        ("eu-west-1", "3", False),
        ("mars-1", "0", True),
        ("us-east-1", "9+", False),
    ]
    assert [o.value for o in lists.options(RISK, address)] == ["critical", "high", "medium", "low"]


@pytest.mark.parametrize(
    ("asked", "shown"), [("0", 1), ("-3", 1), ("x", 1), ("²", 1), ("9" * 30, 1), ("3", 3), ("99", 4)]
)
def test_a_page_number_that_makes_no_sense_gives_a_page_that_exists(asked, shown):
    assert lists.part(Address("/", (("page", asked),)), 180).number == shown


def test_a_trend_starts_left_and_ends_right():
    line = charts.trend([(NOW + timedelta(days=n), 0.5 + n / 10, 0.4, 1.0) for n in range(3)])
    assert [(point.x, point.y) for point in line.points] == [(0.0, 50.0), (50.0, 40.0), (100.0, 30.0)]
    assert line.points[0].says == "25 Nov 2026: 50 %, between 40 % and 100 %"
    assert line.band.endswith("Z")
    assert line.change == "Up 20 points"


@pytest.mark.parametrize(
    ("last", "said"),
    [(0.5, "Unchanged"), (0.5004, "Up 0.04 points"), (0.49, "Down 1 point"), (0.482, "Down 1.8 points")],
)
def test_a_small_change_is_not_rounded_away(last, said):
    line = charts.trend([(NOW, 0.5, 0.4, 1.0), (NOW + timedelta(days=1), last, 0.4, 1.0)])
    assert line.change == said


def test_a_gauge_shows_its_range_even_when_it_is_narrow():
    assert charts.gauge(0.72, 0.72, 0.72).reach == "0 72.00 0.60 200"


def test_gaps_are_grouped_by_what_to_grant_and_the_expected_left_out():
    denied = Gap("s3", "s3:GetBucketPolicy", "AccessDenied", "s3:GetBucketPolicy", count=3)
    broken = Gap("kms", "kms:ListKeys", "unreachable")
    absent = Gap("rds", "rds:DescribeDBInstances", "not offered", expected=True)
    rows = [GapRow("1", "aws", "eu-west-1", denied), GapRow("2", "aws", "us-east-1", denied)]
    rows += [GapRow("1", "aws", "global", broken), GapRow("1", "aws", "global", absent)]
    found = gaps.grants(Coverage((), tuple(rows)))
    assert [(g.permission, g.count, g.scopes) for g in found] == [
        ("s3:GetBucketPolicy", 6, ("1", "2")),
        ("", 1, ("1",)),
    ]
    assert [g.scopes for g in gaps.grants(Coverage((), tuple(rows)), ["2"])] == [("2",)]
    assert [row.gap.call for row in gaps.expected(Coverage((), tuple(rows)))] == ["rds:DescribeDBInstances"]


def test_a_fact_that_became_unread_is_a_change():
    unread = replace(S3_BUCKET, unread={"versioning": "AccessDenied"})
    versions = (AssetVersion(unread, NOW, None), AssetVersion(S3_BUCKET, NOW - timedelta(days=1), NOW))
    newest, first = history.of_asset(versions)
    assert [(c.fact, c.before, c.after) for c in newest.changes] == [
        ("versioning", "Enabled", "not read: AccessDenied")
    ]
    assert first.is_first


def test_the_tree_tells_none_unread_and_empty_apart():
    asset = replace(S3_BUCKET, versioning=None, replication=(), unread={"policy": "AccessDenied"})
    nodes = {node.key: node for node in tree.of(asset)}
    assert nodes["versioning"].kind == "none"
    assert (nodes["policy"].kind, nodes["policy"].text) == ("unread", "AccessDenied")
    assert (nodes["replication"].kind, nodes["replication"].text) == ("branch", "[0]")
    assert nodes["mfa_delete"].text == "false"
