"""Groups by a question to the security graph: asked anew after each scan, with what is not known beside them."""

from __future__ import annotations

import pytest

from poise.app import compliance, exemptions, governing, groups, queries, saved_queries
from poise.app.exemption_words import exemption_of
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.graph.explorer import forms
from poise.model.errors import BadInput, UsageError
from poise.model.finding import Effect
from poise.model.governance import OwnerSource, Place, Rule
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listing import ListingState
from poise.model.listings import AssetFilter, FindingFilter
from poise.store.exploring import TooSlow
from tests.app.conftest import bucket

LOGS = "aws.s3.access_logging_off"
SHOP = 'find AWS::S3::Bucket where tag.app = "shop"'
WITHOUT = 'find AWS::S3::Bucket where not tag.app = "shop"'


@pytest.fixture
def estate(workspace, cloud):
    cloud.buckets = [
        bucket("shop-web", tags={"app": "shop"}, logging_target=None),
        bucket("shop-data", tags={"app": "shop"}),
        bucket("lake", tags={"app": "lake"}, logging_target=None),
        bucket("dark", unread={"tags": "AccessDenied"}, logging_target=None),
    ]
    scan(workspace, [cloud], ScanOptions())
    return cloud


def put(workspace, name, **wanted):
    return groups.put(
        workspace, Group(name=name, kind=GroupKind.APPLICATION, wanted=Wanted(**wanted), changed_by="ann")
    )


def names_of(workspace, group):
    wanted = AssetFilter(groups=frozenset({group}))
    return sorted(row.asset.name for row in queries.assets(workspace, wanted).rows)


def row_of(workspace, name):
    return groups.group_named(workspace, name)


def test_a_question_says_who_is_in_a_group(workspace, estate):
    made = put(workspace, "shop", query=SHOP)
    assert names_of(workspace, "shop") == ["shop-data", "shop-web"]
    assert (made.assets, made.filled_at) == (2, workspace.store.now())


def test_a_question_and_the_rest_must_both_hold(workspace, estate):
    put(workspace, "web", query=SHOP, text="web")
    assert names_of(workspace, "web") == ["shop-web"]


@pytest.mark.parametrize(("query", "sure"), [(SHOP, 2), (WITHOUT, 1)])
def test_an_asset_whose_tags_were_not_read_may_be_in_it(workspace, estate, query, sure):
    """Whether `dark` bears the tag is not known, so neither group may say that it is theirs, or that it is not."""
    made = put(workspace, "asked", query=query)
    assert (made.assets, made.possible) == (sure, 1)
    assert "dark" not in names_of(workspace, "asked")
    assert put(workspace, "tagged", tags={"app": "shop"}).possible == 1


def test_an_asset_that_is_out_by_something_that_was_read_may_not_be_in_it(workspace, estate):
    assert put(workspace, "one", query=f'{SHOP} and name = "shop-web"').possible == 0
    assert put(workspace, "two", query=f'{SHOP} or name = "dark"').possible == 1  # its tags leave it to the name alone
    assert put(workspace, "three", tags={"app": "shop"}, text="shop").possible == 0


def test_an_unread_fact_that_decides_makes_it_possible(workspace, cloud):
    cloud.buckets = [bucket("kept"), bucket("dark", unread={"versioning": "AccessDenied"})]
    scan(workspace, [cloud], ScanOptions())
    assert put(workspace, "versioned", query="find AWS::S3::Bucket where versioned").possible == 1
    assert names_of(workspace, "versioned") == ["kept"]
    found = put(workspace, "unversioned", query="find AWS::S3::Bucket where not versioned")
    assert (found.assets, found.possible) == (0, 1)


def test_a_kind_that_could_not_be_listed_is_told(workspace, estate):
    estate.s3_state, estate.s3_reason = ListingState.DENIED, "AccessDenied"
    put(workspace, "shop", query=SHOP)
    scan(workspace, [estate], ScanOptions())
    found = row_of(workspace, "shop")
    assert "AWS::S3::Bucket could not be listed" in found.gap
    assert found.assets == 2


def test_it_is_asked_anew_on_each_scan(workspace, estate, clock):
    put(workspace, "shop", query=SHOP)
    clock.pass_days(1)
    estate.buckets[2] = bucket("lake", tags={"app": "shop"}, logging_target=None)
    estate.buckets.pop(0)
    scan(workspace, [estate], ScanOptions())
    assert names_of(workspace, "shop") == ["lake", "shop-data"]
    assert row_of(workspace, "shop").filled_at == workspace.store.now()


