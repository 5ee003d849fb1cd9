"""OSCAL assessment results, JSON, version 1.1.3 (NIST, Open Security Controls Assessment Language).

One result: an observation for each check with the assets that failed or could not be judged as subjects, and a finding
for each control that passed, failed or was not assessed. Controls that were skipped or that nothing answers are named
as excluded. OSCAL knows satisfied and not satisfied only: what was not assessed is not satisfied, with the reason
`other`. Identifiers are made of what they stand for, so that two reports of one state are the same.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from poise.export.compliance.material import BASIS_WORDS, STATE_WORDS, ComplianceReport
from poise.model.attestation import Attestation, Evidence
from poise.model.compliance import Assessment, ControlStatus, Result
from poise.model.finding import Effect, Finding
from poise.model.text import printable
from poise.model.verdict import State

NAME = "oscal"
OSCAL_VERSION = "1.1.3"
NAMESPACE = uuid.UUID("6f0c2d2a-1b1e-5a53-9d1b-6c8a4c0b7f11")
"""Our own, under which identifiers are made of names (RFC 4122, version 5)."""
NS = "https://poise.invalid/ns/oscal"
"""Namespace of our properties: a name that never leads anywhere (RFC 2606)."""
ENHANCEMENT = re.compile(r"([a-z]{2}-\d+)\((\d+)\)")
NO_TOKEN = re.compile(r"[^A-Za-z0-9_.-]+")
JUDGED = (Result.PASSED, Result.FAILED, Result.UNKNOWN)
Json = dict[str, Any]


def render(report: ComplianceReport) -> Iterator[str]:
    """Yield one document; the subjects of observations are streamed."""
    name = f"{report.standard.id} {report.made_at.isoformat()} {' '.join(report.scopes)}"
    head = {
        "uuid": _id("document", name),
        "metadata": _metadata(report),
        "import-ap": {"href": "#", "remarks": "No assessment plan: all checks of the standard are run at each scan."},
    }
    yield f'{{"assessment-results":{_text(head)[:-1]},"results":[{_text(_result(report, name))[:-1]}'
    yield from _observations(report)
    yield from _listed("findings", (_text(_finding(report, control)) for control in _judged(report)))
    yield from _local_definitions(report)
    yield "}]}}\n"


def control_id(standard: str, number: str) -> str:
    """Return a control's id: as NIST's catalog has it (`ac-2.1`) for SP 800-53, else made of standard and number."""
    plain = number.lower()
    if standard.startswith("nist_800_53"):
        return ENHANCEMENT.sub(r"\1.\2", plain)
    return _token(f"{standard}_{plain}")


def _metadata(report: ComplianceReport) -> Json:
    return {
        "title": printable(f"{report.standard.name}: assessment results"),
        "last-modified": _time(report.made_at),
        "version": report.made_at.strftime("%Y%m%dT%H%M%SZ"),
        "oscal-version": OSCAL_VERSION,
        "roles": [{"id": "assessor", "title": "Assessor"}],
        "parties": [{"uuid": _party(), "type": "organization", "name": f"Poise {report.version}"}],
        "responsible-parties": [{"role-id": "assessor", "party-uuids": [_party()]}],
    }


def _result(report: ComplianceReport, name: str) -> Json:
    tally = msgspec.to_builtins(report.status.tally)
    result = {
        "uuid": _id("result", name),
        "title": printable(report.standard.name),
        "description": f"{STATE_WORDS[report.status.state]}; {len(report.scopes)} scopes were looked at.",
        "start": _time(report.made_at),
        "end": _time(report.made_at),
        "props": [_prop("state", report.status.state), *(_prop(key, str(n)) for key, n in tally.items())],
        "reviewed-controls": {"control-selections": [_selection(report)]},
    }
    stated = [each for control in report.status.controls for each in _attestations(report, control)]
    return result | ({"attestations": stated} if stated else {})


def _selection(report: ComplianceReport) -> Json:
    chosen = {control.control for control in _judged(report)}
    ids = [
        (control.control in chosen, control_id(report.standard.id, control.control))
        for control in report.status.controls
    ]
    inside = [{"control-id": id} for is_in, id in ids if is_in]
    outside = [{"control-id": id} for is_in, id in ids if not is_in]
    if not inside:
        return {"description": "Nothing could be judged.", "include-all": {}, "exclude-controls": outside}
    selection: Json = {"include-controls": inside}
    return selection | ({"exclude-controls": outside} if outside else {})


def _judged(report: ComplianceReport) -> Iterator[ControlStatus]:
    return (control for control in report.status.controls if control.state in JUDGED)


def _observations(report: ComplianceReport) -> Iterator[str]:
    """Yield an observation for each check that has verdicts; subjects come one by one."""
    before = ',"observations":['
    for made in _assessments(report).values():
        if made.state is not Result.UNSUPPORTED:
            yield f"{before}{_text(_observation(report, made))[:-1]}"
            yield from _listed("subjects", (_text(_subject(finding)) for finding in report.findings(made.check)))
            yield "}"
            before = ",\n"
    yield "]" if before == ",\n" else ""


def _observation(report: ComplianceReport, made: Assessment) -> Json:
    title = printable(report.titles.get(made.check, made.check))
    counts = {"passed": made.passed, "failed": made.failed, "skipped": made.skipped, "unknown": made.unknown}
    return {
        "uuid": _observation_id(report, made.check),
        "title": title,
        "description": f"{title}: {STATE_WORDS[made.state]}.",
        "props": [_prop("check", made.check), *(_prop(key, str(number)) for key, number in counts.items())],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "origins": [{"actors": [{"type": "party", "actor-uuid": _party()}]}],
        "collected": _time(report.made_at),
    }


def _assessments(report: ComplianceReport) -> Mapping[str, Assessment]:
    return {made.check: made for control in report.status.controls for made in control.assessments}


def _subject(finding: Finding) -> Json:
    is_failed = finding.verdict is State.UNHEALTHY and finding.effect in (Effect.COUNTED, Effect.GRACE)
    is_exempt = finding.effect not in (Effect.COUNTED, Effect.GRACE)
    result = "skipped" if is_exempt else "fail" if is_failed else "unknown"
    words = {"result": result, "finding": finding.id, "read-at": _time(finding.read_at)}
    subject = {
        "subject-uuid": _item(finding.asset.id),
        "type": "inventory-item",
        "title": _line(finding.asset.id),
        "props": [_prop(key, value) for key, value in words.items()],
    }
    remarks = printable(finding.reason)
    return subject | ({"remarks": remarks} if remarks else {})


def _finding(report: ComplianceReport, control: ControlStatus) -> Json:
    id = control_id(report.standard.id, control.control)
    is_met = control.state is Result.PASSED
    reason = "pass" if is_met else "fail" if control.state is Result.FAILED else "other"
    finding = {
        "uuid": _id("finding", f"{report.standard.id} {control.control} {report.made_at.isoformat()}"),
        "title": _line(f"{control.control} {control.title}"),
        "description": f"{STATE_WORDS[control.state]}, {BASIS_WORDS[control.basis]}.",
        "props": [_prop("state", control.state), _prop("basis", control.basis)],
        "target": {
            "type": "objective-id",
            "target-id": id,
            "status": {"state": "satisfied" if is_met else "not-satisfied", "reason": reason},
        },
    }
    related = [
        {"observation-uuid": _observation_id(report, made.check)}
        for made in control.assessments
        if made.state is not Result.UNSUPPORTED
    ]
    return finding | ({"related-observations": related} if related else {})


def _attestations(report: ComplianceReport, control: ControlStatus) -> Iterator[Json]:
    for attestation in control.attestations:
        yield {
            "responsible-parties": [{"role-id": "assessor", "party-uuids": [_party()]}],
            "parts": [_part(control_id(report.standard.id, control.control), attestation)],
        }


def _part(control: str, attestation: Attestation) -> Json:
    words = {
        "control": control,
        "met": "yes" if attestation.is_met else "no",
        "scope": attestation.scope,
        "by": attestation.by,
        "made-at": _time(attestation.made_at),
        "until": _time(attestation.until),
    }
    part: Json = {
        "name": "attestation",
        "ns": NS,
        "title": _line(f"Attestation of {control}"),
        "props": [_prop(key, value) for key, value in words.items()],
        "prose": attestation.statement,
    }
    links = [_evidence(each) for each in attestation.evidence]
    return part | ({"links": links} if links else {})


def _evidence(evidence: Evidence) -> Json:
    if evidence.link:
        return {"href": evidence.link, "rel": "evidence"}
    return {"href": f"urn:sha256:{evidence.sha256}", "rel": "evidence", "text": _line(evidence.file)}


def _local_definitions(report: ComplianceReport) -> Iterator[str]:
    """Yield the assets that observations point to, each once."""
    items = _listed("inventory-items", _items(report))
    first = next(items, "")
    if first:
        yield f',"local-definitions":{{{first.removeprefix(",")}'
        yield from items
        yield "}"


def _items(report: ComplianceReport) -> Iterator[str]:
    seen: set[bytes] = set()
    for check in _assessments(report):
        for finding in report.findings(check):
            id = _item(finding.asset.id)
            key = uuid.UUID(id).bytes
            if key not in seen:
                seen.add(key)
                asset = finding.asset
                words = {"asset-id": asset.id, "kind": asset.kind, "scope": asset.scope, "region": asset.region}
                props = [_prop(name, value) for name, value in words.items() if value.strip()]
                yield _text({"uuid": id, "description": _line(asset.name or asset.id), "props": props})


def _listed(name: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a member that is a list, with the comma before it; nothing if the list would be empty."""
    before = f',"{name}":['
    is_empty = True
    for item in items:
        yield f"{before}{item}"
        before, is_empty = ",\n", False
    if not is_empty:
        yield "]"


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NS, "value": _line(value)}


def _line(text: str) -> str:
    """Return text as OSCAL's one-line strings allow it: no line breaks, no blanks at the ends, never empty."""
    return printable(text).strip() or "-"


def _token(text: str) -> str:
    token = NO_TOKEN.sub("-", text)
    return token if token[:1].isalpha() or token[:1] == "_" else f"_{token}"


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{kind} {name}"))


def _party() -> str:
    return _id("party", "poise")


def _item(asset: str) -> str:
    return _id("asset", asset)


def _observation_id(report: ComplianceReport, check: str) -> str:
    return _id("observation", f"{report.standard.id} {check} {report.made_at.isoformat()}")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
