"""Groups are scopes like accounts: lists, scores and counts are of their assets, each asset once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import msgspec
import pytest

from poise.app import compliance, compliance_past, governing, groups, queries
from poise.app import compliance_reports as reports
from poise.app.cloud_scores import risk_score
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.model.errors import BadInput, UsageError
from poise.model.governance import OwnerSource, Place, Rule
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listings import AssetFilter, FindingFilter
from poise.model.verdict import State
from tests.app.conftest import bucket

LOGS = "aws.s3.access_logging_off"
STANDARD = "nist_800_53_r5"


@pytest.fixture
def estate(workspace, cloud):
    cloud.buckets = [
        bucket("shop-web", tags={"app": "shop", "team": "web"}, logging_target=None),
        bucket("shop-data", tags={"app": "shop", "team": "data"}),
        bucket("lake", tags={"app": "lake", "team": "data"}, logging_target=None),
    ]
    scan(workspace, [cloud], ScanOptions())
    put(workspace, "shop", tags={"app": "shop"})
    put(workspace, "data", GroupKind.TEAM, tags={"team": "data"})
    return cloud


def put(workspace, name, kind=GroupKind.APPLICATION, **wanted):
    return groups.put(workspace, Group(name=name, kind=kind, wanted=Wanted(**wanted), changed_by="ann"))


def of(*names):
    return AssetFilter(groups=frozenset(names))


def logging(score):
    """Healthy and unhealthy assets in the control of logs."""
    (scope,) = score.scopes
    (control,) = [c for c in scope.controls if c.control == "Enable auditing and logging"]
    return control.healthy, control.unhealthy


def names_of(workspace, wanted):
    return sorted(row.asset.name for row in queries.assets(workspace, wanted).rows)


def test_a_group_limits_lists_and_scores(workspace, estate):
    assert names_of(workspace, of("shop")) == ["shop-data", "shop-web"]
    assert logging(secure_score(workspace, of("shop"))) == (1, 1)
    assert logging(secure_score(workspace, of("data"))) == (1, 1)
    wanted = FindingFilter(groups=frozenset({"data"}), checks=frozenset({LOGS}))
    assert [f.asset.name for f in queries.all_findings(workspace, wanted)] == ["lake"]
    (row,) = queries.recommendations(workspace, wanted)
    assert (row.counts.healthy, row.counts.unhealthy) == (1, 1)


def test_an_asset_in_two_groups_counts_once(workspace, estate):
    both = secure_score(workspace, of("shop", "data"))
    assert logging(both) == (1, 2)
    assert both.scopes[0].weight == 3
    assert risk_score(workspace, of("shop", "data")).assets == 3


def test_everything_as_a_group_scores_as_everything(workspace, estate):
    put(workspace, "all", providers=frozenset({"aws"}))
    assert secure_score(workspace, of("all")) == secure_score(workspace)
    assert risk_score(workspace, of("all")) == risk_score(workspace)
    wanted = FindingFilter(groups=frozenset({"all"}), states=frozenset({State.UNHEALTHY, State.UNKNOWN}))
    plain = msgspec.structs.replace(wanted, groups=frozenset())
    assert queries.recommendations(workspace, wanted) == queries.recommendations(workspace, plain)


def test_members_follow_the_tags_at_the_next_scan(workspace, estate):
    estate.buckets[2] = bucket("lake", tags={"app": "shop"}, logging_target=None)
    scan(workspace, [estate], ScanOptions())
    assert names_of(workspace, of("shop")) == ["lake", "shop-data", "shop-web"]
    assert names_of(workspace, of("data")) == ["shop-data"]
    estate.buckets = []
    scan(workspace, [estate], ScanOptions())
    assert {row.group.name: row.assets for row in groups.groups(workspace)} == {"shop": 0, "data": 0}


def test_a_file_makes_its_groups_and_takes_them_away(workspace, estate, tmp_path):
    file = tmp_path / "groups.toml"
    file.write_text(
        '[group.lake]\nkind = "application"\ntags = { app = "lake" }\n[group.web]\nkind="team"\ntext="web"\n'
    )
    assert [(r.group.name, r.assets) for r in groups.sync(workspace, file, "ann")] == [("lake", 1), ("web", 1)]
    file.write_text('[group.lake]\ntags = { app = "lake" }\n')
    groups.sync(workspace, file, "ann")
    assert [row.group.name for row in groups.groups(workspace)] == ["data", "lake", "shop"]


@pytest.mark.parametrize(
    "text",
    [
        "[group.x]\n",
        "[groups.x]\ntext='a'",
        "[group.x]\ntag={a='b'}",
        "[group.x]\nkind='tribe'\ntext='a'",
        "[group.'']\ntext='a'",
    ],
)
def test_a_file_that_makes_no_sense_is_refused(workspace, tmp_path, text):
    file = tmp_path / "groups.toml"
    file.write_text(text)
    with pytest.raises((BadInput, UsageError)):
        groups.sync(workspace, file, "ann")
    assert groups.groups(workspace) == ()


def test_the_state_of_a_standard_is_of_the_group(workspace, estate):
    put(workspace, "good", text="shop-data")
    everything, of_group = (
        {s.standard: s for s in compliance.overview(workspace, scopes)} for scopes in ((), ("group:good",))
    )
    assert {id for id, s in of_group.items() if s.tally.failed < everything[id].tally.failed}
    failing = {a.check for s in of_group.values() for c in s.controls for a in c.assessments if a.failed}
    assert LOGS not in failing


def test_a_rule_of_governance_takes_a_group(workspace, estate):
    one = Rule(
        name="shop", priority=1, scope=Place(groups=("shop",)), owner=OwnerSource(address="ann@example.org"), days=7
    )
    governing.add(workspace, one, "ann")
    found = {f.asset.name: f.owner for f in queries.all_findings(workspace, FindingFilter(checks=frozenset({LOGS})))}
    assert found == {"shop-web": "ann@example.org", "lake": None}


def test_each_change_is_in_the_audit_log(workspace, estate):
    groups.remove(workspace, "shop", "ben")
    found = [(row.actor, row.action, row.target) for row in workspace.store.audit.page().rows]
    assert found[:2] == [("ben", "group removed", "shop"), ("ann", "group set", "data")]
    with pytest.raises(UsageError):
        groups.remove(workspace, "shop", "ben")
    with pytest.raises(UsageError):
        groups.require(workspace, frozenset({"shop"}))


def test_compliance_of_a_group_is_of_its_assets_now_and_then_and_in_reports(workspace, estate, clock):
    """Of the three buckets two have no access logs; one of them is of the shop (the fixture above)."""
    only = ("group:shop",)

    def failed(status):
        return {made.failed for c in status.controls for made in c.assessments if made.check == LOGS}

    clock.pass_days(1)
    assert failed(compliance.standard_status(workspace, STANDARD, only)) == {1}
    assert failed(compliance_past.status_at(workspace, STANDARD, clock() - timedelta(hours=1), only)) == {1}
    assert failed(compliance.standard_status(workspace, STANDARD)) == {2}
    for scopes, names in ((only, {"shop-web"}), ((), {"shop-web", "lake"})):
        one = "".join(reports.export(workspace, STANDARD, "csv", scopes))
        every = b"".join(reports.export_every(workspace, scopes)).decode()
        for text in (one, every):
            rows = csv.DictReader(io.StringIO(text))
            assert {row["name"] for row in rows if row["check"] == LOGS} == names
