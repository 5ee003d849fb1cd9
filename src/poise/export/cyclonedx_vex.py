"""Vulnerabilities of a machine in the CycloneDX form, with what was found out and decided about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from cyclonedx.model import Property
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.impact_analysis import (
    ImpactAnalysisAffectedStatus,
    ImpactAnalysisJustification,
    ImpactAnalysisResponse,
    ImpactAnalysisState,
)
from cyclonedx.model.vulnerability import (
    BomTarget,
    BomTargetVersionRange,
    Vulnerability,
    VulnerabilityAnalysis,
    VulnerabilityRating,
    VulnerabilityReference,
    VulnerabilityScoreSource,
    VulnerabilitySeverity,
    VulnerabilitySource,
)

from poise.export.machines import Decision, MachineReport, decision
from poise.model.finding import Effect
from poise.model.host.vulnerabilities import KnownVulnerability

Refs = Mapping[tuple[str, str, str], str]


def vulnerabilities(machine: MachineReport, refs: Refs) -> Iterator[Vulnerability]:
    """Yield the vulnerabilities of a machine; ``refs`` are the references of its packages."""
    record = machine.vulnerabilities
    if record is None or "found" in record.unread:
        return
    for one in record.found:
        targets = sorted(refs[key] for place in one.places if (key := (one.package, one.version, place)) in refs)
        if targets:
            yield _vulnerability(one, targets, decision(machine, one))


def _vulnerability(one: KnownVulnerability, targets: list[str], decided: Decision | None) -> Vulnerability:
    return Vulnerability(
        bom_ref=BomRef(f"{one.id}:{targets[0]}"),
        id=one.id,
        source=VulnerabilitySource(name=one.sources[0].feed),
        references=[
            VulnerabilityReference(id=source.advisory, source=VulnerabilitySource(name=source.feed))
            for source in one.sources
        ],
        ratings=[_rating(one)],
        recommendation=f"Update to {one.fixed_in}." if one.fixed_in else None,
        published=_moment(one.published),
        analysis=_analysis(one, decided),
        affects=[BomTarget(ref=target, versions=[_version(one)]) for target in targets],
        properties=[Property(name=f"poise:{name}", value=value) for name, value in _marks(one)],
    )


def _version(one: KnownVulnerability) -> BomTargetVersionRange:
    unknown = one.status == "under_investigation"
    status = ImpactAnalysisAffectedStatus.UNKNOWN if unknown else ImpactAnalysisAffectedStatus.AFFECTED
    return BomTargetVersionRange(version=one.version, status=status)


def _rating(one: KnownVulnerability) -> VulnerabilityRating:
    vector = one.cvss.vector if one.cvss else ""
    return VulnerabilityRating(
        score=Decimal(str(one.cvss.score)) if one.cvss else None,
        severity=VulnerabilitySeverity(one.severity),
        method=VulnerabilityScoreSource.get_from_vector(vector) if vector else None,
        vector=vector or None,
    )


def _analysis(one: KnownVulnerability, decided: Decision | None) -> VulnerabilityAnalysis:
    states = ImpactAnalysisState
    if one.status == "withdrawn":
        return VulnerabilityAnalysis(state=states.FALSE_POSITIVE, detail="The advisory was withdrawn.")
    if one.status == "under_investigation":
        return VulnerabilityAnalysis(state=states.IN_TRIAGE)
    if not one.booted:
        return VulnerabilityAnalysis(
            state=states.NOT_AFFECTED,
            justification=ImpactAnalysisJustification.CODE_NOT_REACHABLE,
            detail="This kernel is installed and does not boot.",
        )
    return _decided(one, decided)


def _decided(one: KnownVulnerability, decided: Decision | None) -> VulnerabilityAnalysis:
    if decided is not None and decided.effect is Effect.MITIGATED:
        return VulnerabilityAnalysis(
            state=ImpactAnalysisState.NOT_AFFECTED,
            justification=ImpactAnalysisJustification.PROTECTED_BY_MITIGATING_CONTROL,
            responses=[ImpactAnalysisResponse.WORKAROUND_AVAILABLE],
            detail=decided.reason,
        )
    if decided is not None or one.status == "wont_fix":
        return VulnerabilityAnalysis(
            state=ImpactAnalysisState.EXPLOITABLE,
            responses=[ImpactAnalysisResponse.WILL_NOT_FIX],
            detail=decided.reason if decided else "The distribution will not fix it in this release.",
        )
    response = [ImpactAnalysisResponse.UPDATE] if one.fixed_in else [ImpactAnalysisResponse.CAN_NOT_FIX]
    return VulnerabilityAnalysis(state=ImpactAnalysisState.EXPLOITABLE, responses=response)


def _marks(one: KnownVulnerability) -> Iterator[tuple[str, str]]:
    yield "kev", str(one.kev).lower()
    if one.epss is not None:
        yield "epss", f"{one.epss:g}"
    for alias in one.aliases:
        yield "alias", alias
    for source in one.sources:
        yield "status", f"{source.advisory}: {source.status} {source.note}".strip()


def _moment(day: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None