class TooHard:
    def ids(self, find):
        raise TooSlow(5)


def test_a_question_that_cannot_be_asked_leaves_the_group_and_says_so(workspace, estate, clock):
    before = put(workspace, "shop", query=SHOP)
    workspace.store.exploring = TooHard()
    clock.pass_days(1)
    scan(workspace, [estate], ScanOptions())
    found = row_of(workspace, "shop")
    assert (found.assets, found.filled_at) == (2, before.filled_at)
    assert "earlier scan" in found.gap
    assert "longer than 5 s" in found.gap
    with pytest.raises(UsageError):
        put(workspace, "shop", query=WITHOUT)
    assert row_of(workspace, "shop").group.wanted.query == SHOP


def test_scores_rules_exemptions_and_compliance_take_it(workspace, estate):
    put(workspace, "shop", query=SHOP)
    here = AssetFilter(groups=frozenset({"shop"}))
    assert secure_score(workspace, here).scopes[0].weight == 2
    address = OwnerSource(address="ann@example.org")
    governing.add(workspace, Rule(name="s", priority=1, scope=Place(groups=("shop",)), owner=address, days=7), "ann")
    of_check = FindingFilter(checks=frozenset({LOGS}))
    found = {f.asset.name: f.owner for f in queries.all_findings(workspace, of_check)}
    assert found == {"shop-web": "ann@example.org", "lake": None, "dark": None}
    everything, of_group = (compliance.overview(workspace, s) for s in ((), ("group:shop",)))
    counted = [
        sum(a.failed for s in each for c in s.controls for a in c.assessments) for each in (everything, of_group)
    ]
    assert counted[0] > counted[1] > 0
    fields = {"name": "x", "checks": LOGS, "groups": "shop", "reason": "r", "approver": "ann", "until": "2026-06-30"}
    exemptions.add(workspace, exemption_of(fields), "ann")
    effects = {f.asset.name: f.effect for f in queries.all_findings(workspace, of_check)}
    assert effects == {"shop-web": Effect.WAIVED, "lake": Effect.COUNTED, "dark": Effect.COUNTED}


def test_a_preview_changes_nothing(workspace, estate):
    wanted = Wanted(query=SHOP)
    found = groups.preview(workspace, Group(name="shop", kind=GroupKind.TEAM, wanted=wanted))
    assert (found.before, found.assets, found.possible) == (None, 2, 1)
    assert {row.asset.name for row in found.first} == {"shop-web", "shop-data"}
    assert groups.groups(workspace) == ()


def test_a_saved_question_is_written_out(workspace, estate):
    saved_queries.save(workspace, "shops", forms.from_text(SHOP), "ann")
    put(workspace, "shop", query="shops")
    saved_queries.save(workspace, "shops", forms.from_text(WITHOUT), "ann")
    scan(workspace, [estate], ScanOptions())
    assert names_of(workspace, "shop") == ["shop-data", "shop-web"]
    with pytest.raises(UsageError):
        put(workspace, "none", query="no_such_question")


def test_an_error_names_line_and_column(workspace):
    with pytest.raises(BadInput, match=r"line 2, column 7: .*"):
        put(workspace, "x", query="find AWS::S3::Bucket\nwhere ==")
    assert groups.groups(workspace) == ()


def test_an_error_in_a_file_names_the_line_of_the_file(workspace, tmp_path):
    """The word `wher` begins in the fourth line of the file, at its first column."""
    file = tmp_path / "groups.toml"
    file.write_text('[group.x]\nquery = """\nfind AWS::S3::Bucket\nwher name\n"""\n')
    with pytest.raises(BadInput, match=r"groups\.toml, line 4, column 1: "):
        groups.sync(workspace, file, "ann")
    file.write_text("[group.x]\nquery = 'find anything wher name'\n")
    with pytest.raises(BadInput, match=r"groups\.toml, line 2, column 24: "):
        groups.sync(workspace, file, "ann")


def test_a_file_takes_a_question(workspace, estate, tmp_path):
    file = tmp_path / "groups.toml"
    file.write_text(f"[group.shop]\nkind = 'team'\nquery = '''\n{SHOP}\n'''\n")
    assert [(row.group.name, row.assets) for row in groups.sync(workspace, file, "ann")] == [("shop", 2)]
