"""Check again: one asset, finding or check is read anew through its door, and nothing else is touched."""

import json
from datetime import timedelta

import pytest

from poise.app import again, queries, reopening
from poise.app.again import check_again
from poise.app.doors import FilesDoor
from poise.app.reopening import options_of
from poise.app.scan import ScanOptions, scan
from poise.model.asset import to_json
from poise.model.errors import UsageError
from poise.model.listing import ListingState
from poise.model.listings import FindingFilter
from tests.app.conftest import bucket

CHECK = "aws.s3.versioning_off"


@pytest.fixture
def scanned(workspace, cloud):
    cloud.buckets = [bucket("a", versioning=None), bucket("b", versioning=None)]
    scan(workspace, [cloud], ScanOptions())
    return workspace


@pytest.fixture
def opener(cloud):
    return lambda workspace, source: [cloud]


def the_finding(workspace, name="a"):
    rows = queries.all_findings(workspace, FindingFilter(checks=frozenset({CHECK})))
    return next(row for row in rows if row.asset.name == name)


def told(found):
    return [(one.check, one.name, one.before.value, one.after.value) for one in found.turned if one.check == CHECK]


def test_a_mended_asset_is_seen_to_be_mended(scanned, cloud, opener, clock):
    cloud.buckets = [bucket("a"), bucket("b", versioning=None)]
    read = []
    cloud.before_read = lambda key: read.append(key.service)
    clock.now += timedelta(hours=1)
    found = check_again(scanned, the_finding(scanned).id, opener)
    assert told(found) == [(CHECK, "a", "unhealthy", "healthy")]
    assert read == ["s3"]
    assert found.problems == ()
    assert not found.is_gone
    assert found.same > 0


def test_an_asset_that_was_removed_is_gone(scanned, cloud, opener):
    cloud.buckets = cloud.buckets[1:]
    found = check_again(scanned, "arn:aws:s3:::a", opener)
    assert found.is_gone
    assert {one.after for one in found.turned} == {None}


def test_a_check_is_read_again_for_all_its_assets(scanned, cloud, opener):
    cloud.buckets = [bucket("a"), bucket("b")]
    found = check_again(scanned, CHECK, opener)
    assert told(found) == [(CHECK, "a", "unhealthy", "healthy"), (CHECK, "b", "unhealthy", "healthy")]


def test_what_cannot_be_read_is_told_and_changes_nothing_to_healthy(scanned, cloud, opener):
    cloud.buckets, cloud.s3_state, cloud.s3_reason = [], ListingState.DENIED, "AccessDenied"
    found = check_again(scanned, CHECK, opener)
    assert found.problems == ("s3:ListBuckets in 111122223333: AccessDenied",)
    assert found.turned == ()
    assert not found.is_gone


def test_a_source_that_is_no_longer_reached_is_refused_before_anything_is_read(scanned, cloud, opener):
    cloud.scopes = lambda: ()
    scans = len(queries.scans(scanned).rows)
    with pytest.raises(UsageError, match="is not reached through aws now"):
        check_again(scanned, CHECK, opener)
    assert len(queries.scans(scanned).rows) == scans


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("demo", "sample estate"),
        ("files:/nowhere/export", "export /nowhere/export is gone"),
        ("plan", "cannot be read"),
    ],
)
def test_a_source_that_cannot_be_read_again_says_why(scanned, source, says):
    with pytest.raises(UsageError, match=says):
        reopening.reopened(scanned, source)


def test_an_id_that_is_not_there_is_refused(scanned, opener):
    with pytest.raises(UsageError, match="no asset 'nothing'"):
        check_again(scanned, "nothing", opener)


def test_too_much_for_one_reading_is_a_scan(scanned, opener, monkeypatch):
    monkeypatch.setattr(again, "MOST_PARTITIONS", 0)
    with pytest.raises(UsageError, match="about 1 parts"):
        check_again(scanned, CHECK, opener)


def test_the_options_of_the_last_scan_are_found_again():
    found = options_of("poise scan aws --region eu-west-1 --region=us-east-1 --gentle --endpoint-url http://x --quiet")
    assert found["region"] == ["eu-west-1", "us-east-1"]
    assert found["endpoint-url"] == ["http://x"]
    assert "gentle" in found
    hosts = options_of("poise scan host ann@web-1 --sudo --hosts 'my hosts.toml' web-2")
    assert hosts[""] == ["ann@web-1", "web-2"]
    assert hosts["hosts"] == ["my hosts.toml"]


def test_an_export_is_read_again_from_its_file(workspace, tmp_path, clock):
    path = tmp_path / "assets.json"

    def export(versioning):
        path.write_text(json.dumps([{"format_version": 1, **to_json(bucket("a", versioning=versioning))}]))

    export(None)
    scan(workspace, FilesDoor(clock, b"k" * 32).open([path]), ScanOptions())
    export("Enabled")
    assert told(check_again(workspace, "arn:aws:s3:::a")) == [(CHECK, "a", "unhealthy", "healthy")]
