"""Roll-ups equal a recount from verdicts and effects, whatever happened in whatever order."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Phase_
from hypothesis import strategies as st

from poise.model.exemption import Covers, Exemption, Kind
from poise.model.finding import Effect, Risk
from poise.model.group import Group, GroupKind, Wanted
from poise.model.judged import CheckFacts, EffectSpan, Judged, Phase, ScopePass
from poise.model.listing import ListingState
from poise.model.listings import AssetFilter, ControlCounts, Counts, FindingFilter, OpenCounts, Paging
from poise.model.verdict import Severity, State
from poise.store import Change, Deed, Store
from tests.store.estate import (
    DRAFT,
    LOGS,
    OPEN,
    OTHER,
    PLAIN,
    SCOPE,
    SCORING,
    Clock,
    bucket,
    collected,
    judged,
    key,
    write,
)

OWN, ASKING = (OPEN, LOGS), (PLAIN, DRAFT)
names = st.sampled_from(["a", "b", "c", "d"])
states = st.sampled_from(list(State))
effects = st.sampled_from([e for e in Effect if e is not Effect.DISABLED])
scopes = st.sampled_from([SCOPE, OTHER])
writes = st.fixed_dictionaries(
    {
        "scope": scopes,
        "region": st.sampled_from(["eu-central-1", "us-east-1"]),
        "said": st.dictionaries(names, st.fixed_dictionaries(dict.fromkeys(OWN, states))),
        "listing": st.sampled_from([ListingState.COMPLETE, ListingState.PARTIAL, ListingState.DENIED]),
    }
)
passes = st.fixed_dictionaries(
    {"pass_scope": scopes, "said": st.dictionaries(names, st.fixed_dictionaries(dict.fromkeys(ASKING, states)))}
)
changes = st.fixed_dictionaries(
    {"which": st.integers(0, 20), "effect": effects, "hours": st.none() | st.integers(-2, 48)}
)
switches = st.fixed_dictionaries(
    {
        "check": st.sampled_from(sorted(SCORING)),
        "where": st.none() | scopes,
        "off": st.booleans(),
        "hours": st.none() | st.integers(1, 48),
    }
)
moves = st.fixed_dictionaries({"move_hours": st.integers(0, 30)})
risks = st.fixed_dictionaries({"risk_scope": scopes, "risks": st.dictionaries(names, st.sampled_from(list(Severity)))})
exempting = st.fixed_dictionaries(
    {
        "exempt": st.sampled_from(sorted(SCORING)),
        "kind": st.sampled_from(list(Kind)),
        "days": st.integers(1, 3),
        "remove": st.booleans(),
    }
)
steps = st.lists(st.one_of(writes, writes, passes, changes, switches, moves, risks, exempting), max_size=14)
grades = st.fixed_dictionaries({"grade_scope": scopes, "degrees": st.dictionaries(names, st.integers(0, 3))})
grouping = st.fixed_dictionaries({"group": st.sampled_from(["x", "y"]), "text": names, "gone": st.booleans()})
every_step = st.lists(
    st.one_of(writes, writes, passes, changes, switches, moves, risks, exempting, grades, grouping), max_size=14
)


class Play:
    """Plays steps on a store, and remembers which checks are switched off."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.off: dict[tuple[str, str | None], object] = {}

    def step(self, step: dict) -> None:
        self.clock.move(seconds=1)
        if "region" in step:
            self.write(step)
        elif "pass_scope" in step:
            said = [judged(named(n, step["pass_scope"]), v) for n, v in step["said"].items()]
            one = ScopePass(source="aws", scope=step["pass_scope"], phase=Phase.NEIGHBOURS)
            self.store.verdicts.write(one, said)
        elif "effect" in step:
            rows = list(self.store.findings.all(None, FindingFilter()))
            if rows:
                until = None if step["hours"] is None else self.clock.time + timedelta(hours=step["hours"])
                span = EffectSpan(step["effect"], until)
                self.store.effects.set({rows[step["which"] % len(rows)].id: span})
        elif "off" in step:
            self.switch(step)
        elif "risks" in step:
            self.risk(step)
        elif "exempt" in step:
            self.exempt(step)
        elif "degrees" in step:
            where = ScopePass(source="aws", scope=step["grade_scope"])
            self.store.marks.grade(where, {named(n, where.scope).id: d for n, d in step["degrees"].items()})
        elif "group" in step:
            self.group(step)
        else:
            self.clock.move(hours=step["move_hours"])

    def write(self, step: dict) -> None:
        where = key(step["scope"], step["region"])
        found = {named(n, step["scope"], step["region"]): v for n, v in step["said"].items()}
        write(self.store, collected(found, where, step["listing"]), [judged(a, v) for a, v in found.items()])

    def risk(self, step: dict) -> None:
        where = ScopePass(source="aws", scope=step["risk_scope"], phase=Phase.RISK)
        said = [
            Judged(named(n, where.scope).id, b"r", {}, risks={check: Risk(level) for check in SCORING})
            for n, level in step["risks"].items()
        ]
        self.store.verdicts.write(where, said)

    def exempt(self, step: dict) -> None:
        present = {row.exemption.name for row in self.store.exemptions.present()}
        name = step["exempt"]
        until = self.clock.time + timedelta(days=step["days"])
        one = Exemption(
            name=name, kind=step["kind"], covers=Covers(checks=(name,)), reason="r", approver="a", until=until
        )
        gone = (name,) if name in present else ()
        change = Change(() if step["remove"] else (one,), gone, "ann")
        self.store.exemptions.change(change, {each: (each,) for each in SCORING})

    def group(self, step: dict) -> None:
        deed = Deed("ann", "group", step["group"])
        if step["gone"]:
            self.store.groups.remove(step["group"], deed)
        else:
            wanted = Wanted(text=f"-{step['text']}")
            self.store.groups.put(Group(name=step["group"], kind=GroupKind.TEAM, wanted=wanted), deed)

    def switch(self, step: dict) -> None:
        place = (step["check"], step["where"])
        known = step["where"] is None or step["where"] in {scope.id for _, scope in self.store.scans.scopes(None)}
        if not known:
            return
        if step["off"]:
            until = None if step["hours"] is None else self.clock.time + timedelta(hours=step["hours"])
            self.store.effects.disable(*place, until=until)
            self.off[place] = until
        else:
            self.store.effects.enable(*place)
            self.off.pop(place, None)

    def catch_up(self) -> None:
        self.store.effects.catch_up()
        self.off = {place: until for place, until in self.off.items() if not until or until > self.clock.time}

    def is_off(self, check: str, scope: str) -> bool:
        return (check, scope) in self.off or (check, None) in self.off


