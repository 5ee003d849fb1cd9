"""Every insight and connection of the reference vocabulary is found in the graph, or it is said why it is not."""

import json

import pytest

from poise.graph.insights.table import RULES
from poise.graph.insights.vocabulary import BY_FAMILIES, INSIGHTS, KINDS, MISSING, SAME, UNTOLD, UNTOLD_OF
from poise.model.graph import EdgeKind
from tests.conftest import SHARED

PLACE = SHARED / "reference" / "defender" / "graph_components.json"
pytestmark = pytest.mark.skipif(not PLACE.exists(), reason="the reference data of ../shared are not here")


def components():
    return json.loads(PLACE.read_text()) if PLACE.exists() else {}


def entities(part):
    found = part["entities"]
    return found if isinstance(found, list) else [one for some in found.values() for one in some]


def pairs():
    data = components()
    every = [*data.get("insights", ()), *data.get("newer_insights", ())]
    return [(part["insight"], name) for part in every for name in entities(part)]


def kinds_with(insight):
    """Return the kinds that an insight is told of."""
    return {kind.KIND for kind in RULES.get(insight, ())} | set(BY_FAMILIES.get(insight, ()))


@pytest.mark.parametrize(("insight", "entity"), pairs())
def test_an_insight_is_told_of_a_kind_or_it_is_said_why_not(insight, entity):
    if insight in UNTOLD:
        assert insight not in INSIGHTS
        assert UNTOLD[insight]
        return
    if (insight, entity) in UNTOLD_OF:
        assert UNTOLD_OF[insight, entity]
        return
    name = INSIGHTS[insight]
    kinds = KINDS.get(SAME.get(entity, entity))
    if kinds is None:
        assert MISSING[entity]
        return
    if name.startswith("edge:"):
        assert EdgeKind(name.removeprefix("edge:"))
    elif name != "tags":
        told = kinds_with(name)
        assert "*" in told or set(kinds) <= told, f"{name} is not told of {kinds}"


@pytest.mark.parametrize("part", components().get("connections", ()), ids=lambda part: part["connection"])
def test_a_connection_is_a_kind_of_edge_between_kinds_that_are_known(part):
    assert part["connection"].lower() in {kind.value for kind in EdgeKind}
    for name in (*part["sources"], *part["targets"]):
        assert SAME.get(name, name) in KINDS or MISSING[name]
