"""The state of assessments, controls and standards, from the counts of verdicts of each check.

Source: Microsoft Defender for Cloud, "Regulatory compliance standards", and the ``regulatoryComplianceStandards`` REST
API (2019-01-01-preview). An assessment is one check inside a control.

=============  ==========================================  =======================================================
level          state                                       when
=============  ==========================================  =======================================================
assessment     failed                                      any asset is unhealthy; one inside a grace period too,
                                                           for grace spares the secure score alone
               unknown ("not assessed")                    none failed, and some could not be judged
               passed                                      none failed or unknown, and at least one is healthy
               skipped                                     all are exempt, switched off or not applicable
               unsupported                                 there is no verdict at all
control        failed, unknown, passed, skipped            the worst of its assessments, in this order; passed
                                                           beside skipped is passed; unsupported ones are left out
               unsupported                                 no supported assessment, and nobody has attested it
standard       failed, unknown, passed, skipped            the same over its controls; passed beside skipped is passed
               unsupported                                 no control is supported
=============  ==========================================  =======================================================

The source leaves passed beside skipped open, and knows no unknown: what could not be read is never counted as passed.
The headline is passed controls / supported controls; unknown and skipped controls are supported.

An attestation answers a control for which checks give nothing. Beside checks it can only make things worse: a
statement that a control is not met fails it, one that it is met never hides a failed or unknown check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from poise.model.attestation import EVERYWHERE, Attestation
from poise.model.compliance import Assessment, Basis, ControlStatus, Result, StandardStatus, Tally
from poise.model.listings import Counts
from poise.model.standard import Control, Standard


class Attested(msgspec.Struct, frozen=True):
    """The attestations that hold now, by standard and control, and the scopes that are looked at."""

    by_control: Mapping[tuple[str, str], Sequence[Attestation]] = {}
    scopes: Collection[str] = ()
    """An attestation for some scopes answers a control only if together they cover all of these."""

    def of(self, standard: str, control: str) -> tuple[Attestation, ...]:
        """Return those of a control that are about a scope that is looked at."""
        found = self.by_control.get((standard, control), ())
        return tuple(a for a in found if a.scope == EVERYWHERE or a.scope in self.scopes)

    def result(self, attestations: Sequence[Attestation]) -> Result:
        """Return what the attestations of one control come to: passed, failed, or unsupported if scopes are left."""
        if any(not a.is_met for a in attestations):
            return Result.FAILED
        covered = {a.scope for a in attestations}
        is_whole = EVERYWHERE in covered or (bool(self.scopes) and covered.issuperset(self.scopes))
        return Result.PASSED if is_whole else Result.UNSUPPORTED


NOBODY = Attested()
NOTHING = Counts()
SUPPORTED = (Result.FAILED, Result.UNKNOWN, Result.PASSED, Result.SKIPPED)


def assess(check: str, counts: Counts) -> Assessment:
    """Return the state of a check from its counts."""
    failed = counts.unhealthy + counts.grace
    skipped = counts.not_applicable + counts.waived + counts.mitigated + counts.disabled
    numbers = {
        Result.FAILED: failed,
        Result.UNKNOWN: counts.unknown,
        Result.PASSED: counts.healthy,
        Result.SKIPPED: skipped,
    }
    state = worst(result for result, number in numbers.items() if number)
    return Assessment(check, state, counts.healthy, failed, skipped, counts.unknown)


def worst(states: Iterable[Result]) -> Result:
    """Return the worst of some states, unsupported ones left out; unsupported if none is left."""
    found = set(states)
    return next((state for state in SUPPORTED if state in found), Result.UNSUPPORTED)


def statuses(
    standards: Iterable[Standard], counts: Mapping[str, Counts], attested: Attested = NOBODY
) -> tuple[StandardStatus, ...]:
    """Return the state of each standard. ``counts`` are check id -> verdicts over the scopes that are looked at."""
    assessments = {check: assess(check, found) for check, found in counts.items()}
    return tuple(_standard(standard, assessments, attested) for standard in standards)


def status(standard: Standard, counts: Mapping[str, Counts], attested: Attested = NOBODY) -> StandardStatus:
    """Return the state of one standard."""
    return statuses((standard,), counts, attested)[0]


def _standard(standard: Standard, known: Mapping[str, Assessment], attested: Attested) -> StandardStatus:
    controls = tuple(_control(standard.id, control, known, attested) for control in standard.controls)
    tally = _tally(controls)
    return StandardStatus(
        standard=standard.id,
        title=standard.title,
        version=standard.version,
        state=worst(control.state for control in controls),
        percentage=round(tally.passed / tally.supported, 4) if tally.supported else None,
        tally=tally,
        controls=controls,
    )


def _control(standard: str, control: Control, known: Mapping[str, Assessment], attested: Attested) -> ControlStatus:
    made = tuple(known.get(check) or Assessment(check, Result.UNSUPPORTED) for check in control.checks)
    states = Counter(assessment.state for assessment in made)
    stated = attested.of(standard, control.number)
    state, basis = _answer(control, worst(states), attested.result(stated) if stated else Result.UNSUPPORTED)
    return ControlStatus(
        control=control.number,
        title=control.title,
        section=control.section,
        state=state,
        basis=basis,
        manual=control.manual,
        passed=states[Result.PASSED],
        failed=states[Result.FAILED],
        skipped=states[Result.SKIPPED],
        unknown=states[Result.UNKNOWN],
        failed_assets=sum(assessment.failed for assessment in made),
        assessments=made,
        attestations=stated,
    )


def _answer(control: Control, checked: Result, stated: Result) -> tuple[Result, Basis]:
    if stated is Result.FAILED and checked is not Result.FAILED:
        return Result.FAILED, Basis.ATTESTED
    if checked is not Result.UNSUPPORTED:
        return checked, Basis.CHECKS
    if stated is not Result.UNSUPPORTED:
        return stated, Basis.ATTESTED
    if control.checks:
        return Result.UNSUPPORTED, Basis.NO_DATA
    return Result.UNSUPPORTED, Basis.MANUAL if control.manual else Basis.NOT_AUTOMATED


def _tally(controls: Sequence[ControlStatus]) -> Tally:
    states = Counter(control.state for control in controls)
    reasons = Counter(control.basis for control in controls if control.state is Result.UNSUPPORTED)
    return Tally(
        passed=states[Result.PASSED],
        failed=states[Result.FAILED],
        skipped=states[Result.SKIPPED],
        unknown=states[Result.UNKNOWN],
        unsupported=states[Result.UNSUPPORTED],
        manual=reasons[Basis.MANUAL],
        not_automated=reasons[Basis.NOT_AUTOMATED],
        no_data=reasons[Basis.NO_DATA],
    )
