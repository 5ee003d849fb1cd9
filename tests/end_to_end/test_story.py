"""Forty days of a small estate, told through the use cases: each day is seen, and the past must say the same later.

Every change of the score is attributed, the parts add up exactly, and each day that is told to change something changes
it through the part that is named beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from poise.app import exemptions, governing, past, queries
from poise.app.changes import Formula, Span, score_change
from poise.app.cloud_scores import risk_score
from poise.app.scan import ScanOptions, scan
from poise.app.scores import score_history, secure_score
from poise.app.ticking_digest import messages
from poise.app.upkeep import retire
from poise.app.workspace import Workspace, catch_up, check_facts
from poise.checks import catalog
from poise.model import replace as changed
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.governance import Condition, OwnerSource, Rule
from poise.model.listing import Scope
from poise.model.listings import FindingFilter, Standing
from poise.model.notice import Outgoing
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.notify.mail import text_lines
from poise.score.attribution import Part
from poise.store import Store
from tests.app.conftest import FakeCloud, bucket

FIRST = datetime(2026, 3, 1, 6, tzinfo=UTC)
DAYS = 40
DIGEST_DAYS = (5, 9, 15, 24)
GOLDEN = Path(__file__).parent / "golden"
OTHER = "999988887777"

DROPPED = "aws.s3.plain_http_allowed"
OWNER = "ann@example.org"
SCORED = "aws.s3.access_logging_off"


class OtherCloud(FakeCloud):
    """A second account."""

    def scopes(self):
        return (Scope(OTHER, "aws", "labs", ()),)


@dataclass
class Story:
    """The estate, and what was seen of it each evening."""

    path: object
    now: datetime = FIRST
    seen: dict[int, tuple] = field(default_factory=dict)
    mails: dict[int, list[str]] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    story = Story(tmp_path_factory.mktemp("story") / "poise.db")
    shop, labs = FakeCloud(story.clock), OtherCloud(story.clock)
    labs.account = changed(AWS_ACCOUNT, id=AWS_ACCOUNT.id.replace(ACCOUNT, OTHER), scope=OTHER)
    shop.buckets = [bucket("invoices", tags={"owner": OWNER}), bucket("logs"), bucket("site")]
    labs.buckets = [changed(bucket("trial"), scope=OTHER, logging_target=None)]
    workspace = _opened(story, catalog.load())
    for day in range(DAYS):
        story.now = FIRST + timedelta(days=day)
        if day == 32:
            workspace.store.close()
            workspace = _opened(story, {id: c for id, c in catalog.load().items() if id != DROPPED})
        catch_up(workspace.store, workspace.checks)
        _morning(workspace, day, shop, labs)
        if day in DIGEST_DAYS:
            story.mails[day] = [_text(one) for one in messages(workspace, story.now)]
        story.now += timedelta(hours=12)
        story.seen[day] = _seen(workspace)
    story.now += timedelta(hours=1)
    yield story, workspace
    workspace.store.close()


def _opened(story: Story, checks) -> Workspace:
    """The store with one check pack."""
    store = Store.open(story.path, scoring=check_facts(checks), clock=story.clock)
    return Workspace(store, checks, clock=story.clock)


def _morning(workspace, day: int, shop: FakeCloud, labs: FakeCloud) -> None:
    """What happens on each day, and the scan after it."""
    if day == 4:
        shop.buckets[0] = changed(shop.buckets[0], logging_target=None)
    if day == 14:
        shop.buckets[0] = changed(shop.buckets[0], logging_target=bucket("x").logging_target)
    if day == 18:
        shop.buckets[0] = changed(shop.buckets[0], logging_target=None)
    clouds = [shop] if day < 22 or day >= 36 else [shop, labs]
    for cloud in clouds:
        scan(workspace, [cloud], ScanOptions())
    if day == 0:
        governing.add(workspace, RULE, "ann@example.org")
    if day == 10:
        exemptions.add(workspace, _waiver(workspace.clock()), "ann@example.org")
    if day == 36:
        retire(workspace, OTHER)


RULE = Rule(
    name="logs",
    priority=10,
    conditions=(Condition(checks=(SCORED,)),),
    owner=OwnerSource(tag="owner"),
    days=3,
    is_grace=True,
    managers=("boss@example.org",),
)
"""Who owns missing logs is said by a tag of the bucket; they are due after three days, and count from then."""


def _waiver(now: datetime) -> Exemption:
    return Exemption(
        name="until-migration",
        kind=Kind.WAIVER,
        covers=Covers(checks=(SCORED,), scopes=(ACCOUNT,)),
        reason="it is being migrated",
        approver="ann@example.org",
        until=now + timedelta(days=2),
    )


def _text(one: Outgoing) -> str:
    """A mail as its reader sees it; the ids of findings are their digests and stay the same."""
    return "\n".join([f"To: {one.to}", f"Subject: {one.notice.subject}", *text_lines(one.notice), ""])


def _seen(workspace) -> tuple:
    secure = secure_score(workspace)
    scopes = {scope.scope: msgspec.structs.astuple(scope) for scope in secure.scopes if scope.weight}
    rows = workspace.store.findings.all(None, FindingFilter(standing=Standing.OPEN))
    return secure.overall, scopes, risk_score(workspace), frozenset((row.id, row.state, row.effect) for row in rows)


def evening(day: int) -> datetime:
    return FIRST + timedelta(days=day, hours=12)


def test_every_day_is_later_as_it_was_seen(told):
    story, workspace = told
    for day, (overall, scopes, by_risk, findings) in story.seen.items():
        found = past.moment(workspace, evening(day))
        assert found.score.overall == overall, day
        assert {s.scope: msgspec.structs.astuple(s) for s in found.score.scopes if s.weight} == scopes, day
        assert found.risk_score == by_risk, day
        then = workspace.store.history.findings_at(None, evening(day))
        assert frozenset((one.id, one.state, one.effect) for one in then) == findings, day


PARTS = {
    4: {Part.ASSETS, Part.GRACE},
    8: {Part.GRACE},
    10: {Part.EXEMPTIONS},
    12: {Part.EXEMPTIONS},
    14: {Part.ASSETS},
    18: {Part.ASSETS, Part.GRACE},
    22: {Part.SCOPE, Part.GRACE},
    26: {Part.GRACE},
    32: {Part.CHECKS},
    36: {Part.SCOPE},
}
"""Day -> what changed since the evening before."""


@pytest.mark.parametrize("formula", list(Formula))
def test_every_change_is_attributed_and_the_parts_add_up(told, formula: Formula):
    _, workspace = told
    for day in range(1, DAYS):
        change = score_change(workspace, Span(evening(day - 1), evening(day), formula=formula))
        parts = [Decimal(str(part.difference)) for part in change.parts]
        assert sum(parts) == Decimal(str(change.difference)) == Decimal(str(change.after)) - Decimal(str(change.before))
        assert {part.part for part in change.parts if part.checks} == PARTS.get(day, set()), day
        assert all(part.difference == 0 for part in change.parts if not part.checks), day


def test_the_whole_time_is_attributed_too(told):
    story, workspace = told
    change = score_change(workspace, Span(evening(0), evening(DAYS - 1)))
    assert sum(Decimal(str(part.difference)) for part in change.parts) == Decimal(str(change.difference))
    assert change.before == story.seen[0][0].percentage
    assert change.after == story.seen[DAYS - 1][0].percentage


def test_the_kept_days_are_those_that_were_seen(told):
    story, workspace = told
    kept = {row.day: row for row in score_history(workspace, days=DAYS + 1)}
    for day in (0, 3, 13, 25, DAYS - 1):
        row = kept[evening(day).date().isoformat()]
        assert row.current == story.seen[day][0].current


def test_the_finding_kept_its_identity_through_it_all(told):
    _, workspace = told
    rows = workspace.store.findings.all(None, FindingFilter(checks=frozenset({SCORED}), standing=Standing.ANY))
    (row,) = [row for row in rows if row.asset.name == "invoices"]
    assert (row.reopened, row.first_seen.date(), row.resolved_at) == (1, evening(4).date(), None)
    spans = workspace.store.history.of_finding(None, row.id)
    assert [(s.begins.date().day, s.effect.value) for s in spans if s.begins != s.ends] == [
        *((5, "grace"), (9, "counted"), (11, "waived"), (13, "counted"), (19, "grace"), (23, "counted")),
    ]


def test_the_digests_say_what_was_on_time_and_overdue(told):
    story, _ = told
    for day, mails in story.mails.items():
        golden = GOLDEN / f"story-day-{day:02}.txt"
        assert "\n".join(mails) == golden.read_text(encoding="utf-8"), golden


def test_owner_and_due_date_follow_the_rule_when_the_finding_comes_back(told):
    _, workspace = told
    rows = queries.all_findings(workspace, FindingFilter(checks=frozenset({SCORED})))
    (one,) = [row for row in rows if row.asset.name == "invoices"]
    assert (one.owner, one.due.date()) == (OWNER, evening(21).date())


def test_two_moments_are_compared(told):
    _, workspace = told
    came = past.difference(workspace, Span(evening(3), evening(4)))
    assert [one.asset.name for one in came.new if one.check == SCORED] == ["invoices"]
    fixed = past.difference(workspace, Span(evening(13), evening(14)))
    assert [one.check for one in fixed.fixed] == [SCORED]
    back = past.difference(workspace, Span(evening(17), evening(18)))
    assert [one.check for one in back.reopened] == [SCORED]
    assert not back.new
    gone = past.difference(workspace, Span(evening(35), evening(36)))
    assert {asset.scope for asset in gone.removed} == {OTHER}
    assert any(control.before != control.after for control in came.controls)
