import json

from poise.export import json as format
from tests.export.estate import REVERSED, report

FINDING = {"id", "check", "title", "severity", "risk", "verdict", "reason", "evidence", "read_at", "source", "asset"}
FINDING |= {"first_seen", "owner", "due", "exemption", "effect", "effect_until", "controls", "rule", "eta"}


def document() -> dict:
    return json.loads("".join(format.render(report())))


def test_findings_have_the_fields_that_scripts_rely_on():
    first = document()["findings"][0]

    assert set(first) == FINDING
    assert set(first["asset"]) == {"id", "kind", "name", "provider", "scope", "region"}
    assert set(first["risk"]) == {"level", "factors"}
    assert first["controls"] == [{"standard": "cis_aws_3_0", "control": "2.1.9"}]


def test_names_come_through_unchanged():
    assert document()["findings"][3]["asset"]["name"] == REVERSED


def test_schema_version_is_said():
    assert document()["schema_version"] == 1
