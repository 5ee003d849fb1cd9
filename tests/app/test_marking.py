"""Marks by hand: risks and weights follow at once, and nothing that makes an asset worse lowers a level."""

from __future__ import annotations

import pytest

from poise.app import cloud_scores, marking, queries
from poise.app.scan import ScanOptions, scan
from poise.model.errors import UsageError
from poise.model.listings import FindingFilter
from poise.model.mark import Mark, Topic
from tests.app.conftest import bucket

LOGS = "aws.s3.access_logging_off"


@pytest.fixture
def estate(workspace, cloud):
    cloud.buckets = [bucket("a", tags={}, logging_target=None), bucket("b", tags={}, logging_target=None)]
    scan(workspace, [cloud], ScanOptions())
    return cloud


def points(workspace, name):
    (found,) = [
        f for f in queries.all_findings(workspace, FindingFilter(checks=frozenset({LOGS}))) if f.asset.name == name
    ]
    return {factor.name: (factor.points, factor.because) for factor in found.risk.factors}


def mark(workspace, name, topic=Topic.CRITICALITY, degree="high"):
    one = Mark(asset_id=f"arn:aws:s3:::{name}", topic=topic, degree=degree, reason="it pays us", by="ann")
    marking.mark(workspace, one)


def test_a_critical_asset_has_more_points_at_once(workspace, estate):
    assert points(workspace, "a")["criticality"][0] == 0
    mark(workspace, "a")
    mark(workspace, "b", Topic.SENSITIVITY, "medium")
    assert points(workspace, "a")["criticality"] == (20, "the asset is listed as high")
    assert points(workspace, "b")["sensitivity"][0] == 10
    scan(workspace, [estate], ScanOptions())
    assert points(workspace, "a")["criticality"][0] == 20
    assert marking.unmark(workspace, "arn:aws:s3:::a", Topic.CRITICALITY, "ann")
    assert points(workspace, "a")["criticality"][0] == 0


def test_a_critical_asset_weighs_more_in_the_risk_based_score(workspace, estate):
    before = cloud_scores.risk_score(workspace).weight
    mark(workspace, "a")
    assert cloud_scores.risk_score(workspace).weight == before + 3
    assert workspace.store.recount()


def test_only_assets_that_are_there_are_marked(workspace, estate):
    with pytest.raises(UsageError):
        mark(workspace, "nowhere")
    assert not marking.unmark(workspace, "arn:aws:s3:::a", Topic.CRITICALITY, "ann")
    assert [row.action for row in workspace.store.audit.page().rows] == []


def test_settings_of_the_score_are_previewed_saved_and_audited(workspace, estate):
    asked = {"reading": "a", "weights": {"high": 10}}
    seen = cloud_scores.preview(workspace, asked)
    assert seen.before == cloud_scores.risk_score(workspace)
    assert cloud_scores.save(workspace, asked, "ann") == seen
    assert cloud_scores.risk_score(workspace) == seen.after
    (row,) = workspace.store.audit.page().rows
    assert (row.actor, row.action, row.detail["after"]) == ("ann", "score settings changed", asked)
    with pytest.raises(UsageError):
        cloud_scores.save(workspace, {"reading": "z"}, "ann")


def test_what_the_settings_file_says_is_not_changed_on_a_page(workspace, estate):
    workspace.choices = type(workspace.choices)(cloud=cloud_scores.rules_of(workspace))
    with pytest.raises(UsageError):
        cloud_scores.save(workspace, {"reading": "a"}, "ann")
