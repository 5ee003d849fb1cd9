"""What happened in one account or group, and nothing of the others. What is expected is what the test does where."""

from __future__ import annotations

from datetime import timedelta

import pytest

from poise.app import exemptions, groups, timeline
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import catch_up
from poise.model import replace
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listing import Scope
from poise.model.listings import AssetFilter
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from tests.app.conftest import FakeCloud, bucket
from tests.app.databases import postgres_server, workspace

__all__ = ["postgres_server", "workspace"]

LABS = "999988887777"
LOGS, VERSIONS = "aws.s3.access_logging_off", "aws.s3.versioning_off"
OF_LABS = AssetFilter(scopes=frozenset({LABS}))
OF_SHOP = AssetFilter(scopes=frozenset({ACCOUNT}))
OF_WEB = AssetFilter(groups=frozenset({"web"}))
OF_OTHERS = AssetFilter(groups=frozenset({"others"}))


class Labs(FakeCloud):
    """A second account."""

    def scopes(self):
        return (Scope(LABS, "aws", "labs", ()),)


@pytest.fixture
def estate(workspace, cloud, clock):
    """Two accounts, of which `labs` came a day later, and two groups of buckets in the first."""
    labs = Labs(clock)
    labs.account = replace(AWS_ACCOUNT, id=AWS_ACCOUNT.id.replace(ACCOUNT, LABS), scope=LABS)
    labs.buckets = [bucket("trial", scope=LABS, logging_target=None)]
    cloud.buckets = [bucket("web", tags={"app": "web"}, logging_target=None), bucket("x", tags={"app": "x"})]
    scan(workspace, [cloud], ScanOptions())
    for name, app in (("web", "web"), ("others", "x")):
        wanted = Wanted(tags={"app": app})
        groups.put(workspace, Group(name=name, kind=GroupKind.TEAM, wanted=wanted, changed_by="ann"))
    clock.pass_days(1)
    scan(workspace, [cloud, labs], ScanOptions())
    return workspace


def says(workspace, wanted=None, kind=None):
    found = timeline.of(workspace, wanted=wanted or AssetFilter())
    return {event.says for event in found if kind in (None, event.kind)}


def waive(workspace, name, **place):
    covers = Covers(checks=(LOGS,), **place)
    until = workspace.clock() + timedelta(days=5)
    one = Exemption(name=name, kind=Kind.WAIVER, covers=covers, reason="known", approver="ann@example.org", until=until)
    exemptions.add(workspace, one, "ann")


def test_the_history_of_a_scope_tells_of_that_scope_alone(estate):
    assert says(estate, kind="scope") == {f"{ACCOUNT} first read", f"{LABS} first read"}
    assert says(estate, OF_LABS, "scope") == {f"{LABS} first read"}
    for wanted in (OF_SHOP, OF_WEB):
        assert says(estate, wanted, "scope") == {f"{ACCOUNT} first read"}


def test_scores_are_those_of_the_one_scope_that_is_named(estate):
    """Only labs has but one bucket, without logging: its score is not that of the whole."""
    assert says(estate, kind="score") != says(estate, OF_LABS, "score") != set()
    for wanted in (OF_WEB, AssetFilter(scopes=frozenset({ACCOUNT, LABS})), AssetFilter(scopes=frozenset({"none"}))):
        assert says(estate, wanted, "score") == set()


def test_switches_are_told_where_they_hold(estate):
    in_labs_alone = exemptions.Switch(check=LOGS, scope=LABS, reason="labs")
    exemptions.disable(estate, in_labs_alone, "ann")
    exemptions.disable(estate, exemptions.Switch(check=VERSIONS, reason="everywhere"), "ann")
    estate.clock.pass_days(1)
    exemptions.enable(estate, in_labs_alone, "ann")
    everywhere, in_labs = {f"{VERSIONS} switched off"}, {f"{LOGS} switched off", f"{LOGS} switched on"}
    assert says(estate, kind="checks") == says(estate, OF_LABS, "checks") == everywhere | in_labs
    assert says(estate, OF_SHOP, "checks") == says(estate, OF_WEB, "checks") == everywhere


def test_exemptions_are_told_where_they_cover_something_and_stay_told_when_they_end(estate):
    waive(estate, "labs-waiver", scopes=(LABS,))
    waive(estate, "web-waiver", groups=("web",))
    in_labs, in_web = {"Exemption labs-waiver added"}, {"Exemption web-waiver added"}
    for _ in range(2):
        assert says(estate, kind="exemption") == in_labs | in_web
        assert says(estate, OF_LABS, "exemption") >= in_labs
        assert not says(estate, OF_SHOP, "exemption") & in_labs
        assert says(estate, OF_WEB, "exemption") == in_web
        assert says(estate, OF_OTHERS, "exemption") == set()
        estate.clock.pass_days(6)
        catch_up(estate.store, estate.checks)
        in_labs, in_web = (told | {next(iter(told)).replace("added", "ends")} for told in (in_labs, in_web))


def test_a_viewer_sees_what_is_wanted_of_what_they_may_see(estate):
    waive(estate, "labs-waiver", scopes=(LABS,))
    exemptions.disable(estate, exemptions.Switch(check=LOGS, scope=LABS, reason="labs"), "ann")
    estate.viewer = frozenset({"group:web"})
    assert says(estate) == {f"{ACCOUNT} first read"}
    assert says(estate, OF_LABS) == set()
    estate.viewer = frozenset({LABS})
    assert f"{LOGS} switched off" in says(estate)
    assert "Exemption labs-waiver added" in says(estate)


def test_one_thing_and_a_scope_are_not_asked_for_together(estate):
    with pytest.raises(UsageError, match="not narrowed"):
        timeline.of(estate, AWS_ACCOUNT.id, wanted=OF_SHOP)
