"""Compliance for scripts and auditors: the JSON shapes, and reports in the formats of `poise.export.compliance`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from poise import __version__
from poise.app import compliance, queries
from poise.app.workspace import Workspace
from poise.comply.comparison import Comparison
from poise.export import compliance as formats
from poise.export.compliance.material import ComplianceReport, Findings
from poise.model.compliance import Assessment, ControlStatus, StandardStatus
from poise.model.errors import UsageError
from poise.model.finding import Finding
from poise.model.listings import FindingFilter
from poise.model.standard import Section, Standard
from poise.store.lines import Line

Json = dict[str, Any]


def format_names() -> tuple[str, ...]:
    """Return the formats of compliance reports."""
    return formats.names()


def summary_json(status: StandardStatus) -> Json:
    """Return a standard's state and counts, without its controls."""
    shape: Json = msgspec.to_builtins(status)
    del shape["controls"]
    return shape


def tree_json(standard: Standard, status: StandardStatus) -> Json:
    """Return a standard's state with its sections, and in each the sections and controls that lie in it."""
    shape = summary_json(status)
    shape |= {"source": standard.source, "notes": standard.notes, "sections": _sections(standard, status, "")}
    return shape | {"controls": [control_json(c) for c in status.controls if not c.section]}


def control_json(control: ControlStatus) -> Json:
    """Return a control's state with its checks."""
    shape: Json = msgspec.to_builtins(control)
    return shape


def comparison_json(found: Comparison) -> Json:
    """Return what two standards share."""
    shape: Json = msgspec.to_builtins(found)
    both = {"first": summary_json(found.first), "second": summary_json(found.second)}
    names = ("only_first", "only_second")
    return shape | both | {name: [_brief(control) for control in getattr(found, name)] for name in names}


def export(workspace: Workspace, id: str, format: str, scopes: Iterable[str] = ()) -> Iterator[str] | Iterator[bytes]:
    """Yield a report of one standard: `csv`, `html`, `oscal` or `pdf`. Findings are streamed.

    Raises :class:`UsageError` for a format or a standard that there is not.
    """
    if format not in formats.names():
        raise UsageError(f"There is no compliance report {format!r}.", f"Choose from {', '.join(format_names())}.")
    return formats.get(format).render(_material(workspace, id, tuple(scopes)))


def export_every(workspace: Workspace, scopes: Iterable[str] = ()) -> Iterator[bytes]:
    """Yield one CSV of all standards that have data: a row for each control, then one for each finding and control."""
    from poise.export.compliance import every_standard

    wanted = tuple(scopes)
    statuses = compliance.overview(workspace, wanted)
    materials = [_of_status(workspace, status, wanted) for status in statuses]
    everywhere = FindingFilter(
        scopes=frozenset(scope for material in materials for scope in material.scopes),
        groups=compliance.groups_among(wanted),
    )
    made = (each for status in statuses for control in status.controls for each in control.assessments)
    with_findings = {each.check for each in made if each.failed or each.unknown or each.skipped}

    def lines(check: str) -> Iterable[Line]:
        return workspace.store.findings.lines(workspace.viewer, check, everywhere) if check in with_findings else ()

    return every_standard.render(materials, lines)


def _material(workspace: Workspace, id: str, wanted: tuple[str, ...]) -> ComplianceReport:
    return _of_status(workspace, compliance.standard_status(workspace, id, wanted), wanted)


def _of_status(workspace: Workspace, status: StandardStatus, wanted: tuple[str, ...]) -> ComplianceReport:
    standard = workspace.standards.get(status.standard)
    scopes = compliance.scopes_of(workspace, standard, wanted)
    made = (each for control in status.controls for each in control.assessments)
    return ComplianceReport(
        made_at=workspace.clock(),
        version=__version__,
        standard=standard,
        status=status,
        scopes=tuple(sorted(scopes)),
        titles={check.id: check.title for check in workspace.checks.values()},
        findings=_findings(workspace, FindingFilter(scopes=scopes, groups=compliance.groups_among(wanted)), made),
    )


def _findings(workspace: Workspace, wanted: FindingFilter, made: Iterable[Assessment]) -> Findings:
    """Return a function that streams the findings of a check; the store is asked only where there are any."""
    with_findings = {each.check for each in made if each.failed or each.unknown or each.skipped}

    def findings(check: str) -> Iterable[Finding]:
        if check not in with_findings:
            return ()
        return queries.all_findings(workspace, replace(wanted, checks=frozenset({check})))

    return findings


def _sections(standard: Standard, status: StandardStatus, within: str) -> list[Json]:
    return [_section(standard, status, section) for section in standard.sections if section.within == within]


def _section(standard: Standard, status: StandardStatus, section: Section) -> Json:
    return {
        "section": section.number,
        "title": section.title,
        "sections": _sections(standard, status, section.number),
        "controls": [control_json(control) for control in status.controls if control.section == section.number],
    }


def _brief(control: ControlStatus) -> Json:
    return {"control": control.control, "title": control.title, "state": control.state.value}
