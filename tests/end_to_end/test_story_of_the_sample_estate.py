"""Forty days of the sample estate: every change of its scores is attributed, and the past says what each day said.

The estate is read from its files, in which some answers are changed by day, with the clock of that day. Accounts stay
in scope between readings; days without a reading show what passes by itself: a due date, the end of an exemption.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from poise.app import exemptions, governing, past, queries
from poise.app.changes import Formula, Span, score_change
from poise.app.cloud_scores import risk_score
from poise.app.demo import ESTATE, SOURCE
from poise.app.doors import FilesDoor
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.ticking_digest import messages
from poise.app.upkeep import retire
from poise.app.workspace import Workspace, catch_up, check_facts
from poise.checks import catalog
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.governance import OwnerSource, Place, Rule
from poise.model.listings import FindingFilter, Standing
from poise.notify.mail import text_lines
from poise.score.attribution import Part
from poise.store import Store

FIRST = datetime(2026, 10, 1, 6, tzinfo=UTC)
DAYS = 40
SANDBOX = "333344445555"
PAYROLL = "arn:aws:s3:::nordwind-payroll-exports"
LOGGING = "aws/production/eu-west-1/s3-get-bucket-logging/nordwind-payroll-exports.json"
TAGS = "aws/production/eu-west-1/s3-get-bucket-tagging/nordwind-payroll-exports.json"
SCORED, DROPPED = "aws.s3.access_logging_off", "aws.s3.plain_http_allowed"
OWNER = "pay@nordwind.example"
PRODUCTION = ("aws/production", "aws/analytics", "azure")
READ = {0: PRODUCTION, 4: PRODUCTION, 14: PRODUCTION, 18: PRODUCTION, 22: ("aws/sandbox",)}
"""Day -> folders of the estate that are read. The sandbox comes later, and goes."""
LOGS = {0: True, 4: False, 14: True, 18: False}
"""Day -> whether the bucket of the payroll writes access logs from then on."""
PACK_DAY, GONE_DAY = 32, 36


@dataclass
class Story:
    """The estate, and what was seen of it each evening."""

    folder: Path
    now: datetime = FIRST
    seen: dict[int, tuple] = field(default_factory=dict)
    mails: dict[int, list[str]] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    def opened(self, dropped: str = "") -> Workspace:
        """The store with today's checks but one."""
        checks = {id: check for id, check in catalog.load().items() if id != dropped}
        store = Store.open(self.folder / "poise.db", scoring=check_facts(checks), clock=self.clock)
        return Workspace(store, checks, clock=self.clock)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    story = Story(tmp_path_factory.mktemp("story"))
    estate = story.folder / ESTATE
    shutil.copytree(Path(str(files("poise"))) / ESTATE, estate)
    recorded = json.loads((estate / LOGGING).read_text(encoding="utf-8"))
    tags = json.loads((estate / TAGS).read_text(encoding="utf-8"))
    tags["TagSet"].append({"Key": "owner", "Value": OWNER})
    (estate / TAGS).write_text(json.dumps(tags), encoding="utf-8")
    workspace = story.opened()
    for day in range(DAYS):
        story.now = FIRST + timedelta(days=day)
        if day == PACK_DAY:
            workspace.store.close()
            workspace = story.opened(DROPPED)
        if day in LOGS:
            (estate / LOGGING).write_text(json.dumps(recorded if LOGS[day] else {}), encoding="utf-8")
        catch_up(workspace.store, workspace.checks)
        _morning(workspace, day, estate)
        if day in (5, 9, 24):
            story.mails[day] = [
                f"To: {m.to}\n" + "\n".join(text_lines(m.notice)) for m in messages(workspace, story.now)
            ]
        story.now += timedelta(hours=12)
        story.seen[day] = _seen(workspace)
    story.now += timedelta(hours=1)
    yield story, workspace
    workspace.store.close()


def _morning(workspace: Workspace, day: int, estate: Path) -> None:
    if day in READ:
        folders = [estate / name for name in READ[day]]
        door = FilesDoor(workspace.clock, workspace.store.secret_key(), SOURCE)
        for folder in folders:
            scan(workspace, door.open([folder]), ScanOptions())
    if day == 0:
        governing.add(workspace, RULE, "ann@nordwind.example")
    if day == 10:
        exemptions.add(workspace, _waiver(workspace.clock()), "ann@nordwind.example")
    if day == GONE_DAY:
        retire(workspace, SANDBOX)


