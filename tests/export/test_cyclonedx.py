"""The SBOM and VEX of machines, against the published schema."""

import json
from datetime import UTC, datetime

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from msgspec import structs

from poise.export import cyclonedx
from poise.export.machines import MachineReport
from poise.export.report import Report
from poise.model.asset import replace
from poise.model.finding import AssetRef, Effect, Finding, Risk
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listings import Coverage
from poise.model.samples.host import SOFTWARE
from poise.model.samples.host_vulnerabilities import LOG4SHELL, with_found
from poise.model.verdict import Severity, State

PACKAGE = SOFTWARE.packages[0]
ONE = structs.replace(
    LOG4SHELL, package=PACKAGE.name, version=PACKAGE.full_version, places=(PACKAGE.place,), fixed_in="9.9"
)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def finding(effect):
    asset = AssetRef("host://web-1#vulnerabilities", Vulnerabilities.KIND, "web-1", "host", "on-premises", "global")
    return Finding(
        id="f",
        check="host.software.known_exploited_vulnerability",
        title="t",
        severity=Severity.CRITICAL,
        risk=Risk(Severity.CRITICAL),
        verdict=State.UNHEALTHY,
        reason="r",
        evidence=[{"id": ONE.id, "package": ONE.package}],
        read_at=NOW,
        source="disk",
        asset=asset,
        first_seen=NOW,
        owner=None,
        due=None,
        exemption="behind a filter",
        effect=effect,
        controls=(),
    )


def document(*found, findings=(), software=SOFTWARE):
    machine = MachineReport(software=software, vulnerabilities=with_found(*found), findings=findings)
    report = Report(
        made_at=NOW,
        version="0.1",
        assets=1,
        score={},
        coverage=Coverage((), ()),
        recommendations=(),
        findings=(),
        checks={},
        machines=(machine,),
    )
    text = "".join(cyclonedx.render(report))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    return json.loads(text)


def test_every_package_of_a_machine_is_a_component_of_it():
    made = document()
    (machine,) = made["components"]
    assert machine["name"] == "web-1"
    assert {(c["name"], c["version"]) for c in machine["components"]} == {
        (p.name, p.full_version) for p in SOFTWARE.packages
    }
    assert all(component["purl"].startswith("pkg:deb/debian/") for component in machine["components"])


def test_what_was_not_read_is_said():
    made = document(software=replace(SOFTWARE, unread={"packages": "the disk is encrypted"}))
    properties = {(p["name"], p["value"]) for p in made["components"][0]["properties"]}
    assert ("poise:unread:packages", "the disk is encrypted") in properties


def test_a_vulnerability_names_the_component_that_it_affects():
    made = document(ONE)
    (one,) = made["vulnerabilities"]
    refs = {c["bom-ref"]: c["name"] for c in made["components"][0]["components"]}
    assert one["id"] == "CVE-2021-44228"
    assert refs[one["affects"][0]["ref"]] == PACKAGE.name
    assert (
        one["ratings"][0]
        == {
            "score": 10.0,
            "severity": "critical",
            "method": "CVSSv31",
            "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
        }
        or one["ratings"][0]["score"] == 10
    )
    assert one["recommendation"] == "Update to 9.9."


@pytest.mark.parametrize(
    ("change", "effect", "state", "responses", "justification"),
    [
        ({}, None, "exploitable", ["update"], None),
        ({"fixed_in": None}, None, "exploitable", ["can_not_fix"], None),
        ({"status": "wont_fix"}, None, "exploitable", ["will_not_fix"], None),
        ({"status": "under_investigation"}, None, "in_triage", None, None),
        ({"status": "withdrawn"}, None, "false_positive", None, None),
        ({"booted": False}, None, "not_affected", None, "code_not_reachable"),
        ({}, Effect.MITIGATED, "not_affected", ["workaround_available"], "protected_by_mitigating_control"),
        ({}, Effect.WAIVED, "exploitable", ["will_not_fix"], None),
        ({}, Effect.COUNTED, "exploitable", ["update"], None),
    ],
)
def test_the_analysis_says_what_advisories_and_exemptions_say(change, effect, state, responses, justification):
    made = document(structs.replace(ONE, **change), findings=(finding(effect),) if effect else ())
    analysis = made["vulnerabilities"][0]["analysis"]
    assert analysis["state"] == state
    assert analysis.get("response") == responses
    assert analysis.get("justification") == justification
