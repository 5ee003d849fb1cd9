"""Exemptions: what they cover, how the score reacts, which one holds, and that nothing of them stays behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poise.app import exemptions, groups, queries
from poise.app.covering import apply_exemptions
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.standards import Standards
from poise.app.workspace import Choices, catch_up, open_workspace
from poise.model import Severity, State
from poise.model.check import Category
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.finding import Effect
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listing import ListingState, Scope
from poise.model.listings import AssetFilter, FindingFilter, Standing
from poise.model.samples.aws import ACCOUNT
from poise.model.standard import Control, Standard
from poise.score.secure import Mitigated
from tests.app.conftest import FakeCloud, bucket

CHECK = "aws.s3.versioning_off"
ONE = FindingFilter(checks=frozenset({CHECK}))
ROOT, UNIT = "r-root", "ou-shop"


class OrganizedCloud(FakeCloud):
    def scopes(self):
        return (Scope(ACCOUNT, "aws", "shop", (ROOT, UNIT)),)


def exemption(clock, name="one", kind=Kind.WAIVER, days=30, **covers):
    return Exemption(
        name=name,
        kind=kind,
        covers=Covers(**(covers or {"checks": (CHECK,)})),
        reason="it is to be retired",
        approver="ann@example.org",
        until=clock() + timedelta(days=days),
    )


def run(workspace, cloud):
    scan(workspace, [cloud], ScanOptions())


@pytest.fixture
def estate(workspace, clock):
    cloud = OrganizedCloud(clock)
    cloud.buckets = [
        bucket("a", versioning=None, tags={"team": "shop"}),
        bucket("b", versioning=None, tags={"team": "shops"}),
        bucket("good"),
    ]
    run(workspace, cloud)
    return cloud


def effects(workspace, wanted=ONE):
    return {f.asset.name: (f.effect.value, f.exemption) for f in queries.all_findings(workspace, wanted)}


def everything(workspace):
    """All that exemptions may change: effects, counts and scores."""
    rows = [(f.id, f.effect, f.exemption, f.risk) for f in queries.all_findings(workspace, FindingFilter())]
    ends = [workspace.store.findings.get(None, id).effect_until for id, *_ in rows]
    counts = [(r.check, r.counts) for r in queries.recommendations(workspace, FindingFilter())]
    scopes = workspace.store.scores.scopes(None)
    assets = workspace.store.assets.page(None, AssetFilter()).rows
    return rows, ends, counts, scopes, [(row.asset.id, row.highest_risk, row.open) for row in assets]


COUNTED = ("counted", None)
WAIVED = ("waived", "one")


@pytest.mark.parametrize(
    ("covers", "names"),
    [
        ({"checks": (CHECK,)}, {"a", "b"}),
        ({"checks": ("aws.s3",)}, {"a", "b"}),
        ({"checks": ("aws.rds",)}, set()),
        ({"checks": (CHECK,), "categories": (Category.SECRET,)}, set()),
        ({"checks": (CHECK,), "severities": (Severity.LOW,)}, {"a", "b"}),
        ({"checks": (CHECK,), "severities": (Severity.HIGH,)}, set()),
        ({"scopes": (ACCOUNT,)}, {"a", "b"}),
        ({"scopes": ("999999999999",)}, set()),
        ({"nodes": (UNIT,)}, {"a", "b"}),
        ({"nodes": (ROOT,), "tags": {"team": "shop"}}, {"a"}),
        ({"nodes": ("ou-other",)}, set()),
        ({"tags": {"team": "shop"}}, {"a"}),
        ({"tags": {"Team": "shop"}}, set()),
        ({"assets": ("arn:aws:s3:::b", "arn:aws:s3:::none")}, {"b"}),
        ({"assets": ("ARN:AWS:S3:::B",)}, set()),
    ],
)
def test_an_exemption_covers_what_meets_all_its_conditions(workspace, clock, estate, covers, names):
    exemptions.add(workspace, exemption(clock, **covers), "ann")

    assert {name for name, effect in effects(workspace).items() if effect == WAIVED} == names
    assert workspace.store.recount()


def test_a_new_finding_that_matches_is_covered_by_the_next_scan(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock, checks=(CHECK,)), "ann")
    estate.buckets = [*estate.buckets, bucket("late", versioning=None)]

    run(workspace, estate)

    assert effects(workspace)["late"] == WAIVED


def test_an_asset_that_loses_its_tag_counts_again(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock, tags={"team": "shop"}), "ann")
    assert effects(workspace)["a"] == WAIVED
    estate.buckets = [bucket("a", versioning=None, tags={})]

    run(workspace, estate)

    assert effects(workspace)["a"] == COUNTED


def control(workspace, reading=Mitigated.HEALTHY):
    chosen = replace_choices(workspace, reading)
    score = secure_score(chosen)
    name = next(row.control for row in queries.recommendations(workspace, ONE) if row.check == CHECK)
    return next(c for scope in score.scopes for c in scope.controls if c.control == name)


def replace_choices(workspace, reading):
    return replace(workspace, choices=Choices(mitigated=reading))


def only_versioning(workspace):
    """Leave one check of the control, so that it alone decides."""
    for row in queries.recommendations(workspace, FindingFilter()):
        if row.check != CHECK and row.control is not None:
            exemptions.disable(workspace, exemptions.Switch(check=row.check, reason="to look at one"), "ann")


def test_a_waived_finding_leaves_the_calculation(workspace, clock, estate):
    only_versioning(workspace)
    before = control(workspace)
    assert (before.healthy, before.unhealthy) == (1, 2)

    exemptions.add(workspace, exemption(clock, assets=("arn:aws:s3:::a",)), "ann")

    after = control(workspace)
    assert (after.healthy, after.unhealthy, after.not_applicable) == (1, 1, before.not_applicable + 1)
    assert secure_score(workspace).scopes[0].weight == 2


def test_a_mitigated_finding_is_healthy_or_excluded_as_chosen(workspace, clock, estate):
    only_versioning(workspace)
    before = control(workspace, Mitigated.EXCLUDED)
    exemptions.add(workspace, exemption(clock, kind=Kind.MITIGATED, assets=("arn:aws:s3:::a",)), "ann")

    healthy, excluded = control(workspace), control(workspace, Mitigated.EXCLUDED)

    assert (healthy.healthy, healthy.unhealthy) == (2, 1)
    assert (excluded.healthy, excluded.unhealthy) == (1, 1)
    assert excluded.not_applicable == before.not_applicable + 1
    assert secure_score(workspace).scopes[0].weight == 3
    assert secure_score(replace_choices(workspace, Mitigated.EXCLUDED)).scopes[0].weight == 2


def test_what_could_not_be_read_is_never_mitigated(workspace, clock, estate):
    estate.buckets = [bucket("a", unread={"versioning": "AccessDenied"})]
    run(workspace, estate)

    exemptions.add(workspace, exemption(clock, kind=Kind.MITIGATED), "ann")

    (finding,) = queries.findings(workspace, ONE).rows
    assert (finding.verdict, finding.effect) == (State.UNKNOWN, Effect.COUNTED)


def test_a_mitigated_finding_that_becomes_unknown_counts_as_unknown(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock, kind=Kind.MITIGATED), "ann")
    estate.buckets = [bucket("a", unread={"versioning": "AccessDenied"})]

    run(workspace, estate)

    assert effects(workspace)["a"] == COUNTED


def test_a_disabled_check_is_removed_from_the_calculation_and_comes_back(workspace, clock, estate):
    before = everything(workspace)
    switch = exemptions.Switch(check=CHECK, scope=ACCOUNT, reason="not for us")

    exemptions.disable(workspace, switch, "ann")

    assert {effect for effect, _ in effects(workspace).values()} == {"disabled"}
    assert [(row.name, row.kind, row.covers.scopes) for row in exemptions.listed(workspace)] == [
        (CHECK, "disabled", (ACCOUNT,))
    ]
    exemptions.enable(workspace, switch, "ann")
    assert everything(workspace) == before


def test_a_disabled_check_keeps_why_and_by_whom_until_somebody_else_says_otherwise(workspace, clock, estate):
    def told():
        return [(row.covers.scopes, row.reason, row.approver) for row in exemptions.listed(workspace)]

    exemptions.disable(workspace, exemptions.Switch(check=CHECK, scope=ACCOUNT, reason=" not for us "), "ann")
    exemptions.disable(workspace, exemptions.Switch(check=CHECK, reason="later"), "bob")
    assert told() == [((), "later", "bob"), ((ACCOUNT,), "not for us", "ann")]

    exemptions.disable(workspace, exemptions.Switch(check=CHECK, scope=ACCOUNT, reason="'; --\n\u202e"), "cy")
    assert told() == [((), "later", "bob"), ((ACCOUNT,), "'; --\n\u202e", "cy")]

    exemptions.enable(workspace, exemptions.Switch(check=CHECK, scope=ACCOUNT), "di")
    exemptions.disable(workspace, exemptions.Switch(check=CHECK, scope=ACCOUNT, reason="again"), "di")
    assert told() == [((), "later", "bob"), ((ACCOUNT,), "again", "di")]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_check_is_not_switched_off_without_a_reason(workspace, estate, reason):
    with pytest.raises(UsageError, match="A reason is missing"):
        exemptions.disable(workspace, exemptions.Switch(check=CHECK, reason=reason), "ann")
    assert workspace.store.effects.switches() == ()


def test_an_exemption_holds_again_when_its_check_is_enabled(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    exemptions.disable(workspace, exemptions.Switch(check=CHECK, reason="r"), "ann")
    assert effects(workspace)["a"] == ("disabled", "disabled")

    exemptions.enable(workspace, exemptions.Switch(check=CHECK), "ann")

    assert effects(workspace)["a"] == WAIVED


def test_a_switch_that_ends_lets_the_exemption_hold_again(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    until = clock() + timedelta(days=1)
    exemptions.disable(workspace, exemptions.Switch(check=CHECK, until=until, reason="r"), "ann")
    clock.pass_days(1)

    catch_up(workspace.store, workspace.checks)

    assert effects(workspace)["a"] == WAIVED


def test_an_exemption_ends_when_the_store_is_next_opened(tmp_path, clock):
    cloud = OrganizedCloud(clock, [bucket("a", versioning=None)])
    with open_workspace(tmp_path / "p.db", clock=clock) as workspace:
        run(workspace, cloud)
        before = secure_score(workspace)
        exemptions.add(workspace, exemption(clock, days=2), "ann")
        waived = secure_score(workspace)
    clock.pass_days(1)
    with open_workspace(tmp_path / "p.db", clock=clock) as workspace:
        assert effects(workspace)["a"] == WAIVED
        assert secure_score(workspace) == waived
    clock.pass_days(1)
    with open_workspace(tmp_path / "p.db", clock=clock) as workspace:
        assert effects(workspace)["a"] == COUNTED
        assert secure_score(workspace) == before
        assert [row.notes for row in exemptions.listed(workspace)] == [("ended",)]
        assert workspace.store.recount()


def test_when_one_ends_another_that_covers_the_finding_holds(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock, "short", days=1, assets=("arn:aws:s3:::a",)), "ann")
    exemptions.add(workspace, exemption(clock, "long", Kind.MITIGATED, days=9), "ann")
    assert effects(workspace)["a"] == ("waived", "short")
    clock.pass_days(1)

    catch_up(workspace.store, workspace.checks)

    assert effects(workspace)["a"] == ("mitigated", "long")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"assets": ("arn:aws:s3:::a",)}, {"tags": {"team": "shop"}, "checks": (CHECK,)}),
        ({"tags": {"team": "shop"}}, {"scopes": (ACCOUNT,), "checks": (CHECK,)}),
        ({"scopes": (ACCOUNT,)}, {"nodes": (UNIT,), "checks": (CHECK,)}),
        ({"nodes": (UNIT,)}, {"checks": (CHECK,)}),
        ({"scopes": (ACCOUNT,), "checks": (CHECK,)}, {"scopes": (ACCOUNT,)}),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_narrower_exemption_holds_whichever_came_first(workspace, clock, estate, one, other, first):
    narrow = exemption(clock, "narrow", Kind.MITIGATED, days=3, **one)
    wide = exemption(clock, "wide", Kind.WAIVER, days=9, **other)
    for each in (narrow, wide) if first else (wide, narrow):
        exemptions.add(workspace, each, "ann")

    assert effects(workspace)["a"] == ("mitigated", "narrow")


def test_of_equally_narrow_ones_the_waiver_holds_as_it_gains_nothing(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock, "w", Kind.WAIVER, days=3), "ann")
    exemptions.add(workspace, exemption(clock, "m", Kind.MITIGATED, days=9), "ann")

    assert effects(workspace)["a"] == ("waived", "w")


def test_a_fixed_finding_that_comes_back_is_not_covered_by_what_was_removed_meanwhile(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    bad, estate.buckets = estate.buckets, [bucket("a"), bucket("b")]
    run(workspace, estate)
    exemptions.remove(workspace, "one", "ann")
    estate.buckets = bad

    run(workspace, estate)

    assert effects(workspace) == {"a": COUNTED, "b": COUNTED}


def test_a_preview_changes_nothing_and_warns(workspace, clock, estate):
    before = everything(workspace)

    broad = exemptions.preview(workspace, exemption(clock, scopes=(ACCOUNT,)))
    unused = exemptions.preview(workspace, exemption(clock, checks=("aws.rds",), days=3))
    narrow = exemptions.preview(workspace, exemption(clock, days=400))

    assert broad.warnings[0].startswith("too broad: it covers ")
    assert unused.warnings == ("unused: it covers no open finding now", "ending soon")
    assert narrow.warnings == ("it lasts longer than a year; nobody will look at it before",)
    assert sorted(f.asset.name for f in narrow.findings) == ["a", "b"]
    assert narrow.covered == 2
    assert everything(workspace) == before
    assert exemptions.listed(workspace) == ()


def test_lists_say_what_to_look_at(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock, "used", days=90), "ann")
    exemptions.add(workspace, exemption(clock, "over", days=1, assets=("arn:aws:s3:::gone",)), "ann")
    exemptions.add(workspace, exemption(clock, "wide", days=9, severities=(Severity.CRITICAL,)), "ann")
    clock.pass_days(1)

    found = {row.name: (row.covered, row.notes) for row in exemptions.listed(workspace)}

    assert found["used"] == (2, ())
    assert found["over"] == (0, ("ended",))
    assert "ending soon" in found["wide"][1]
    assert "too broad" in found["wide"][1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "no blanks"}, "a name is of letters"),
        ({"name": ""}, "a name is of letters"),
        ({"reason": " "}, "it gives no reason"),
        ({"approver": ""}, "nobody has approved it"),
        ({"covers": Covers()}, "it would cover everything"),
        ({"covers": Covers(checks=("aws.s4",))}, "there is no check 'aws.s4'"),
        ({"until": datetime(2025, 1, 1, tzinfo=UTC)}, "it ended at 2025-01-01"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(workspace, clock, estate, change, said):
    wrong = msgspec.structs.replace(exemption(clock), **change)

    with pytest.raises(UsageError) as refused:
        exemptions.add(workspace, wrong, "ann")
    assert said in str(refused.value)
    assert exemptions.listed(workspace) == ()


def test_names_are_unique_among_those_that_are_there(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    with pytest.raises(UsageError, match="'one' already"):
        exemptions.add(workspace, exemption(clock), "ann")
    exemptions.remove(workspace, "one", "ann")
    exemptions.add(workspace, exemption(clock), "ann")
    with pytest.raises(UsageError, match="no exemption 'two'"):
        exemptions.remove(workspace, "two", "ann")


def test_every_change_is_in_the_audit_log(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    exemptions.remove(workspace, "one", "bob")
    exemptions.disable(workspace, exemptions.Switch(check=CHECK, reason="noise"), "cy")
    exemptions.enable(workspace, exemptions.Switch(check=CHECK), "di")

    rows = workspace.store.audit.page().rows

    assert [(row.actor, row.action, row.target) for row in reversed(rows)] == [
        ("ann", "exemption added", "one"),
        ("bob", "exemption removed", "one"),
        ("cy", "check disabled", CHECK),
        ("di", "check enabled", CHECK),
    ]
    assert rows[-1].detail["approver"] == "ann@example.org"
    assert rows[1].detail["reason"] == "noise"


def test_a_switch_that_is_not_there_cannot_be_enabled(workspace, estate):
    with pytest.raises(UsageError, match="is not switched off everywhere"):
        exemptions.enable(workspace, exemptions.Switch(check=CHECK), "ann")
    with pytest.raises(UsageError, match="no scope '9'"):
        exemptions.disable(workspace, exemptions.Switch(check=CHECK, scope="9", reason="r"), "ann")


covering = st.fixed_dictionaries(
    {},
    optional={
        "checks": st.sampled_from([(CHECK,), ("aws.s3",), ("aws.s3", "aws.account"), ("aws.rds",)]),
        "severities": st.sampled_from([(Severity.LOW,), (Severity.HIGH, Severity.MEDIUM)]),
        "scopes": st.sampled_from([(ACCOUNT,), ("9",)]),
        "nodes": st.sampled_from([(ROOT,), ("ou-other",)]),
        "tags": st.sampled_from([{"team": "shop"}, {"team": "none"}]),
        "assets": st.sampled_from([("arn:aws:s3:::a",), ("arn:aws:s3:::b", "arn:aws:s3:::good")]),
    },
).filter(bool)
several = st.lists(st.tuples(st.sampled_from(list(Kind)), st.integers(1, 9), covering), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=several, order=st.randoms(use_true_random=False), days=st.integers(0, 3), rescans=st.booleans())
def test_removing_exemptions_in_any_order_returns_to_exactly_the_state_before(
    workspace, clock, estate, wanted, order, days, rescans
):
    names = [f"e{number}" for number in range(len(wanted))]
    leaving = list(names)
    # All is drawn before anything is stored: an example that ends within a draw would leave its exemptions behind.
    order.shuffle(leaving)
    before = everything(workspace)
    for name, (kind, span, covers) in zip(names, wanted, strict=True):
        exemptions.add(workspace, exemption(clock, name, kind, span, **covers), "ann")
    assert workspace.store.recount()
    clock.pass_days(days)
    catch_up(workspace.store, workspace.checks)
    if rescans:
        run(workspace, estate)
    assert workspace.store.recount()
    for name in leaving:
        exemptions.remove(workspace, name, "ann")

    assert everything(workspace) == before
    assert workspace.store.recount()


def test_applying_twice_changes_nothing(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    before = everything(workspace)

    assert apply_exemptions(workspace.store, workspace.checks) == 0
    assert everything(workspace) == before


def test_a_purged_scope_leaves_nothing_behind(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")

    workspace.store.purge(ACCOUNT)

    assert [row.covered for row in exemptions.listed(workspace)] == [0]


def test_an_asset_that_is_gone_keeps_no_exemption_open(workspace, clock, estate):
    exemptions.add(workspace, exemption(clock), "ann")
    estate.buckets, estate.s3_state = [], ListingState.COMPLETE
    run(workspace, estate)

    assert [row.covered for row in exemptions.listed(workspace)] == [0]
    fixed = FindingFilter(checks=ONE.checks, standing=Standing.FIXED)
    assert set(effects(workspace, fixed)) == {"a", "b"}


def test_a_standard_or_a_control_names_the_checks_that_answer_it_now(workspace, clock, estate):
    number = next(ref.control for ref in workspace.standards.controls_of(CHECK) if ref.standard == "nist_800_53_r5")
    preview = exemptions.preview(workspace, exemption(clock, standards=(f"nist_800_53_r5:{number}",)))
    assert {f.check for f in preview.findings} >= {CHECK}
    exemptions.add(workspace, exemption(clock, standards=(f"nist_800_53_r5:{number.lower()}",)), "ann")
    assert set(effects(workspace).values()) == {WAIVED}
    whole = exemptions.preview(workspace, exemption(clock, standards=("nist_800_53_r5",)))
    assert whole.covered >= preview.covered


@pytest.mark.parametrize("word", ["nist", "nist_800_53_r5:NO-1", "nist_800_53_r5:"])
def test_a_standard_or_control_that_there_is_not_is_refused(workspace, clock, estate, word):
    with pytest.raises(UsageError, match=r"cannot be: .*(no control|no standard)"):
        exemptions.add(workspace, exemption(clock, standards=(word,)), "ann")


def test_looking_without_the_file_of_a_standard_brings_nothing_back(workspace, clock, estate):
    own = Standard(
        id="house",
        title="House rules",
        version="1",
        source="",
        controls=(Control(number="1", title="x", checks=(CHECK,)),),
    )
    workspace.standards = Standards((own,))
    exemptions.add(workspace, exemption(clock, standards=("house",)), "ann")
    exemptions.add(workspace, exemption(clock, name="short", days=1, checks=("aws.s3.without_customer_key",)), "ann")
    clock.pass_days(2)
    catch_up(workspace.store, workspace.checks)
    assert set(effects(workspace).values()) == {WAIVED}
    exemptions.add(replace_workspace(workspace), exemption(clock, name="other", assets=("arn:aws:s3:::good",)), "ann")
    assert set(effects(workspace).values()) == {WAIVED}


def replace_workspace(workspace):
    return replace(workspace, standards=Standards())


def test_a_group_covers_its_assets_as_they_are_now(workspace, clock, estate):
    groups.put(
        workspace, Group(name="shop", kind=GroupKind.TEAM, wanted=Wanted(tags={"team": "shop"}), changed_by="ann")
    )
    exemptions.add(workspace, exemption(clock, groups=("shop",)), "ann")
    assert effects(workspace) == {"a": WAIVED, "b": COUNTED}
    with pytest.raises(UsageError, match="no group 'shopp'"):
        exemptions.add(workspace, exemption(clock, name="two", groups=("shopp",)), "ann")
