"""A path as a picture: the cheapest way, what stands at the same places folded, and what is shown when it is opened."""

import pytest

from poise.app.path_graph import path_graph, target_of
from poise.model.errors import UsageError

TEXTS = {"state": "certain", "condition": "", "evidence": [], "story": "", "technique": "", "title": "Use", "rule": "r"}


def place(id: str, scope: str = "a") -> dict:
    return {"id": id, "name": id, "kind": "K", "scope": scope}


def step(start: str, end: str) -> dict:
    return {"from": start, "to": end, "from_name": start, "to_name": end, **TEXTS}


ROW = {
    "entry": place("internet", ""),
    "target": place("b1"),
    "steps": [step("internet", "vm"), step("vm", "b1")],
    "sides": [],
    "members": [[place("internet", "")], [place("vm")], [place("b1"), place("b2"), place("b3")]],
    "member_counts": [1, 1, 3],
}


def test_places_that_are_alike_are_one_node_beside_the_way():
    found = path_graph(ROW)

    assert found["path"] == ["internet", "vm", "b1"]
    assert [node["name"] for node in found["nodes"]] == ["internet", "vm", "b1", "2 more"]
    assert ("vm", "siblings 2") in {(edge["source"], edge["target"]) for edge in found["edges"]}


def test_an_opened_place_shows_each_of_them():
    found = path_graph(ROW, {"2"})

    assert [node["id"] for node in found["nodes"]] == ["internet", "vm", "b1", "b2", "b3"]


def test_members_that_are_not_named_stay_a_number():
    found = path_graph(ROW | {"member_counts": [1, 1, 60]}, {"2"})

    assert found["nodes"][-1]["name"] == "57 more"


def test_only_an_asset_can_be_a_target_that_is_marked():
    assert target_of(ROW) == "b1"
    with pytest.raises(UsageError):
        target_of(ROW | {"target": place("outside", "")})
