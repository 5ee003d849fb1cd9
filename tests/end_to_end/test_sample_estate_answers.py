"""The AWS answers of the sample estate have the shape that the API's own description gives them."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from poise.app import demo

ROOT = Path(str(files("poise"))) / demo.ESTATE / "aws"
PLAIN = {
    **dict.fromkeys(("string", "character", "timestamp", "blob"), str),
    **dict.fromkeys(("integer", "long"), int),
    **dict.fromkeys(("double", "float"), (int, float)),
    "boolean": bool,
}
SERVICES = sorted({path.name.partition("-")[0] for path in ROOT.glob("*/*/*")})


@cache
def operations(service):
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_has_the_shape_of_its_call(service):
    problems = []
    for path in ROOT.glob(f"*/*/{service}-*"):
        shape = operations(service)[path.name.removesuffix(".json").removeprefix(f"{service}-")].output_shape
        for file in path.rglob("*.json") if path.is_dir() else [path]:
            answer = json.loads(file.read_text())
            if answer.keys() != {"Error"}:
                problems += [f"{file.relative_to(ROOT)}: {problem}" for problem in misshapen(shape, answer)]

    assert problems == []


def misshapen(shape, value, place="answer"):
    """Yield what in a value is not as its shape says."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, inner in value.items():
            if key in shape.members:
                yield from misshapen(shape.members[key], inner, f"{place}.{key}")
            else:
                yield f"{place}.{key} is not in {shape.name}"
    elif shape.type_name == "list" and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from misshapen(shape.member, inner, f"{place}[{number}]")
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, inner in value.items():
            yield from misshapen(shape.value, inner, f"{place}.{key}")
    elif not _is_plain(shape, value):
        yield f"{place} is {value!r}, not a {shape.type_name}"


def _is_plain(shape, value):
    if shape.name == "policyDocumentType" and isinstance(value, dict):
        return True  # the command line decodes the policies of IAM
    kind = PLAIN.get(shape.type_name, ())
    return isinstance(value, kind) and isinstance(value, bool) == (shape.type_name == "boolean")
