"""SARIF 2.1.0 (OASIS Standard, 27 March 2020) for tools that show code scanning results.

Unhealthy findings are results of kind `fail`, unknown ones of kind `open`, waived ones are suppressed. A finding of
an export points at its file; one of a live account has a logical location alone, the asset's id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from poise.export.report import Report
from poise.model.check import Check
from poise.model.finding import Effect, Finding
from poise.model.verdict import Severity, State

NAME = "sarif"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
SECURITY_SEVERITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5"}
"""Middle of the CVSS band of each severity, as code scanning pages sort by it."""
LINE = re.compile(r"^(?P<path>.+):(?P<line>\d+)$")


def render(report: Report) -> Iterator[str]:
    """Yield one log with one run."""
    rules = sorted({finding.check for finding in report.findings})
    index = {id: number for number, id in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(report, rules)},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": report.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "toolExecutionNotifications": list(_notifications(report)),
            }
        ],
        "results": [_result(finding, index[finding.check]) for finding in report.findings if _is_result(finding)],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield msgspec.json.format(msgspec.json.encode(log), indent=1).decode()
    yield "\n"


def _is_result(finding: Finding) -> bool:
    return finding.verdict in (State.UNHEALTHY, State.UNKNOWN)


def _driver(report: Report, rules: list[str]) -> dict[str, Any]:
    return {
        "name": "Poise",
        "semanticVersion": report.version,
        "rules": [_rule(id, report.checks.get(id)) for id in rules],
    }


def _rule(id: str, check: Check | None) -> dict[str, Any]:
    if check is None:
        return {"id": id}
    return {
        "id": id,
        "name": "".join(word.capitalize() for word in re.split(r"[._]", id)),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.risk or check.title},
        "help": {"text": f"{check.fix.console.strip()}\n\n{check.fix.cli.strip()}"},
        "helpUri": check.source,
        "defaultConfiguration": {"level": LEVELS[check.severity]},
        "properties": {
            "tags": ["security", check.provider, check.category],
            "security-severity": SECURITY_SEVERITY[check.severity],
        },
    }


def _notifications(report: Report) -> Iterator[dict[str, Any]]:
    for row in report.coverage.gaps:
        if not row.gap.expected:
            text = f"{row.gap.call} in {row.scope} {row.region} was not read: {row.gap.reason}"
            yield {"level": "warning", "message": {"text": text}}


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    is_unknown = finding.verdict is State.UNKNOWN
    result = {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "kind": "open" if is_unknown else "fail",
        "level": "none" if is_unknown else _level(finding.severity),
        "message": {"text": f"{finding.title}. {finding.asset.name}: {finding.reason}."},
        "locations": [_location(finding)],
        "partialFingerprints": {"poiseFinding/v1": finding.id},
        "properties": _properties(finding),
    }
    if finding.effect in (Effect.WAIVED, Effect.MITIGATED, Effect.DISABLED):
        reason = finding.exemption or finding.effect.value
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _level(severity: Severity) -> str:
    return LEVELS[severity]


def _location(finding: Finding) -> dict[str, Any]:
    asset = finding.asset
    logical = {"name": asset.name, "fullyQualifiedName": asset.id, "kind": asset.kind}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if finding.source.startswith("files:"):
        location["physicalLocation"] = _place(finding.source.removeprefix("files:"))
    return location


def _place(place: str) -> dict[str, Any]:
    with_line = LINE.match(place)
    path = with_line["path"] if with_line else place
    found: dict[str, Any] = {"artifactLocation": {"uri": quote(path if not path.startswith("/") else f"file://{path}", safe="/:")}}
    if with_line:
        found["region"] = {"startLine": int(with_line["line"])}
    return found


def _properties(finding: Finding) -> dict[str, Any]:
    return {
        "asset": finding.asset,
        "risk": finding.risk.level,
        "evidence": finding.evidence,
        "readAt": finding.read_at,
        "firstSeen": finding.first_seen,
    }
