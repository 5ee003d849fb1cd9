"""Sensitive data that a discovery service found marks the assets that hold it, and lowers nothing.

The shape is that of Macie's GetFindings; its categories are those of the API reference.
"""

from __future__ import annotations

import json

import pytest

from poise.app import marking
from poise.app.discovering import discovered
from poise.app.scan import ScanOptions, scan
from poise.model.errors import BadInput, UsageError
from poise.model.mark import Mark, Topic
from tests.app.conftest import bucket


@pytest.fixture
def estate(workspace, cloud):
    cloud.buckets = [bucket(name, tags={}, logging_target=None) for name in "abc"]
    scan(workspace, [cloud], ScanOptions())
    return workspace


def finding(name, *categories, custom=0, **more):
    result = {"sensitiveData": [{"category": each, "totalCount": 2, "detections": []} for each in categories]}
    result["customDataIdentifiers"] = {"totalCount": custom, "detections": []}
    return {
        "id": "1",
        "category": "CLASSIFICATION",
        "resourcesAffected": {"s3Bucket": {"arn": f"arn:aws:s3:::{name}", "name": name}},
        "classificationDetails": {"result": {**result, "status": {"code": "COMPLETE"}}},
        **more,
    }


@pytest.fixture
def file(tmp_path):
    def write(*findings):
        path = tmp_path / "findings.json"
        path.write_text(json.dumps({"findings": findings}))
        return path

    return write


def degrees(workspace):
    return {one.asset_id[-1]: one.degree for one in marking.marks(workspace) if one.topic is Topic.SENSITIVITY}


def test_what_was_found_marks_its_bucket_at_once(estate, file):
    path = file(finding("a", "PERSONAL_INFORMATION"), finding("a", custom=1), finding("b", custom=3), finding("c"))
    assert [one.asset_id[-1] for one in discovered(estate, path, "ann", dry_run=True).marked] == ["a", "b"]
    assert degrees(estate) == {}
    discovered(estate, path, "ann")
    assert degrees(estate) == {"a": "high", "b": "medium"}
    assert {row.action for row in estate.store.audit.page().rows} == {"asset marked"}
    assert discovered(estate, path, "ann").marked == ()


def test_a_higher_mark_of_a_person_stays(estate, file):
    by_hand = Mark(asset_id="arn:aws:s3:::b", topic=Topic.SENSITIVITY, degree="high", reason="mine", by="ann")
    marking.mark(estate, by_hand)
    assert discovered(estate, file(finding("b", custom=1)), "x").stronger == ("arn:aws:s3:::b",)
    assert degrees(estate) == {"b": "high"}


def test_samples_archived_findings_and_policies_tell_of_nothing_and_strangers_are_named(estate, file):
    policy = {**finding("a"), "category": "POLICY", "classificationDetails": None}
    seen = [finding("a", "CREDENTIALS", sample=True), finding("b", "CREDENTIALS", archived=True), policy]
    found = discovered(estate, file(*seen, finding("far", "CREDENTIALS")), "ann")
    assert (found.marked, found.absent) == ((), ("arn:aws:s3:::far",))


@pytest.mark.parametrize("text", ["", "[]", '{"findings": [{"category": 1}]}', "[" * 9999])
def test_a_file_of_another_form_is_refused(estate, tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(BadInput):
        discovered(estate, path, "ann")
    with pytest.raises(UsageError):
        discovered(estate, tmp_path / "nowhere", "ann")