def named(name: str, scope: str, region: str = "eu-central-1"):
    """A bucket of a scope: the same name in two regions is two buckets."""
    return bucket(f"{scope}-{region}-{name}", scope)


@settings(
    max_examples=60,
    phases=[Phase_.generate, Phase_.explicit],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=every_step)
def test_roll_ups_are_a_recount_of_the_verdicts(store: Store, clock: Clock, steps: list[dict]):
    clear(store)
    play = Play(store, clock)
    for step in steps:
        play.step(step)
    play.catch_up()
    assert_recounted(play)
    assert_groups_recounted(play)
    assert store.recount(), "the store's own recount"
    clear(store)


def assert_groups_recounted(play: Play) -> None:
    play.store.groups.fill()
    rows = list(play.store.all_verdicts(None, FindingFilter()))
    for row in play.store.groups.all():
        word = row.group.wanted.text
        mine = [each for each in rows if word in each.asset.name]
        by_check: dict[str, Counter] = defaultdict(Counter)
        for each in mine:
            by_check[each.check][bucket_of(play, each)] += 1
        wanted = FindingFilter(groups=frozenset({row.group.name}))
        found = {r.check: r.counts for r in play.store.findings.recommendations(None, wanted)}
        assert found == {check: Counts(**count) for check, count in by_check.items()}


def clear(store: Store) -> None:
    for row in store.exemptions.present():
        store.exemptions.change(Change((), (row.exemption.name,), "ann"), {})
    for row in store.groups.all():
        store.groups.remove(row.group.name, Deed("ann", "group removed", row.group.name))
    for check in SCORING:
        store.effects.enable(check)
    for scope in {scope.id for _, scope in store.scans.scopes(None)}:
        store.purge(scope)


def assert_recounted(play: Play) -> None:
    rows = list(play.store.all_verdicts(None, FindingFilter()))
    by_check: dict[str, Counter] = defaultdict(Counter)
    by_asset: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in rows:
        at = bucket_of(play, row)
        by_check[row.check][at] += 1
        by_asset[row.asset.scope, row.asset.id][row.check] = at
    found = {r.check: r.counts for r in play.store.findings.recommendations(None, FindingFilter())}
    assert found == {check: Counts(**count) for check, count in by_check.items()}
    scores = {score.scope: score for score in play.store.scores.scopes(None)}
    for scope, score in scores.items():
        mine = [worth for (where, _), worth in by_asset.items() if where == scope]
        assert score.controls == tuple(controls_of(mine))
        assert score.scored_assets == sum(is_scored(worth) for worth in mine)
        assert score.mitigated_assets == sum(is_mitigated(worth) for worth in mine)
    assets = play.store.assets.page(None, AssetFilter(), Paging(limit=1000)).rows
    assert sum(score.assets for score in scores.values()) == len(assets)
    for asset in assets:
        mine = [row for row in rows if row.asset.id == asset.asset.id]
        assert asset.open == open_of(play, mine)


