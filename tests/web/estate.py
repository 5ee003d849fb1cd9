"""A small estate in memory, behind the surface that the doors read: two AWS accounts and a subscription.

It holds hostile names, healthy assets, unread facts, a denied listing and a fixed finding.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from poise.assess.engine import Judge
from poise.model import Check, Example, Fix, Parameter, Severity, State, healthy, replace, unhealthy
from poise.model.check import finding_id
from poise.model.finding import AssetRef, ControlRef, Effect, Risk, RiskFactor
from poise.model.listing import Gap
from poise.model.listings import (
    AssetDetail,
    AssetRow,
    AssetVersion,
    Counts,
    Coverage,
    FacetCount,
    FindingRow,
    GapRow,
    OpenCounts,
    Page,
    PartitionState,
    RecommendationRow,
    ScanRow,
    ScopeCoverage,
    ScoreDay,
    Standing,
)
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_NONE, S3_BUCKET
from poise.model.standard import ScoreControl
from poise.score.secure import ControlCount, ScopeCounts, score

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
READ = NOW - timedelta(minutes=12)
SHOP, LAB = "111122223333", "444455556666"
HOSTILE = (
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    "‮drowssap‬-bucket",
    "n" * 300,
    "🪣-emoji-バケット",
    "=cmd|' /C calc'!A0",
)
DENIED = "AccessDenied on s3:GetBucketPolicy"


def _check(id: str, title: str, severity: Severity, rule, asset=type(S3_BUCKET), **more) -> Check:
    return Check(
        id=id,
        title=title,
        asset=asset,
        severity=severity,
        since="0.1",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        evaluate=rule,
        risk="Whoever finds the name reads every object.\n\nNames are guessed by programs within hours.",
        fix=Fix(
            console="1. Open the bucket {name} in the S3 console.\n2. Choose Permissions.\n3. Edit, and save.",
            cli="aws s3api put-public-access-block --bucket {name} \\\n  --public-access-block-configuration BlockPublicAcls=true",
            terraform='resource "aws_s3_bucket_public_access_block" "this" {\n  bucket = "{name}"\n}',
            impact="Sites served from the bucket stop answering.",
        ),
        examples=(
            Example("blocked", S3_BUCKET, "healthy"),
            Example("open", replace(S3_BUCKET, public_access_block=BLOCK_NONE), "unhealthy"),
            Example("unread", replace(S3_BUCKET, unread={"public_access_block": "AccessDenied"}), "unknown"),
        ),
        **more,
    )


def _open(bucket):
    block = bucket.public_access_block
    if block is not None and block.block_public_policy:
        return healthy("public policies are blocked", seen=block.block_public_policy)
    return unhealthy("nothing blocks public policies", seen={"block_public_policy": False})


def _encrypted(bucket):
    return healthy("a key of KMS") if bucket.encryption == "aws:kms" else unhealthy("no key", seen=bucket.encryption)


def _versions(bucket):
    return healthy("versioning is on") if bucket.versioning == "Enabled" else unhealthy("versioning was never enabled")


def _root(account, max_age_days):
    return healthy("no keys") if not account.root_access_keys else unhealthy("the root user has access keys", seen=1)


def _policy_read(bucket):
    return healthy("nobody is granted anything") if bucket.policy is None else unhealthy("the policy names *")


CHECKS = {
    check.id: check
    for check in (
        _check("aws.s3.bucket_open_to_everyone", "S3 buckets should not be open to everyone", Severity.CRITICAL, _open),
        _check("aws.s3.encryption_without_key", "S3 buckets should be encrypted with a KMS key", Severity.MEDIUM, _encrypted),
        _check("aws.s3.versioning_off", "S3 buckets should keep earlier versions of objects", Severity.LOW, _versions),
        _check("aws.s3.policy_open", "Bucket policies should name who they grant", Severity.HIGH, _policy_read),
        _check(
            "aws.iam.root_keys",
            "The root user should have no access keys",
            Severity.HIGH,
            _root,
            asset=type(AWS_ACCOUNT),
            parameters=(Parameter("max_age_days", 90, "Days until a key is too old", 1, 365),),
        ),
    )
}

SCORE_CONTROLS = (
    ScoreControl(name="Enable MFA", max=10, checks=()),
    ScoreControl(name="Manage access and permissions", max=4, checks=("aws.iam.root_keys", "aws.s3.policy_open")),
    ScoreControl(name="Enable encryption at rest", max=4, checks=("aws.s3.encryption_without_key",)),
    ScoreControl(name="Restrict unauthorized network access", max=4, checks=("aws.s3.bucket_open_to_everyone",)),
    ScoreControl(name="Implement security best practices", max=0, checks=("aws.s3.versioning_off",)),
)


def assets():
    """The estate's assets."""
    yield replace(AWS_ACCOUNT, id=f"arn:aws:account::{SHOP}:account", scope=SHOP, root_access_keys=1)
    yield replace(AWS_ACCOUNT, id=f"arn:aws:account::{LAB}:account", scope=LAB, name="lab")
    names = [*HOSTILE, *(f"shop-data-{n:02}" for n in range(70))]
    for n, name in enumerate(names):
        yield replace(
            S3_BUCKET,
            id=f"arn:aws:s3:::{name}",
            name=name,
            scope=LAB if n % 4 == 3 else SHOP,
            region="eu-west-1" if n % 3 else "us-east-1",
            tags={"team": "shop", "note": name},
            public_access_block=BLOCK_NONE if n % 5 == 0 else S3_BUCKET.public_access_block,
            encryption="AES256" if n % 2 else "aws:kms",
            versioning=None if n % 7 == 0 else "Enabled",
            unread={"policy": DENIED} if n % 6 == 0 else {},
            **({} if n % 6 == 0 else {"policy": None}),
        )


