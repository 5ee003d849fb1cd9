"""Plans of public test suites: each is read, and what is not simulated is named."""

import gzip
import json
from pathlib import Path

import pytest

from poise.collect.terraform.plan import is_plan, read_plan
from poise.model.errors import BadInput

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "iac" / "tfplan"
FILES = sorted(FOLDER.glob("*.json.gz")) if FOLDER.is_dir() else []
pytestmark = pytest.mark.skipif(not FILES, reason=f"no plans in {FOLDER}")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_plan_is_read_and_every_change_is_simulated_or_named(file):
    try:
        plan = json.loads(gzip.decompress(file.read_bytes()))
    except UnicodeDecodeError:
        pytest.skip("not UTF-8")
    if not is_plan(plan) or ("resource_changes" not in plan and plan["planned_values"]["root_module"]):
        with pytest.raises(BadInput):
            read_plan(plan, {})
        return
    changing = {
        row["address"]
        for row in plan.get("resource_changes", ())
        if row.get("mode") != "data" and {"create", "update", "delete"} & set(row["change"]["actions"])
    }
    found = read_plan(plan, {})
    assert {one.address for one in found.skipped} <= changing