def bucket_of(play: Play, row) -> str:
    if play.is_off(row.check, row.asset.scope):
        return "disabled"
    if row.state in (State.UNHEALTHY, State.UNKNOWN) and row.effect is not Effect.COUNTED:
        return row.effect.value
    return row.state.value


def controls_of(assets: list[dict[str, str]]):
    """Count assets by control, as the design says it."""
    for control in ("Logging", "Restrict access"):
        checks = {c for c, facts in SCORING.items() if facts.control == control and not facts.is_preview}
        count = Counter()
        for worth in assets:
            mine = {at for check, at in worth.items() if check in checks and at != "disabled"}
            if "unhealthy" in mine:
                count["unhealthy"] += 1
            elif "unknown" in mine:
                count["unknown"] += 1
            elif "healthy" in mine:
                count["healthy"] += 1
            elif "mitigated" in mine:
                count["mitigated"] += 1
            elif mine:
                count["not_applicable"] += 1
        if count:
            yield ControlCounts(control, *(count[state] for state in COUNTED))


COUNTED = ("healthy", "unhealthy", "not_applicable", "unknown", "mitigated")


def is_scored(worth: dict[str, str]) -> bool:
    return any(at in ("healthy", "unhealthy") and not SCORING[check].is_preview for check, at in worth.items())


def is_mitigated(worth: dict[str, str]) -> bool:
    mine = {at for check, at in worth.items() if not SCORING[check].is_preview}
    return "mitigated" in mine and not is_scored(worth)


def open_of(play: Play, rows: list) -> OpenCounts:
    count = Counter()
    for row in rows:
        at = bucket_of(play, row)
        if at == "unhealthy":
            count[SCORING[row.check].severity.value] += 1
        elif at == "unknown":
            count["unknown"] += 1
    return OpenCounts(**count)


def test_a_waived_finding_leaves_its_control_and_comes_back_when_the_waiver_ends(store: Store, clock: Clock):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY, PLAIN: State.HEALTHY})])
    assert counts(store) == [("Restrict access", 0, 1)]
    (finding,) = store.findings.page(None, FindingFilter()).rows
    store.effects.set({finding.id: EffectSpan(Effect.WAIVED, clock.time + timedelta(days=1))})
    assert counts(store) == [("Restrict access", 1, 0)]
    clock.move(days=1)
    assert store.effects.catch_up() == 1
    assert counts(store) == [("Restrict access", 0, 1)]
    assert store.effects.catch_up() == 0


def test_a_preview_is_counted_by_check_but_never_scored(store: Store):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {DRAFT: State.UNHEALTHY, LOGS: State.HEALTHY})])
    assert counts(store) == [("Logging", 1, 0)]
    rows = {r.check: r.counts for r in store.findings.recommendations(None, FindingFilter())}
    assert rows[DRAFT] == Counts(unhealthy=1)


def test_other_facts_of_checks_are_counted_when_the_store_is_opened_with_them(open_store):
    asset = bucket("a")
    with open_store() as store:
        write(store, collected([asset]), [judged(asset, {DRAFT: State.UNHEALTHY, LOGS: State.HEALTHY})])
    promoted = SCORING | {DRAFT: CheckFacts(Severity.LOW, "Drafts"), "aws.s3.bucket_logless": SCORING[LOGS]}
    with open_store(promoted) as store:
        assert counts(store) == [("Drafts", 0, 1), ("Logging", 1, 0)]
        assert store.findings.page(None, FindingFilter()).rows[0].severity is Severity.LOW


def test_a_renamed_check_keeps_its_findings(open_store, clock: Clock):
    asset = bucket("a")
    with open_store() as store:
        write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY})])
        (before,) = store.findings.page(None, FindingFilter()).rows
    new = "aws.s3.bucket_open_to_everyone"
    renamed = {id: facts for id, facts in SCORING.items() if id != OPEN}
    renamed[new] = CheckFacts(Severity.HIGH, "Restrict access", formerly=(OPEN,))
    clock.move(days=1)
    with open_store(renamed) as store:
        write(store, collected([asset]), [judged(asset, {new: State.UNHEALTHY}, key=b"other")])
        (after,) = store.findings.page(None, FindingFilter()).rows
    assert (after.check, after.id, after.first_seen) == (new, before.id, before.first_seen)


def counts(store: Store) -> list[tuple[str, int, int]]:
    (score,) = store.scores.scopes(None)
    return [(c.control, c.healthy, c.unhealthy) for c in score.controls if c.healthy or c.unhealthy]
