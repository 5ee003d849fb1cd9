"""The past of a group or an account is of its own assets, whatever was switched or changed beside it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from poise.app import changes, exemptions, governing_assign, groups, marking, past
from poise.app.changes import Formula, Span
from poise.app.cloud_scores import risk_score
from poise.app.governing_assign import Decision
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.workspace import catch_up, open_workspace
from poise.model import replace
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listings import AssetFilter
from poise.model.mark import Mark, Topic
from tests.app.conftest import Clock, FakeCloud, bucket

LOGS = "aws.s3.access_logging_off"
SHOP = AssetFilter(groups=frozenset({"shop"}))


def opened(workspace, cloud):
    cloud.buckets = [
        bucket("web", tags={"app": "shop"}, logging_target=None),
        bucket("data", tags={"app": "shop"}),
        *(bucket(f"lake-{n}", tags={"app": "lake"}, logging_target=None) for n in range(3)),
    ]
    scan(workspace, [cloud], ScanOptions())
    wanted = Wanted(tags={"app": "shop"})
    groups.put(workspace, Group(name="shop", kind=GroupKind.APPLICATION, wanted=wanted, changed_by="ann"))


def test_a_switched_check_does_not_bring_in_assets_of_others(workspace, cloud, clock):
    opened(workspace, cloud)
    first, before = clock.now, secure_score(workspace, SHOP)
    clock.pass_days(1)
    exemptions.disable(workspace, exemptions.Switch(check=LOGS, reason="to look at one"), "ann")
    clock.pass_days(1)
    then = past.moment(workspace, first, SHOP)
    assert then.assets == 2
    assert then.score == before
    found = changes.score_change(workspace, Span(first, clock.now, SHOP))
    assert found.after == secure_score(workspace, SHOP).overall.percentage
    assert {a.asset.name for part in found.parts for check in part.checks for a in check.assets} <= {"web", "data"}


def test_another_risk_is_a_cause_of_the_score_by_risk_alone(workspace, cloud, clock):
    opened(workspace, cloud)
    first = clock.now
    clock.pass_days(1)
    asset = cloud.buckets[0].id
    marking.mark(
        workspace, Mark(asset_id=asset, topic=Topic.CRITICALITY, degree="high", reason="it is", by="ann", at=clock())
    )
    clock.pass_days(1)
    secure = changes.score_change(workspace, Span(first, clock.now))
    assert [check for part in secure.parts for check in part.checks] == []
    by_risk = changes.score_change(workspace, Span(first, clock.now, formula=Formula.RISK))
    turns = [turn for part in by_risk.parts for check in part.checks for turn in check.turns]
    assert set(turns) == {"unhealthy, of another risk"}


DEEDS = ("disable", "enable", "waive", "mitigate", "grace", "fix", "break", "add", "remove", "retag", "wait")
EXEMPTIONS = {"waive": Kind.WAIVER, "mitigate": Kind.MITIGATED}
ALL = AssetFilter()
EXAMPLES = 3
"""Each is a whole history; more were run by hand."""


def act(workspace, cloud, clock, number, what):
    switch = exemptions.Switch(check=LOGS, reason="to look at one")
    if what == "disable":
        exemptions.disable(workspace, switch, "ann")
    elif what == "enable":
        with suppress(UsageError):
            exemptions.enable(workspace, switch, "ann")
    elif what in EXEMPTIONS:
        exemptions.add(workspace, exempting(clock, f"{what}-{number}", EXEMPTIONS[what]), "ann")
    elif what == "grace":
        due = (clock.now + timedelta(days=3)).date().isoformat()
        with suppress(UsageError):
            governing_assign.assign(workspace, [LOGS], Decision(due=due, is_grace=True), "ann")
    elif what == "wait":
        clock.pass_days(5)
        catch_up(workspace.store, workspace.checks)
    else:
        cloud.buckets = changed(cloud.buckets, what, number)
        scan(workspace, [cloud], ScanOptions())


def exempting(clock, name, kind):
    return Exemption(
        name=name,
        kind=kind,
        covers=Covers(checks=(LOGS,), tags={"app": "shop"}),
        reason="it is to be retired",
        approver="ann@example.org",
        until=clock() + timedelta(days=4),
    )


def changed(buckets, what, number):
    if what == "add":
        return [*buckets, bucket(f"new-{number}", tags={"app": "shop"}, logging_target=None)]
    if what == "remove":
        return buckets[1:]
    if what == "retag":
        return [replace(one, tags={"app": "shop" if one.tags["app"] == "lake" else "lake"}) for one in buckets]
    target = "aws-logs" if what == "fix" else None
    return [replace(one, logging_target=target) for one in buckets]


@settings(max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=6))
def test_every_past_score_is_the_one_that_was_shown_and_parts_add_up(deeds):
    clock = Clock()
    with TemporaryDirectory() as folder, open_workspace(Path(folder) / "poise.db", clock=clock) as workspace:
        cloud = FakeCloud(clock)
        opened(workspace, cloud)
        shown = [(clock.now, secure_score(workspace, ALL), risk_score(workspace, ALL))]
        for number, what in enumerate(deeds):
            clock.now += timedelta(hours=5)
            act(workspace, cloud, clock, number, what)
            shown.append((clock.now, secure_score(workspace, ALL), risk_score(workspace, ALL)))
        clock.now += timedelta(minutes=1)
        for when, secure, risk in shown:
            then = past.moment(workspace, when)
            assert then.score == secure
            assert then.risk_score == risk
        for wanted in (ALL, SHOP):
            for formula in Formula:
                for when, _, _ in shown:
                    require_parts(changes.score_change(workspace, Span(when, clock.now, wanted, formula)))
        now = changes.score_change(workspace, Span(shown[0][0], clock.now, SHOP))
        assert now.after == secure_score(workspace, SHOP).overall.percentage


def require_parts(found):
    assert found.parts[0].before == found.before
    assert found.parts[-1].after == found.after
    assert round(sum(part.difference for part in found.parts), 4) == round(found.after - found.before, 4)
    for one, other in pairwise(found.parts):
        assert one.after == other.before
