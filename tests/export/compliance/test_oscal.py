"""OSCAL assessment results follow the rules of the model and say what is known, no more."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from poise.export.compliance import oscal
from poise.export.compliance.material import ComplianceReport
from poise.model.compliance import Basis, Result
from tests.export.compliance.material import CHECK, CONTROLS, FINDINGS, OTHER, control, report
from tests.export.compliance.oscal_rules import ASSESSMENT_RESULTS


def written(material: ComplianceReport | None = None) -> dict[str, Any]:
    document = json.loads("".join(oscal.render(material or report())))
    jsonschema.Draft7Validator(ASSESSMENT_RESULTS).validate(document)
    return document["assessment-results"]


def props(thing: dict[str, Any]) -> dict[str, str]:
    return {prop["name"]: prop["value"] for prop in thing["props"]}


@pytest.mark.parametrize(
    "controls",
    [
        CONTROLS,
        CONTROLS[:1],
        CONTROLS[3:4],
        CONTROLS[4:5],
        (control("1", Result.UNSUPPORTED, basis=Basis.MANUAL, manual="A person."),),
    ],
    ids=["all", "failed", "skipped", "attested", "nothing judged"],
)
def test_every_document_follows_the_rules(controls):
    written(report(*controls))


def test_passed_controls_are_satisfied_and_unknown_ones_are_not():
    (result,) = written()["results"]
    found = {finding["title"].split()[0]: finding["target"]["status"] for finding in result["findings"]}
    assert found == {
        "1.1": {"state": "not-satisfied", "reason": "fail"},
        "1.2": {"state": "not-satisfied", "reason": "other"},
        "1.3": {"state": "satisfied", "reason": "pass"},
        "2(1)": {"state": "satisfied", "reason": "pass"},
    }


def test_controls_that_were_not_judged_are_named_as_excluded():
    (selection,) = written()["results"][0]["reviewed-controls"]["control-selections"]
    inside, outside = ({c["control-id"] for c in selection[f"{word}-controls"]} for word in ("include", "exclude"))
    assert inside == {"house_1.1", "house_1.2", "house_1.3", "house_2-1-"}
    assert outside == {"house_1.4", "house_3", "house_4", "house_5"}


def test_assets_that_failed_or_could_not_be_judged_are_subjects():
    (result,) = written()["results"]
    (observation,) = [o for o in result["observations"] if props(o)["check"] == CHECK]
    results = [props(subject)["result"] for subject in observation["subjects"]]
    assert results == ["fail", "fail", "fail", "skipped", "unknown", "fail"]
    assert props(observation)["failed"] == "4"


def test_every_reference_leads_somewhere():
    document = written()
    (result,) = document["results"]
    items = {item["uuid"] for item in result["local-definitions"]["inventory-items"]}
    subjects = {s["subject-uuid"] for o in result["observations"] for s in o.get("subjects", ())}
    assert subjects == items
    observations = {o["uuid"] for o in result["observations"]}
    related = {r["observation-uuid"] for f in result["findings"] for r in f.get("related-observations", ())}
    assert related <= observations
    parties = {party["uuid"] for party in document["metadata"]["parties"]}
    assert {a["actor-uuid"] for o in result["observations"] for g in o["origins"] for a in g["actors"]} == parties


def test_an_asset_of_two_checks_is_one_item():
    assets = {finding.asset.id for check in (CHECK, OTHER) for finding in FINDINGS[check]}
    items = written()["results"][0]["local-definitions"]["inventory-items"]
    assert len(items) == len(assets)
    assert len({item["uuid"] for item in items}) == len(items)


def test_an_attestation_says_who_until_when_and_what_proves_it():
    (stated,) = written()["results"][0]["attestations"]
    (part,) = stated["parts"]
    assert props(part)["by"] == "ann@example.org"
    assert props(part)["until"] == "2026-12-25T12:00:00Z"
    assert [link["href"] for link in part["links"]] == ["https://wiki.example.org/a", f"urn:sha256:{'ab' * 32}"]


def test_the_same_state_gives_the_same_document():
    assert "".join(oscal.render(report())) == "".join(oscal.render(report()))


@pytest.mark.parametrize(
    ("standard", "number", "id"),
    [
        ("nist_800_53_r5", "AC-2", "ac-2"),
        ("nist_800_53_r5", "AC-2(12)", "ac-2.12"),
        ("cis_aws_6.0", "2.1", "cis_aws_6.0_2.1"),
        ("2fa", "1", "_2fa_1"),
    ],
)
def test_controls_have_the_ids_of_their_catalog(standard, number, id):
    assert oscal.control_id(standard, number) == id
