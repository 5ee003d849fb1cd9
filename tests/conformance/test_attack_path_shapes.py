"""Every shape of the published catalogue of attack paths is found on its smallest graph, or says why not yet."""

import json
import tomllib
from pathlib import Path

import pytest
from msgspec import structs

from poise.attackpaths.analysis import analyse
from poise.attackpaths.choices import Choices
from poise.attackpaths.drawing import node
from poise.attackpaths.facts import Facts
from tests.attackpaths.shapes import drawn

FILE = Path(__file__).parents[3] / "shared" / "reference" / "defender" / "attack_paths.json"
CATALOGUE = json.loads(FILE.read_text())["paths"] if FILE.exists() else []
SHAPES = tomllib.loads((Path(__file__).parents[1] / "attackpaths" / "shapes.toml").read_text())["shape"]


def shapes_of(entry):
    return [
        one
        for one in SHAPES
        if one["weakness"] == entry["weakness"]
        and one["pivot"] == (entry["pivot"] or "")
        and entry["target"] in one["targets"]
    ]


@pytest.mark.skipif(not CATALOGUE, reason="needs the shared data, which is not beside this project")
@pytest.mark.parametrize("entry", CATALOGUE, ids=[f"{one['section']}: {one['name']}" for one in CATALOGUE])
def test_a_shape_is_found_or_says_why_not(entry):
    (shape,) = shapes_of(entry)
    if "reason" in shape:
        assert "steps" not in shape
        return
    nodes, edges = drawn(entry["weakness"], entry["pivot"], entry["target"])
    breach, wanted = (), shape["steps"]
    if entry["entry"] == "internal-foothold" and entry["target"] == "entry-resource-itself":
        # The foothold is another machine of the network: packets come from there.
        breach = ("inside",)
        nodes = [*nodes, node("inside", "AWS::EC2::Instance")]
        edges = [structs.replace(one, source="inside") if one.source == "internet" else one for one in edges]
    elif entry["entry"] == "internal-foothold":
        breach, wanted = ("vm",), wanted[2:]
        edges = [one for one in edges if one.source != "internet"]
    found = analyse(Facts(nodes, edges), Choices(minor_targets=True, assumed_breaches=breach)).paths

    ways = [[t.rule for t in path.steps if not t.step.is_free] for path in found if path.target.node == "end"]
    assert wanted in ways, ways


@pytest.mark.skipif(not CATALOGUE, reason="needs the shared data, which is not beside this project")
def test_every_later_family_is_mapped():
    listed = tomllib.loads((Path(__file__).parents[1] / "attackpaths" / "shapes.toml").read_text())["family"]
    later = json.loads(FILE.read_text())["later_families"]

    assert [(one["family"], one["cloud"]) for one in listed] == [(one["family"], one["cloud"]) for one in later]
