"""What two standards share is what the same checks answer."""

from __future__ import annotations

from poise.comply.comparison import compare
from poise.comply.status import status
from poise.model.listings import Counts
from poise.model.standard import Control, Standard


def standard(id: str, **checks: tuple[str, ...]) -> Standard:
    controls = tuple(Control(number=number, title=f"{id} {number}", checks=found) for number, found in checks.items())
    return Standard(id=id, title=id, version="", source="", controls=controls)


def test_controls_are_paired_by_the_checks_that_answer_both():
    counts = {"a": Counts(unhealthy=1), "b": Counts(healthy=1)}
    first = status(standard("one", x=("a", "b"), y=("c",), z=()), counts)
    second = status(standard("two", p=("b", "a"), q=("b",), r=("d",)), counts)
    found = compare(first, second)
    assert [(pair.control, pair.other, pair.checks) for pair in found.pairs] == [
        ("x", "p", ("a", "b")),
        ("x", "q", ("b",)),
    ]
    assert [(pair.state, pair.other_state) for pair in found.pairs] == [("failed", "failed"), ("failed", "passed")]
    assert [control.control for control in found.only_first] == ["y", "z"]
    assert [control.control for control in found.only_second] == ["r"]
    assert (found.checks_only_first, found.checks_only_second) == (("c",), ("d",))


def test_a_standard_beside_itself_leaves_only_controls_without_checks_alone():
    same = status(standard("one", x=("a",), y=()), {})
    found = compare(same, same)
    assert [(pair.control, pair.other) for pair in found.pairs] == [("x", "x")]
    assert [control.control for control in found.only_first] == ["y"]
