"""The life of a finding under governance, the same on both databases."""

from poise.app import governing, governing_assign, notifying, queries
from poise.app.governing_assign import Decision
from poise.app.governing_report import report
from poise.app.scan import ScanOptions, scan
from poise.app.ticking import Ticker
from poise.app.workspace import catch_up
from poise.model.governance import DueState, Overwrite
from poise.model.listings import FindingFilter
from poise.model.notice import Channel, ChannelKind, EventKind
from poise.model.samples.aws import ACCOUNT
from tests.app.conftest import bucket
from tests.app.databases import postgres_server, workspace
from tests.app.test_governing import ANN, BEN, CHECK, OrganizedCloud, assigned, effects, rule
from tests.app.test_notifying import critical
from tests.app.test_ticking import FakeSender

__all__ = ["postgres_server", "workspace"]


def test_the_life_of_a_finding(workspace, clock):
    cloud = OrganizedCloud(clock)
    cloud.buckets = [bucket("a", versioning=None, tags={"owner": ANN}), bucket("b", versioning=None)]
    scan(workspace, [cloud], ScanOptions())
    governing.add(workspace, rule(is_grace=True, managers=("boss@example.org",)), "ann")
    assert assigned(workspace) == {"a": (ANN, "2026-01-15"), "b": (None, "2026-01-15")}
    assert set(effects(workspace).values()) == {"grace"}
    id = next(f.id for f in queries.all_findings(workspace, FindingFilter(owners=frozenset({ANN}))))
    governing_assign.assign(workspace, [id], Decision(eta="2026-02-01", justification="later"), "ann")
    governing_assign.assign(workspace, [CHECK], Decision(owner=BEN), "ann")
    assert governing.run_rules(workspace, "ann", Overwrite.EVERYTHING) == 2
    clock.pass_days(20)
    catch_up(workspace.store, workspace.checks)
    assert set(effects(workspace).values()) == {"counted"}
    found = report(workspace)
    assert (found.total.overdue, found.total.with_eta) == (2, 1)
    wanted = FindingFilter(due=frozenset({DueState.OVERDUE}))
    assert queries.findings(workspace, wanted).total == 2
    channel = Channel(name="m", kind=ChannelKind.MAIL, to=(ANN,), events=tuple(EventKind))
    notifying.set_channel(workspace, channel, "", "ann")
    critical(workspace)
    workspace.store.recount()  # the risks were written past the roll-ups
    out = FakeSender(workspace)
    assert Ticker(workspace, out).tick().alerts >= 2
    clock.pass_days(7)
    assert Ticker(workspace, out).tick().sent >= 3
    cloud.buckets = [bucket("a"), bucket("b", versioning=None)]
    scan(workspace, [cloud], ScanOptions())
    assert report(workspace).total.completed_late == 1
    assert report(workspace).total.mean_days == 27.0
    governing_assign.unassign(workspace, [CHECK], "ann")
    assert workspace.store.recount()
    assert workspace.store.purge(ACCOUNT)
