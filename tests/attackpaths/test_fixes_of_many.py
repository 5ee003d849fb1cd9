"""A fix is of every way of a finding: ten roles that anyone may assume are one finding, and narrowed together.

IAM User Guide, "AWS JSON policy elements: Principal": `*` in a trust lets principals of every account assume the role.
"""

import pytest

from poise.attackpaths.analysis import analyse
from poise.attackpaths.choices import Choices
from poise.attackpaths.covering import best_fixes
from poise.attackpaths.fix import Ground
from poise.attackpaths.proposing import MOST_TOGETHER, proposals
from poise.attackpaths.proving import Prover
from tests.scenarios.runner import _row, sources

ACCOUNT = "111122223333"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def trust(*principals):
    statements = [{"Effect": "Allow", "Principal": {"AWS": one}, "Action": "sts:AssumeRole"} for one in principals]
    return {"Version": "2012-10-17", "Statement": statements}


def role(name, *principals):
    facts = {
        "inline_policies": {"all": ALL},
        "attached_policies": [],
        "permissions_boundary": None,
        "instance_profiles": [],
        "trust_policy": trust(*principals),
    }
    id = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    return {"kind": "AWS::IAM::Role", "id": id, "scope": ACCOUNT, "region": "global", "record": facts}


def estate(*roles):
    account = {"kind": "AWS::::Account", "id": f"arn:aws:iam::{ACCOUNT}:root", "name": "a", "scope": ACCOUNT}
    rows = [account | {"record": {"organization_id": None, "public_access_block": None}}, *roles]
    return sources([_row(one) for one in rows])


def searched(*roles, **choices):
    made = estate(*roles)
    found = analyse(made.facts(), Choices(**choices))
    return found, Ground(found.facts, made.assets), Prover(found, made.facts)


def test_one_fix_narrows_every_role_of_a_finding_and_closes_it():
    found, ground, prover = searched(*(role(f"r{n}", "*") for n in range(10)))
    (path,) = [one for one in found.paths if one.count == 10]
    narrow = next(one for one in proposals(ground, found, path) if one.fix == "narrow_trust")

    assert len(narrow.changes) == 10
    assert narrow.says.endswith("and 7 more like it")
    outcome = prover.try_out(narrow.changes, (path,))
    assert (outcome.verdict, outcome.paths_before, outcome.paths_after) == ("verified", 10, 0)


def test_the_best_fixes_of_such_an_estate_leave_no_path():
    found, ground, prover = searched(*(role(f"r{n}", "*") for n in range(10)))
    best = best_fixes(prover, ground)
    assert found.paths
    assert best[-1].outcome.paths_after == 0


def test_two_statements_of_one_trust_go_in_one_change():
    owner, other = "arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"
    found, ground, prover = searched(role("r", owner, other))
    narrowed = [
        change.after.trust_policy["Statement"]
        for path in found.paths
        for one in proposals(ground, found, path)
        if one.fix == "narrow_trust"
        for change in one.changes
    ]
    assert narrowed
    assert all(len(left) < 2 for left in narrowed)
    outcomes = [
        prover.try_out(one.changes, (path,)).verdict
        for path in found.paths
        for one in proposals(ground, found, path)
        if one.fix == "narrow_trust"
    ]
    assert set(outcomes) == {"verified"}


@pytest.mark.parametrize("number", [MOST_TOGETHER, MOST_TOGETHER + 1])
def test_of_too_many_steps_alike_the_cheapest_ways_alone_is_taken_away(number):
    found, ground, _ = searched(*(role(f"r{n}", "*") for n in range(number)))
    path = max(found.paths, key=lambda one: one.count)
    narrow = next(one for one in proposals(ground, found, path) if one.fix == "narrow_trust")
    assert len(narrow.changes) == (number if number <= MOST_TOGETHER else 1)
