"""States by the published rules, and by ours where these leave a case open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.comply.status import Attested, assess, status, statuses
from poise.model.attestation import Attestation
from poise.model.compliance import Basis, Result
from poise.model.listings import Counts
from poise.model.standard import Control, Standard

A, B = "aws.s3.a", "aws.s3.b"
FAILED, UNKNOWN, PASSED, SKIPPED, UNSUPPORTED = (
    Counts(healthy=5, unhealthy=1),
    Counts(healthy=5, unknown=1),
    Counts(healthy=5),
    Counts(not_applicable=5),
    None,
)
MOMENT = datetime(2026, 11, 25, tzinfo=UTC)


def standard(*controls: Control) -> Standard:
    return Standard(id="house", title="House", version="1", source="", controls=controls)


def control(*checks: str, number: str = "1", manual: str = "") -> Control:
    return Control(number=number, title="Title", checks=checks, manual=manual)


def attested(*given: tuple[str, bool], scopes: tuple[str, ...] = ("s",), number: str = "1") -> Attested:
    made = [
        Attestation(
            standard="house",
            control=number,
            scope=scope,
            is_met=is_met,
            statement="said",
            by="a@example.org",
            made_at=MOMENT,
            until=MOMENT,
        )
        for scope, is_met in given
    ]
    return Attested({("house", number): made}, scopes)


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        (Counts(), Result.UNSUPPORTED),
        (Counts(healthy=3), Result.PASSED),
        (Counts(healthy=3, unhealthy=1), Result.FAILED),
        (Counts(unhealthy=1, unknown=9), Result.FAILED),
        (Counts(healthy=3, unknown=1), Result.UNKNOWN),
        (Counts(unknown=1), Result.UNKNOWN),
        (Counts(not_applicable=2), Result.SKIPPED),
        (Counts(healthy=1, not_applicable=2, waived=3), Result.PASSED),
        (Counts(waived=1), Result.SKIPPED),
        (Counts(mitigated=1), Result.SKIPPED),
        (Counts(disabled=1), Result.SKIPPED),
        (Counts(grace=1, healthy=4), Result.FAILED),
    ],
)
def test_an_assessment_has_the_state_of_its_assets(counts, state):
    assert assess(A, counts).state is state


def test_an_assessment_counts_each_asset_once():
    counts = Counts(1, 2, 4, 8, 16, 32, 64, 128)
    made = assess(A, counts)
    assert (made.passed, made.failed, made.skipped, made.unknown) == (1, 66, 4 + 16 + 32 + 128, 8)
    assert made.passed + made.failed + made.skipped + made.unknown == counts.total


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (FAILED, PASSED, Result.FAILED),
        (FAILED, UNKNOWN, Result.FAILED),
        (UNKNOWN, PASSED, Result.UNKNOWN),
        (UNKNOWN, SKIPPED, Result.UNKNOWN),
        (PASSED, SKIPPED, Result.PASSED),
        (PASSED, UNSUPPORTED, Result.PASSED),
        (SKIPPED, SKIPPED, Result.SKIPPED),
        (SKIPPED, UNSUPPORTED, Result.SKIPPED),
        (UNSUPPORTED, UNSUPPORTED, Result.UNSUPPORTED),
    ],
)
def test_a_control_and_a_standard_take_the_worst_and_leave_unsupported_out(first, second, state):
    counts = {check: found for check, found in ((A, first), (B, second)) if found is not None}
    found = status(standard(control(A, B)), counts)
    assert found.controls[0].state is state
    assert found.state is state
    apart = status(standard(control(A), control(B, number="2")), counts)
    assert apart.state is state


@given(st.lists(st.sampled_from([FAILED, UNKNOWN, PASSED, SKIPPED, UNSUPPORTED]), min_size=1, max_size=6))
def test_a_control_with_an_unknown_check_never_passes(found):
    checks = [f"c.s.{n}" for n in range(len(found))]
    counts = {check: one for check, one in zip(checks, found, strict=True) if one is not None}
    made = status(standard(control(*checks)), counts).controls[0]
    if UNKNOWN in found:
        assert made.state in (Result.UNKNOWN, Result.FAILED)
    if FAILED in found:
        assert made.state is Result.FAILED


def test_why_a_control_is_unsupported_is_told_apart():
    controls = (control(A), control(number="2", manual="people"), control(number="3"))
    found = status(standard(*controls), {})
    assert [each.basis for each in found.controls] == [Basis.NO_DATA, Basis.MANUAL, Basis.NOT_AUTOMATED]
    assert (found.tally.no_data, found.tally.manual, found.tally.not_automated, found.tally.unsupported) == (1, 1, 1, 3)
    assert found.percentage is None


def test_the_headline_is_passed_of_supported_controls():
    states = {A: PASSED, B: FAILED, "c.s.c": SKIPPED, "c.s.d": UNKNOWN}
    controls = [control(check, number=str(n)) for n, check in enumerate(states)]
    found = status(standard(*controls, control(number="9")), states)
    assert (found.tally.supported, found.percentage) == (4, 0.25)
    assert found.state is Result.FAILED


def test_the_counters_of_a_control_are_of_its_assessments():
    made = status(standard(control(A, B, "c.s.c")), {A: FAILED, B: FAILED, "c.s.c": PASSED}).controls[0]
    assert (made.passed, made.failed, made.skipped, made.unknown, made.failed_assets) == (1, 2, 0, 0, 2)


@pytest.mark.parametrize(
    ("stated", "scopes", "state"),
    [
        ([("*", True)], ("s", "t"), Result.PASSED),
        ([("s", True)], ("s", "t"), Result.UNSUPPORTED),
        ([("s", True), ("t", True)], ("s", "t"), Result.PASSED),
        ([("s", True), ("t", False)], ("s", "t"), Result.FAILED),
        ([("*", True), ("t", False)], ("s", "t"), Result.FAILED),
        ([("t", False)], ("s",), Result.UNSUPPORTED),
        ([("s", True)], (), Result.UNSUPPORTED),
    ],
)
def test_an_attestation_answers_a_manual_control_where_it_covers_every_scope(stated, scopes, state):
    found = status(standard(control(manual="process")), {}, attested(*stated, scopes=scopes))
    assert found.controls[0].state is state
    assert found.controls[0].basis is (Basis.MANUAL if state is Result.UNSUPPORTED else Basis.ATTESTED)


@pytest.mark.parametrize(
    ("counts", "is_met", "state"),
    [
        (FAILED, True, Result.FAILED),
        (UNKNOWN, True, Result.UNKNOWN),
        (PASSED, True, Result.PASSED),
        (PASSED, False, Result.FAILED),
        (UNKNOWN, False, Result.FAILED),
        (SKIPPED, True, Result.SKIPPED),
    ],
)
def test_beside_checks_an_attestation_only_makes_things_worse(counts, is_met, state):
    found = status(standard(control(A)), {A: counts}, attested(("*", is_met)))
    assert found.controls[0].state is state


def test_standards_are_judged_in_the_order_given():
    one, other = standard(control(A)), standard(control(B))
    assert [each.state for each in statuses([one, other], {A: PASSED, B: FAILED})] == [Result.PASSED, Result.FAILED]
