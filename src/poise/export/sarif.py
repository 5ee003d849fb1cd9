"""SARIF 2.1.0 (OASIS Standard, 27 March 2020) for tools that show code scanning results.

Unhealthy findings are results of kind `fail`, unknown ones of kind `open`, waived ones are suppressed. An asset is a
logical location. Since code scanning pages take no result without a file, each also gets an address made of provider,
scope, region and name, which says of itself that it is no file.
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
SPECIAL = re.compile(r"[\\\[\]{}]")
"""Characters that begin links or placeholders in a message (SARIF 3.11.5 and 3.11.6)."""


def render(report: Report) -> Iterator[str]:
    """Yield one log with one run."""
    findings = [finding for finding in report.findings if finding.verdict in (State.UNHEALTHY, State.UNKNOWN)]
    rules = sorted({finding.check for finding in findings})
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
        "results": [_result(finding, index[finding.check]) for finding in findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield msgspec.json.format(msgspec.json.encode(log), indent=1).decode()
    yield "\n"


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
        "shortDescription": _text(check.title),
        "fullDescription": _text(check.risk or check.title),
        "help": _text(f"{check.fix.console.strip()}\n\n{check.fix.cli.strip()}"),
        **({"helpUri": check.source} if check.source else {}),
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
            yield {"level": "warning", "message": _text(text)}


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    is_unknown = finding.verdict is State.UNKNOWN
    result = {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "kind": "open" if is_unknown else "fail",
        "level": "none" if is_unknown else _level(finding.severity),
        "message": _text(f"{finding.title}. {finding.asset.name}: {finding.reason}."),
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
    address = "/".join(quote(part, safe="") for part in (asset.provider, asset.scope, asset.region, asset.name))
    return {
        "logicalLocations": [{"name": asset.name, "fullyQualifiedName": asset.id, "kind": "resource"}],
        "physicalLocation": {
            "artifactLocation": {"uri": address, "description": {"text": "An asset in a cloud, not a file."}},
            "region": {"startLine": 1},
        },
    }


def _text(text: str) -> dict[str, str]:
    """Return a message in which names that others chose make no link and no placeholder."""
    return {"text": SPECIAL.sub(_escaped, text)}


def _escaped(found: re.Match[str]) -> str:
    return found[0] * 2 if found[0] in "{}" else f"\\{found[0]}"


def _properties(finding: Finding) -> dict[str, Any]:
    return {
        "asset": finding.asset,
        "risk": finding.risk.level,
        "evidence": finding.evidence,
        "readAt": finding.read_at,
        "firstSeen": finding.first_seen,
    }
