"""Every check's own examples, run."""

import re

import pytest

from poise.assess.engine import judge_example
from poise.assess.rules import prepare
from poise.checks import catalog
from poise.model.check import EXPECTED_STATES, Check, Example

CASES = [(check, example) for check in catalog.load().values() for example in check.examples]


@pytest.mark.parametrize(("check", "example"), CASES, ids=[f"{c.id}-{e.name}" for c, e in CASES])
def test_example_gets_the_verdict_it_names(check: Check, example: Example):
    verdict = judge_example(check, example)

    assert verdict.state == example.state, verdict.reason
    assert example.reason in verdict.reason


@pytest.mark.parametrize("check", catalog.load().values(), ids=list(catalog.load()))
def test_check_is_whole(check: Check):
    prepare(check)

    assert {e.state for e in check.examples} >= EXPECTED_STATES
    assert len({e.name for e in check.examples}) == len(check.examples)
    assert check.risk
    assert " should " in check.title
    assert not check.title.endswith(".")
    assert check.source.startswith("https://")
    assert not re.search(r";\s*(aws|az) ", check.fix.cli), "one command a line: a reader runs them one by one"
    assert all((check.fix.console.strip(), check.fix.cli.strip(), check.fix.terraform.strip()))
