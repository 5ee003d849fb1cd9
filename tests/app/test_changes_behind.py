"""What lies behind a part of a change opens down to every asset, by app, command, API and page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from poise.app.changes import SHOWN, Span, score_change
from poise.app.scan import ScanOptions, scan
from poise.score.attribution import Part
from tests.app.conftest import bucket
from tests.web.visitor import visitor_of

LOGS = "aws.s3.access_logging_off"
NAMES = [f"b{number}" for number in range(SHOWN + 3)]


@pytest.fixture
def began(workspace, cloud, clock):
    """An estate whose buckets all lost their logs after the moment that is given."""
    cloud.buckets = [bucket(name) for name in NAMES]
    scan(workspace, [cloud], ScanOptions())
    first = workspace.clock()
    clock.now += timedelta(days=1)
    cloud.buckets = [bucket(name, logging_target=None) for name in NAMES]
    scan(workspace, [cloud], ScanOptions())
    return first


def assets_of(change, check):
    (part,) = [part for part in change.parts if part.part is Part.ASSETS]
    (one,) = [one for one in part.checks if one.check == check]
    return one.count, [each.asset.name for each in one.assets]


def test_every_asset_behind_a_check_is_named_when_it_is_asked_for(workspace, began):
    now = workspace.clock()
    short, whole = score_change(workspace, Span(began, now)), score_change(workspace, Span(began, now, check=LOGS))
    assert assets_of(short, LOGS)[0] == len(NAMES)
    assert len(assets_of(short, LOGS)[1]) == SHOWN
    assert sorted(assets_of(whole, LOGS)[1]) == sorted(NAMES)
    assert {one.check for part in whole.parts for one in part.checks} == {LOGS}
    assert [part.difference for part in whole.parts] == [part.difference for part in short.parts]


def test_the_page_and_the_api_name_them_too(workspace, began):
    visitor = visitor_of(workspace)
    span = f"from={began.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    more = visitor.page(f"/score?{span}").select_one(f"#change a[href*='behind={LOGS}']")
    assert more.get_text() == f"{len(NAMES) - 3} more"
    shown = {link.get_text() for link in visitor.page(more["href"]).select("#change details a[href*='/inventory/']")}
    assert shown == set(NAMES)
    told = visitor.get(f"/api/v1/score/change?{span}&check={LOGS}").json()
    (part,) = [part for part in told["parts"] if part["checks"]]
    assert len(part["checks"][0]["assets"]) == len(NAMES)