RULE = Rule(
    name="payroll",
    priority=10,
    scope=Place(assets=(PAYROLL,)),
    owner=OwnerSource(tag="owner"),
    days=3,
    is_grace=True,
    managers=("boss@nordwind.example",),
)


def _waiver(now: datetime) -> Exemption:
    return Exemption(
        name="until-migration",
        kind=Kind.WAIVER,
        covers=Covers(checks=(SCORED,), assets=(PAYROLL,)),
        reason="it is being migrated",
        approver="ann@nordwind.example",
        until=now + timedelta(days=2),
    )


def _seen(workspace: Workspace) -> tuple:
    secure = secure_score(workspace)
    scopes = {scope.scope: msgspec.structs.astuple(scope) for scope in secure.scopes if scope.weight}
    rows = workspace.store.findings.all(None, FindingFilter(standing=Standing.OPEN))
    return secure.overall, scopes, risk_score(workspace), frozenset((row.id, row.state, row.effect) for row in rows)


def evening(day: int) -> datetime:
    return FIRST + timedelta(days=day, hours=12)


def test_every_day_is_later_as_it_was_seen(told):
    story, workspace = told
    assert len(story.seen[0][3]) > 100
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
    32: {Part.CHECKS},
    36: {Part.SCOPE},
}
"""Day -> what changed since the evening before."""


@pytest.mark.parametrize("formula", list(Formula))
def test_every_change_is_attributed_and_the_parts_add_up(told, formula: Formula):
    _, workspace = told
    told_parts = {}
    for day in range(1, DAYS):
        change = score_change(workspace, Span(evening(day - 1), evening(day), formula=formula))
        parts = [Decimal(str(part.difference)) for part in change.parts]
        assert sum(parts) == Decimal(str(change.difference)) == Decimal(str(change.after)) - Decimal(str(change.before))
        if changed := {part.part for part in change.parts if part.checks}:
            told_parts[day] = changed
    assert told_parts == PARTS


def test_the_whole_time_is_attributed_too(told):
    story, workspace = told
    change = score_change(workspace, Span(evening(0), evening(DAYS - 1)))
    assert sum(Decimal(str(part.difference)) for part in change.parts) == Decimal(str(change.difference))
    assert change.before == story.seen[0][0].percentage
    assert change.after == story.seen[DAYS - 1][0].percentage


def test_the_finding_kept_its_identity_through_it_all(told):
    _, workspace = told
    rows = workspace.store.findings.all(None, FindingFilter(checks=frozenset({SCORED}), standing=Standing.ANY))
    (row,) = [row for row in rows if row.asset.id == PAYROLL]
    assert (row.reopened, row.first_seen.date(), row.resolved_at) == (1, evening(4).date(), None)
    spans = workspace.store.history.of_finding(None, row.id)
    assert [((s.begins.date() - FIRST.date()).days, s.effect.value) for s in spans if s.begins != s.ends] == [
        *((4, "grace"), (8, "counted"), (10, "waived"), (12, "counted"), (18, "grace"), (22, "counted")),
    ]
    one = queries.finding(workspace, row.id)
    assert (one.owner, one.due.date()) == (OWNER, evening(21).date())


def test_the_digests_name_the_finding_on_time_and_then_overdue(told):
    story, workspace = told
    title = f"{workspace.checks[SCORED].title}"
    for day, word in ((5, "On time"), (9, "Overdue"), (24, "Overdue")):
        mail = next(one for one in story.mails[day] if one.startswith(f"To: {OWNER}"))
        part = mail.partition(word)[2].partition("On time")[0]
        assert title in part, (day, mail)
    assert not [one for one in story.mails[5] if "boss@" in one and title in one]
    assert [one for one in story.mails[9] if "boss@" in one and title in one]


def test_two_moments_are_compared(told):
    _, workspace = told
    fixed = past.difference(workspace, Span(evening(13), evening(14)))
    assert [(one.check, one.asset.id) for one in fixed.fixed] == [(SCORED, PAYROLL)]
    back = past.difference(workspace, Span(evening(17), evening(18)))
    assert [(one.check, one.asset.id) for one in back.reopened] == [(SCORED, PAYROLL)]
    gone = past.difference(workspace, Span(evening(35), evening(36)))
    assert {asset.scope for asset in gone.removed} == {SANDBOX}