def _ref(asset) -> AssetRef:
    return AssetRef(asset.id, asset.KIND, asset.name, asset.PROVIDER, asset.scope, asset.region)


def _risk(check: Check, asset) -> Risk:
    factors = [RiskFactor("severity", 6.0, f"the check is {check.severity}")]
    if "open" in check.id:
        factors.append(RiskFactor("internet exposure", 2.5, "anyone on the internet reaches it"))
    return Risk(check.severity, tuple(factors))


@dataclass
class Estate:
    """Query functions over lists."""

    is_empty: bool = False
    rows: list[FindingRow] = field(default_factory=list)
    things: list = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.is_empty:
            return
        self.things = list(assets())
        judge = Judge(CHECKS.values(), now=NOW)
        for asset in self.things:
            for id, verdict in judge.own(asset).verdicts.items():
                self.rows.append(self._row(CHECKS[id], asset, verdict))

    @staticmethod
    def _row(check, asset, verdict) -> FindingRow:
        is_finding = verdict.state in (State.UNHEALTHY, State.UNKNOWN)
        return FindingRow(
            id=finding_id(check, asset.id),
            check=check.id,
            severity=check.severity,
            risk=_risk(check, asset),
            state=verdict.state,
            reason=verdict.reason,
            evidence=verdict.seen,
            effect=Effect.COUNTED,
            effect_until=None,
            first_seen=NOW - timedelta(days=9) if is_finding else None,
            changed_at=NOW - timedelta(days=2) if is_finding else None,
            resolved_at=None,
            reopened=1 if asset.name.endswith("05") else 0,
            asset=_ref(asset),
            source="aws",
            read_at=READ,
            place=None,
        )

    def now(self):
        return NOW

    def checks(self):
        return CHECKS

    def controls(self):
        return {id: (ControlRef("cis_aws_3.0", "2.1.4"), ControlRef("aws_fsbp", "S3.8")) for id in CHECKS}

    def _wanted(self, f):
        states = f.states or {State.UNHEALTHY, State.UNKNOWN}
        for row in self.rows:
            if f.standing is Standing.FIXED or row.state not in states:
                continue
            tests = (
                (f.severities, row.severity),
                (f.risk_levels, row.risk.level),
                (f.providers, row.asset.provider),
                (f.scopes, row.asset.scope),
                (f.regions, row.asset.region),
                (f.kinds, row.asset.kind),
            )
            if any(wanted and value not in wanted for wanted, value in tests):
                continue
            if f.checks is not None and row.check not in f.checks:
                continue
            if f.asset_id and row.asset.id != f.asset_id:
                continue
            words = f"{row.check} {row.id} {row.asset.name} {row.asset.id} {row.reason}".lower()
            if f.text.lower() in words:
                yield row

    @staticmethod
    def _page(rows, paging):
        start = int(paging.cursor) if paging.cursor else paging.offset
        part = rows[start : start + paging.limit]
        more = start + len(part) < len(rows)
        return Page(tuple(part), len(rows), str(start + len(part)) if more else None)

    def findings(self, wanted, paging, viewer=None):
        rows = sorted(self._wanted(wanted), key=lambda r: (-r.risk.level.rank, r.id))
        return self._page(rows, paging)

    verdicts = findings

    def finding(self, id, viewer=None):
        return next((row for row in self.rows if row.id == id), None)

    def recommendations(self, wanted, viewer=None):
        any_state = [r for r in self.rows if wanted.checks is None or r.check in wanted.checks]
        any_state = [r for r in any_state if not wanted.scopes or r.asset.scope in wanted.scopes]
        matching = Counter(row.check for row in self._wanted(wanted))
        made = []
        for id in matching:
            mine = [r for r in any_state if r.check == id]
            states = Counter(r.state.value for r in mine)
            made.append(
                RecommendationRow(
                    check=id,
                    severity=CHECKS[id].severity,
                    counts=Counts(**states),
                    highest_risk=CHECKS[id].severity if states["unhealthy"] else None,
                    first_seen=NOW - timedelta(days=9),
                    scopes=len({r.asset.scope for r in mine if r.state is State.UNHEALTHY}),
                )
            )
        return made

    def _asset_row(self, asset):
        mine = [r for r in self.rows if r.asset.id == asset.id]
        bad = Counter(r.severity.value for r in mine if r.state is State.UNHEALTHY)
        return AssetRow(
            asset=_ref(asset),
            source="aws",
            tags=dict(asset.tags),
            read_at=READ,
            first_seen=NOW - timedelta(days=90),
            gone_at=None,
            place=None,
            unread=len(asset.unread),
            highest_risk=next((s for s in Severity if bad[s.value]), None),
            open=OpenCounts(**bad, unknown=sum(r.state is State.UNKNOWN for r in mine)),
        )

    def _wanted_assets(self, f):
        for asset in self.things:
            row = self._asset_row(asset)
            tests = ((f.providers, asset.PROVIDER), (f.scopes, asset.scope), (f.regions, asset.region), (f.kinds, asset.KIND))
            if any(wanted and value not in wanted for wanted, value in tests):
                continue
            if f.has_findings is not None and f.has_findings != (row.highest_risk is not None):
                continue
            if f.has_unread is not None and f.has_unread != bool(row.unread):
                continue
            if f.text.lower() in f"{asset.name} {asset.id}".lower():
                yield row

    def assets_with_findings(self, wanted, paging, viewer=None):
        ids = {row.asset.id for row in self._wanted(wanted)}
        return self._page([self._asset_row(a) for a in self.things if a.id in ids], paging)

    def assets(self, wanted, paging, viewer=None):
        return self._page(list(self._wanted_assets(wanted)), paging)

    def asset(self, id, viewer=None):
        asset = next((a for a in self.things if a.id == id), None)
        if asset is None:
            return None
        earlier = replace(asset, tags={"team": "none"})
        return AssetDetail(
            row=self._asset_row(asset),
            asset=asset,
            verdicts=tuple(r for r in self.rows if r.asset.id == id),
            fixed=(),
            versions=(
                AssetVersion(asset, NOW - timedelta(days=3), None),
                AssetVersion(earlier, NOW - timedelta(days=90), NOW - timedelta(days=3)),
            ),
        )

    def finding_facets(self, field, wanted, viewer=None):
        pick = {
            "risk": lambda r: r.risk.level.value,
            "severity": lambda r: r.severity.value,
            "verdict": lambda r: r.state.value,
            "effect": lambda r: r.effect.value,
            "provider": lambda r: r.asset.provider,
            "scope": lambda r: r.asset.scope,
            "region": lambda r: r.asset.region,
            "kind": lambda r: r.asset.kind,
            "check": lambda r: r.check,
        }[field]
        counted = Counter(pick(r) for r in self._wanted(wanted))
        return [FacetCount(value, count) for value, count in sorted(counted.items())]

    def asset_facets(self, field, wanted, viewer=None):
        counted = Counter(getattr(r.asset, field) for r in self._wanted_assets(wanted))
        return [FacetCount(value, count) for value, count in sorted(counted.items())]

    def score(self, scopes=frozenset(), viewer=None):
        made = []
        for scope in () if self.is_empty else (SHOP, LAB):
            if scopes and scope not in scopes:
                continue
            controls = []
            for control in SCORE_CONTROLS:
                mine = [r for r in self.rows if r.check in control.checks and r.asset.scope == scope]
                states = Counter(r.state.value for r in mine)
                controls.append(ControlCount(control=control.name, max=control.max, healthy=0, unhealthy=0) if not mine
                    else ControlCount(control=control.name, max=control.max, **{k: states[k] for k in ("healthy", "unhealthy", "not_applicable", "unknown")}))
            assets = {r.asset.id for r in self.rows if r.asset.scope == scope}
            made.append(ScopeCounts(scope=scope, weight=len(assets), unknown=4, controls=tuple(controls)))
        return score(made)

    def score_controls(self):
        return SCORE_CONTROLS

    def score_days(self, days, viewer=None):
        if self.is_empty:
            return []
        made = []
        for back in range(min(days, 40), -1, -1):
            current = 30 + (40 - back) * 0.3
            made.append(
                ScoreDay(
                    day=(NOW - timedelta(days=back)).date().isoformat(), scope="*", control="*",
                    current=current, max=58, unknown=13, low=current - 6, high=current + 5, weight=78,
                )
            )
        return made

    def coverage(self, viewer=None):
        if self.is_empty:
            return Coverage((), ())
        done, partial = PartitionState.DONE, PartitionState.PARTIAL
        denied = Gap("s3", "s3:GetBucketPolicy", "AccessDenied: not authorized", "s3:GetBucketPolicy", count=13)
        key = Gap("kms", "kms:ListKeys", "AccessDenied: not authorized", "kms:ListKeys", count=1)
        absent = Gap("rds", "rds:DescribeDBInstances", "not offered in this region", expected=True)
        return Coverage(
            (
                ScopeCoverage(SHOP, "aws", "aws", "shop-production", partial, {"done": 11, "partial": 1}, READ),
                ScopeCoverage(LAB, "aws", "aws", "lab <b>", done, {"done": 12}, READ),
                ScopeCoverage("5b2c7d1e-0000-4000-8000-00000000000a", "azure", "azure", "Shop EU", done, {"done": 5}, READ),
            ),
            (
                GapRow(SHOP, "aws", "eu-west-1", denied),
                GapRow(LAB, "aws", "eu-west-1", key),
                GapRow(LAB, "aws", "eu-west-1", absent),
            ),
        )

    def scans(self, viewer=None):
        return [] if self.is_empty else [self.scan(2), self.scan(1)]

    def scan(self, id, viewer=None):
        if id not in (1, 2) or self.is_empty:
            return None
        start = READ - timedelta(days=2 - id)
        return ScanRow(
            id=id, source="aws", command="poise scan aws --org", started=start, finished=start + timedelta(seconds=41),
            state=PartitionState.PARTIAL, coverage=self.coverage(),
        )
