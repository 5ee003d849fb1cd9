"""What a report holds of machines: their software, their vulnerabilities, and what was decided about these."""

from __future__ import annotations

import msgspec

from poise.model.finding import Effect, Finding
from poise.model.host.software import Software
from poise.model.host.vulnerabilities import KnownVulnerability, Vulnerabilities


class MachineReport(msgspec.Struct, frozen=True, kw_only=True):
    """One machine or image."""

    software: Software
    vulnerabilities: Vulnerabilities | None
    """None if its software was not matched."""
    findings: tuple[Finding, ...] = ()
    """Findings on its vulnerabilities."""


class Decision(msgspec.Struct, frozen=True):
    """What was decided about a vulnerability."""

    effect: Effect
    reason: str


def decision(machine: MachineReport, one: KnownVulnerability) -> Decision | None:
    """Return the exemption that covers every finding that names a vulnerability; None if any of them counts."""
    named = [finding for finding in machine.findings if _names(finding, one)]
    if not named or any(finding.effect not in (Effect.WAIVED, Effect.MITIGATED) for finding in named):
        return None
    finding = next((f for f in named if f.effect is Effect.WAIVED), named[0])
    return Decision(finding.effect, finding.exemption or finding.effect.value)


def _names(finding: Finding, one: KnownVulnerability) -> bool:
    if not isinstance(finding.evidence, list):
        return False
    keys = [(row.get("id"), row.get("package")) for row in finding.evidence if isinstance(row, dict)]
    return (one.id, one.package) in keys
