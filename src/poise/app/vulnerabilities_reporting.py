"""Gathers what reports say of machines: software, vulnerabilities, and the findings on these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from poise.app import queries
from poise.app.workspace import Workspace
from poise.export.machines import MachineReport
from poise.model.finding import Finding
from poise.model.host.software import Software
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listings import AssetFilter, FindingFilter


def reported_machines(workspace: Workspace, wanted: FindingFilter) -> Iterator[MachineReport]:
    """Yield the machines of the scopes that a filter names; nothing is read before the first is asked for."""
    kinds = frozenset({Vulnerabilities.KIND})
    here = AssetFilter(scopes=wanted.scopes, providers=wanted.providers, kinds=kinds)
    store = workspace.store.assets
    known = {one.id: one for _, one in store.all(workspace.viewer, here) if isinstance(one, Vulnerabilities)}
    findings = _findings(workspace, wanted) if known else {}
    software = msgspec.structs.replace(here, kinds=frozenset({Software.KIND}))
    for _, one in store.all(workspace.viewer, software):
        if isinstance(one, Software):
            id = f"{one.id.removesuffix('#software')}#vulnerabilities"
            yield MachineReport(software=one, vulnerabilities=known.get(id), findings=tuple(findings.get(id, ())))


def _findings(workspace: Workspace, wanted: FindingFilter) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in queries.all_findings(workspace, wanted):
        if finding.asset.kind == Vulnerabilities.KIND:
            found[finding.asset.id].append(finding)
    return found
