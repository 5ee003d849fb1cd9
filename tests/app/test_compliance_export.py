"""The table of all standards is what the lists of findings say, row by row."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec
import pytest

from poise.app import compliance, queries
from poise.app import compliance_reports as reports
from poise.app.scan import ScanOptions, scan
from poise.app.standards import Standards, read_text
from poise.app.workspace import Workspace
from poise.export.compliance.csv import HEADINGS, control_line
from poise.export.compliance.material import STATE_WORDS
from poise.model import replace
from poise.model.listing import Scope
from poise.model.listings import FindingFilter
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.model.text import spreadsheet_cell
from tests.app.conftest import FakeCloud, bucket

OTHER = "444455556666"
HOUSE = """title = "House"
[control.1]
title = "Versions, and only versions"
checks = ["aws.s3.versioning_off", "aws.s3.access_logging_off"]
[control.2]
title = "Plain HTTP is refused"
checks = ["aws.s3.plain_http_allowed", "aws.s3.versioning_off"]
"""


class Accounts(FakeCloud):
    """The same buckets in two accounts."""

    def scopes(self):
        return (Scope(ACCOUNT, "aws", "shop", ()), Scope(OTHER, "aws", "lake", ()))

    def read(self, key):
        found = super().read(key)
        return msgspec.structs.replace(found, assets=tuple(self.in_scope(asset, key.scope) for asset in found.assets))

    @staticmethod
    def in_scope(asset, scope):
        named = {} if asset.id == AWS_ACCOUNT.id and scope == ACCOUNT else {"id": f"{asset.id}-{scope}"}
        return replace(asset, scope=scope, **named, **CHANGES.get(asset.name, {}))


CHANGES: dict[str, dict[str, object]] = {
    "good": {},
    "bad": {"versioning": None, "logging_target": None},
    "=1+1": {"versioning": None},
    'a,"b"': {"versioning": None},
    "dark": {"unread": {"policy": "AccessDenied,\nagain"}},
}


@pytest.fixture
def scanned(workspace: Workspace, clock) -> Workspace:
    cloud = Accounts(clock)
    cloud.buckets = [bucket(name) for name in CHANGES]
    scan(workspace, [cloud], ScanOptions())
    own = read_text(HOUSE, "house")
    workspace.standards = Standards((own,), {"house": [OTHER], "soc_2_2022": [ACCOUNT]})
    return workspace


def literal(workspace: Workspace) -> str:
    """Write the table with a loop over standards, controls and lists of findings."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="", lineterminator="\r\n")
    writer.writeheader()
    statuses = compliance.overview(workspace)
    answering: dict[str, list[tuple[str, Any]]] = {}
    for status in statuses:
        material = reports._material(workspace, status.standard, ())
        for control in status.controls:
            for check in dict.fromkeys(made.check for made in control.assessments):
                answering.setdefault(check, []).append((status.standard, control))
            out.write(control_line(material, control))
    standards = [workspace.standards.get(status.standard) for status in statuses]
    in_scope = {one.id: set(compliance.scopes_of(workspace, one)) for one in standards}
    for check, controls in answering.items():
        for found in queries.all_findings(workspace, FindingFilter(checks=frozenset({check}))):
            for standard, control in controls:
                if found.asset.scope in in_scope[standard]:
                    writer.writerow(row_of(standard, control, found))
    return out.getvalue()


def row_of(standard, control, found):
    asset = found.asset
    cells = {
        "row": "finding",
        "standard": standard,
        "control": control.control,
        "state": STATE_WORDS[control.state],
        "finding": found.id,
        "check": found.check,
        "verdict": found.verdict.value,
        "severity": found.severity.value,
        "effect": found.effect.value,
        "asset": asset.id,
        "kind": asset.kind,
        "name": asset.name,
        "provider": asset.provider,
        "scope": asset.scope,
        "region": asset.region,
        "reason": found.reason,
        "first_seen": found.first_seen.isoformat(),
        "read_at": found.read_at.isoformat(),
    }
    return {name: spreadsheet_cell(text) for name, text in cells.items()}


@pytest.mark.parametrize("viewer", [None, frozenset({OTHER})])
def test_the_one_table_is_what_lists_say(scanned, viewer):
    scanned.viewer = viewer
    written = b"".join(reports.export_every(scanned)).decode()
    assert written == literal(scanned)
    rows = list(csv.DictReader(io.StringIO(written)))
    found = [row for row in rows if row["row"] == "finding"]
    assert {row["scope"] for row in found if row["standard"] == "house"} == {OTHER}
    if viewer is None:
        assert {row["scope"] for row in found if row["standard"] == "soc_2_2022"} == {ACCOUNT}
