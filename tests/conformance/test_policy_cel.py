"""The evaluator of conditions against the CEL conformance set, for the parts of the language that IAM uses."""

from pathlib import Path

import pytest

from poise.policy.gcp.cel.evaluation import Facts, evaluate
from poise.policy.gcp.cel.parser import parse
from poise.policy.gcp.cel.values import Failure, Uint, Unknown, equal, is_nan, kind_of

from .textproto import read

SPEC = Path(__file__).parents[3] / "shared/data/graph/cel_spec"
pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason=f"{SPEC} is absent")
FILES = ("basic", "comparisons", "logic", "string", "integer_math", "fp_math", "lists", "conversions", "timestamps")
FILES += ("macros", "fields", "parse")
OUTSIDE = {
    "messages, wrappers and enumerations": (
        "TestAllTypes",
        "google.protobuf",
        "GlobalEnum",
        "NestedEnum",
        "object_value",
    ),
    "names in packages": ("container:",),
    "static types": ("typed_result", "check_only"),
}


def cases(file):
    content = read((SPEC / f"{file}.textproto").read_text("utf-8"))
    for section in content["section"]:
        for test in section["test"]:
            yield f"{file}/{text(section['name'])}/{text(test['name'])}", test


def text(values):
    return values[0].decode("utf-8")


def plain(value):
    ((kind, (content,)),) = value.items() if len(value) == 1 else [("x", (None,))]
    return {
        "int64_value": lambda: int(content),
        "uint64_value": lambda: Uint(int(content)),
        "double_value": lambda: float(content),
        "bool_value": lambda: content == "true",
        "string_value": lambda: content.decode("utf-8"),
        "bytes_value": lambda: content,
        "null_value": lambda: None,
        "type_value": lambda: ("type", content.decode()),
        "list_value": lambda: [plain(one) for one in content.get("values", [])],
        "map_value": lambda: {plain(one["key"][0]): plain(one["value"][0]) for one in content.get("entries", [])},
    }[kind]()


def outside(test):
    written = str(test)
    return next((why for why, signs in OUTSIDE.items() if any(sign in written for sign in signs)), None)


ALL = [pytest.param(test, id=name) for file in FILES for name, test in (cases(file) if SPEC.is_dir() else ())]
INSIDE = [case for case in ALL if outside(case.values[0]) is None]


def test_most_of_the_set_is_judged():
    assert len(INSIDE) > 0.6 * len(ALL)


@pytest.mark.parametrize("test", INSIDE)
def test_an_expression_has_the_value_that_the_set_states(test):
    bindings = {text(one["key"]): plain(one["value"][0]["value"][0]) for one in test.get("bindings", [])}
    expression = parse(text(test["expr"]))
    found = Failure(expression.problem) if expression.node is None else evaluate(expression.node, Facts(known=bindings))
    if "eval_error" in test:
        assert isinstance(found, Failure)
        return
    expected = plain(test["value"][0]) if "value" in test else True
    assert not isinstance(found, (Failure, Unknown)), expression
    if isinstance(expected, tuple):
        assert found.name == expected[1]
    else:
        assert (is_nan(expected) and is_nan(found)) or (equal(found, expected) and kind_of(found) == kind_of(expected))
