"""Every rule's own examples, and what each rule must say."""

import re

import pytest

from poise.attackpaths.catalog import rules
from poise.attackpaths.deriving import derive
from poise.attackpaths.facts import Facts
from poise.attackpaths.priors import priors
from poise.attackpaths.proposing import fixes

EXAMPLES = [pytest.param(rule, one, id=f"{id}: {one.name}") for id, rule in rules().items() for one in rule.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_gives_exactly_its_steps(rule, example):
    found = derive(Facts(example.nodes, example.edges), {rule.id: rule})

    assert {(taken.step.source, taken.step.target) for taken in found} == set(example.steps)


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_has_a_story_a_technique_a_prior_and_a_near_miss(rule):
    assert rule.title
    assert rule.story.endswith(".")
    assert rule.preconditions
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", rule.technique)
    assert 0 < priors().rules[rule.id] <= 1
    assert any(one.steps for one in rule.examples)
    assert any(not one.steps for one in rule.examples)


def test_every_number_is_of_a_rule_that_there_is():
    assert priors().rules.keys() == rules().keys()
    assert priors().efforts.keys() <= rules().keys()


@pytest.mark.parametrize("fix", fixes().values(), ids=fixes())
def test_a_fix_breaks_rules_that_there_are_and_tells_how(fix):
    assert fix.rules
    assert fix.rules <= rules().keys()
    assert fix.texts.console
    assert fix.texts.cli
    assert fix.texts.terraform
    assert fix.texts.impact
