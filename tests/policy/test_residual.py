"""Three-valued expressions: simplified when built, exact under assignments."""

from hypothesis import given
from hypothesis import strategies as st

from poise.policy import residual
from poise.policy.residual import all_of, any_of, condition, negate, satisfiable, unread

LEAVES = [condition(name, name) for name in "xyz"]
truths = st.recursive(
    st.one_of(st.booleans(), st.sampled_from(LEAVES)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(all_of), st.lists(inner, max_size=3).map(any_of), inner.map(negate)
    ),
    max_leaves=6,
)


def value(truth, assignment):
    """Evaluate literally."""
    if isinstance(truth, bool):
        return truth
    if not truth.parts:
        return assignment[truth.test]
    parts = [value(part, assignment) for part in truth.parts]
    return {"all": all, "any": any, "not": lambda p: not p[0]}[truth.form.value](parts)


ASSIGNMENTS = [{"x": bool(n & 1), "y": bool(n & 2), "z": bool(n & 4)} for n in range(8)]


@given(st.lists(truths, max_size=4), st.sampled_from(ASSIGNMENTS))
def test_combining_means_what_it_says(parts, assignment):
    assert value(all_of(parts), assignment) is all(value(p, assignment) for p in parts)
    assert value(any_of(parts), assignment) is any(value(p, assignment) for p in parts)


@given(truths, st.sampled_from(ASSIGNMENTS))
def test_negation_turns_every_assignment(truth, assignment):
    assert value(negate(truth), assignment) is not value(truth, assignment)


@given(truths)
def test_every_value_that_some_assignment_gives_is_satisfiable(truth):
    reached = {value(truth, assignment) for assignment in ASSIGNMENTS}
    assert reached <= satisfiable(truth, lambda leaf: frozenset({True, False}))


def test_a_part_and_its_opposite_decide():
    x = LEAVES[0]
    assert any_of([x, negate(x)]) is True
    assert all_of([x, negate(x)]) is False


def test_nothing_is_yes_for_all_and_no_for_any():
    assert all_of([]) is True
    assert any_of([]) is False


def test_an_expression_reads_like_a_sentence():
    x, y, z = LEAVES
    assert str(all_of([x, any_of([y, negate(z)])])) == "x and (y or not (z))"
    assert [leaf.text for leaf in all_of([x, any_of([y, z])]).leaves()] == ["x", "y", "z"]
    assert unread("scp", "denied").form is residual.Form.UNREAD
