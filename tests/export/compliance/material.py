"""A small compliance report with controls of every state, an attestation, and hostile names."""

from __future__ import annotations

from datetime import timedelta

from poise.export.compliance.material import ComplianceReport
from poise.model.attestation import Attestation, Evidence
from poise.model.compliance import Assessment, Basis, ControlStatus, Result, StandardStatus, Tally
from poise.model.finding import Effect, Finding
from poise.model.standard import Control, Section, Standard
from poise.model.verdict import State
from tests.export.estate import ACCOUNT, CHECK, FORMULA, MADE_AT, MARKUP, REVERSED, finding

OTHER = "aws.s3.plain_http_allowed"
TITLES = {CHECK: "S3 buckets should keep earlier versions of objects", OTHER: "S3 buckets should refuse plain HTTP"}
FINDINGS: dict[str, tuple[Finding, ...]] = {
    CHECK: (
        finding(1, "reports", evidence="Suspended", reason="versioning is suspended"),
        finding(2, FORMULA),
        finding(3, MARKUP, reason=""),
        finding(4, REVERSED, effect=Effect.WAIVED),
        finding(5, "archive", verdict=State.UNKNOWN, reason="AccessDenied\nagain"),
        finding(6, "late", effect=Effect.GRACE),
    ),
    OTHER: (finding(7, "archive", check=OTHER, verdict=State.UNKNOWN, reason="not read"),),
}
ATTESTATION = Attestation(
    standard="house",
    control="2(1)",
    statement=MARKUP,
    evidence=(Evidence(link="https://wiki.example.org/a"), Evidence(file="proof.pdf", sha256="ab" * 32)),
    by="ann@example.org",
    made_at=MADE_AT - timedelta(days=1),
    until=MADE_AT + timedelta(days=30),
)
FAILED = Assessment(CHECK, Result.FAILED, passed=4, failed=4, skipped=1, unknown=1)
OPEN = Assessment(OTHER, Result.UNKNOWN, unknown=1)
NOTHING = Assessment("aws.rds.unencrypted", Result.UNSUPPORTED)
SKIPPED = Assessment("aws.kms.rotation_off", Result.SKIPPED, skipped=2)
PASSED = Assessment("aws.vpc.flow_logs_off", Result.PASSED, passed=2)


def control(number: str, state: Result, *made: Assessment, **changes: object) -> ControlStatus:
    states = [each.state for each in made]
    fields: dict[str, object] = {
        "control": number,
        "title": f"Control {number}",
        "section": "1.1",
        "state": state,
        "basis": Basis.CHECKS,
        "manual": "",
        "passed": states.count(Result.PASSED),
        "failed": states.count(Result.FAILED),
        "skipped": states.count(Result.SKIPPED),
        "unknown": states.count(Result.UNKNOWN),
        "failed_assets": sum(each.failed for each in made),
        "assessments": made,
    }
    return ControlStatus(**(fields | changes))


CONTROLS = (
    control("1.1", Result.FAILED, FAILED, OPEN),
    control("1.2", Result.UNKNOWN, OPEN, NOTHING),
    control("1.3", Result.PASSED, PASSED),
    control("1.4", Result.SKIPPED, SKIPPED),
    control("2(1)", Result.PASSED, basis=Basis.ATTESTED, manual="A person.", attestations=(ATTESTATION,)),
    control("3", Result.UNSUPPORTED, basis=Basis.MANUAL, manual="A person.", section=""),
    control("4", Result.UNSUPPORTED, basis=Basis.NOT_AUTOMATED, title=FORMULA),
    control("5", Result.UNSUPPORTED, NOTHING, basis=Basis.NO_DATA),
)


def report(*controls: ControlStatus, id: str = "house") -> ComplianceReport:
    shown = controls or CONTROLS
    states = [each.state for each in shown]
    return ComplianceReport(
        made_at=MADE_AT,
        version="0.1.0",
        standard=Standard(
            id=id,
            title=f"House {MARKUP}",
            version="2",
            source="https://example.org",
            sections=(Section(number="1", title="Storage"), Section(number="1.1", title="Buckets", within="1")),
            controls=tuple(Control(number=each.control, title=each.title, section=each.section) for each in shown),
            notes="Notes.",
        ),
        status=StandardStatus(
            standard=id,
            title="House",
            version="2",
            state=Result.FAILED,
            percentage=0.4,
            tally=Tally(
                passed=states.count(Result.PASSED),
                failed=states.count(Result.FAILED),
                skipped=states.count(Result.SKIPPED),
                unknown=states.count(Result.UNKNOWN),
                unsupported=states.count(Result.UNSUPPORTED),
                manual=1,
                not_automated=1,
                no_data=1,
            ),
            controls=shown,
        ),
        scopes=(ACCOUNT,),
        titles=TITLES,
        findings=lambda check: FINDINGS.get(check, ()),
    )
