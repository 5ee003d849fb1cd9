"""SARIF against the rules of its schema that concern what we write (SARIF 2.1.0, section 3 and appendix)."""

import json

import jsonschema
import msgspec

from poise.export import sarif
from tests.export.estate import finding, report

MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
ARTIFACT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "uri": {"type": "string", "pattern": r"^[A-Za-z0-9%._~/:-]+$"},
        "uriBaseId": {},
        "index": {},
        "description": MESSAGE,
    },
}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": ARTIFACT,
                "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"name": {"type": "string"}, "fullyQualifiedName": {"type": "string"}, "kind": {}},
            },
        },
    },
}
RULE = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "helpUri": {"type": "string", "pattern": "^https://"},
        "defaultConfiguration": {"properties": {"level": {"enum": ["none", "note", "warning", "error"]}}},
        "properties": {"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": True}}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "locations"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"},
        "suppressions": {
            "type": "array",
            "items": {
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                },
            },
        },
    },
    # A result that is no failure has the level "none" (3.27.10).
    "if": {"properties": {"kind": {"not": {"const": "fail"}}}},
    "then": {"properties": {"level": {"const": "none"}}},
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {
            "required": ["driver"],
            "properties": {
                "driver": {"required": ["name"], "properties": {"rules": {"items": RULE, "uniqueItems": True}}}
            },
        },
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {
            "items": {
                "required": ["executionSuccessful"],
                "properties": {
                    "endTimeUtc": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                    "toolExecutionNotifications": {
                        "items": {"required": ["message"], "properties": {"message": MESSAGE}}
                    },
                },
            }
        },
        "results": {"type": "array", "items": RESULT},
    },
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN},
    },
}


def log() -> dict:
    return json.loads("".join(sarif.render(report())))


def test_log_obeys_the_rules_of_the_schema():
    jsonschema.validate(log(), LOG)


def test_every_result_names_its_rule():
    run = log()["runs"][0]

    assert [run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"]] == [
        r["ruleId"] for r in run["results"]
    ]


def test_unknown_is_open_and_never_a_pass():
    kinds = [result["kind"] for result in log()["runs"][0]["results"]]

    assert kinds == ["fail", "fail", "fail", "fail", "open"]


def test_waived_findings_are_suppressed_with_the_reason():
    assert [r.get("suppressions") for r in log()["runs"][0]["results"]][3] == [
        {"kind": "external", "status": "accepted", "justification": "accepted until March"}
    ]


def test_what_was_not_read_is_a_warning_of_the_run():
    (notification,) = log()["runs"][0]["invocations"][0]["toolExecutionNotifications"]

    assert "s3:GetBucketVersioning" in notification["message"]["text"]


def test_a_name_can_make_neither_a_link_nor_a_placeholder():
    hostile = msgspec.structs.replace(report(), findings=(finding(9, "[click](https://evil.example) {0}"),))
    (result,) = json.loads("".join(sarif.render(hostile)))["runs"][0]["results"]
    text = result["message"]["text"]

    assert "\\[click\\](https://evil.example) {{0}}" in text


def test_code_scanning_pages_get_the_severity_in_their_own_scale():
    rule = log()["runs"][0]["tool"]["driver"]["rules"][0]

    assert rule["properties"]["security-severity"] == "2.5"
