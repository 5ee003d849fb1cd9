"""Every scenario: its paths, all near misses, its fix with the proof, its choke point, and what its evidence says."""

import json

import pytest

from poise.attackpaths.choking import single_points
from poise.attackpaths.proposing import fixes, proposals
from poise.attackpaths.telling import path_json
from poise.cli.main import run
from tests.scenarios.runner import cases, prove, search, unverified, write

CASES = list(cases())
IDS = [case.number for case in CASES]
MISSES = [
    pytest.param(case, miss, id=f"{case.number} {miss}") for case in CASES for miss in case.content["near_misses"]
]


def summary(found):
    return sorted(
        (
            path.signature.entry,
            path.stages[-1].state.node,
            [t.sign for t in path.steps if not t.step.is_free],
            path.count,
        )
        for path in found.paths
    )


def wanted(paths):
    return sorted((one["entry"], one["target"], one["steps"], one.get("count", 1)) for one in paths)


def riskiest(found):
    """Return the highest risk of all paths."""
    return max((path.risk for path in found.paths), default=0.0)


def is_meant(path, one):
    steps = [taken.sign for taken in path.steps if not taken.step.is_free]
    return (path.target.node, path.signature.entry, steps) == (one["target"], one["entry"], one["steps"])


def said_as_expected(found, paths):
    """Check choke points, and that the evidence that is asked for is told."""
    for one in paths:
        path = next(p for p in found.paths if is_meant(p, one))
        assert set(one.get("choke_points", ())) <= set(single_points(path))
        told = json.dumps(path_json(found.facts, path))
        assert [word for word in one.get("evidence", ()) if word not in told] == []


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_exactly_the_expected_paths_are_found(case):
    assert summary(search(case)) == wanted(case.expected())


@pytest.mark.parametrize(("case", "miss"), MISSES)
def test_a_near_miss_gives_what_it_says_and_nothing_else(case, miss):
    found = search(case, miss)
    assert summary(found) == wanted(case.expected(miss))
    patch = case.content["near_misses"][miss]
    if "unverified" in patch:
        assert unverified(case, miss) == patch["unverified"]
    said_as_expected(found, case.expected(miss))
    risks = {one["risk"] for one in case.expected(miss) if "risk" in one}
    before, after = riskiest(search(case)), riskiest(found)
    assert risks <= {"lower" if after < before else "higher" if after > before else "same"}
    states = {one["target"]: one["state"] for one in case.expected(miss) if "state" in one}
    assert {path.target.node: path.state for path in found.paths if path.target.node in states} == states


@pytest.mark.parametrize("case", [case for case in CASES if "fix" in case.content], ids=lambda case: case.number)
def test_the_fix_closes_the_path_and_opens_none(case):
    ground, prover = prove(case)
    for fix in case.content["fix"]:
        path = next(one for one in prover.found.paths if one.target.node == fix["target"])
        meant = [one for one in proposals(ground, prover.found, path) if one.fix == fix["id"]]
        outcomes = [prover.try_out(one.changes, (path,)) for one in meant]
        assert fix.get("verdict", "verified") in [one.verdict for one in outcomes]
        assert [one.opened for one in outcomes if one.opened] == []
        assert fix.get("residual", "") in fixes()[fix["id"]].residual


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_choke_point_and_the_evidence_are_named(case):
    said_as_expected(search(case), case.expected())


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_command_line_finds_the_same(case, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("POISE_PATHS_ASSUMED_BREACHES", ",".join(case.choices.assumed_breaches))
    file = write(case, tmp_path)
    db = str(tmp_path / "poise.db")
    assert run(["scan", "files", str(file), "--db", db, "-q", "-o", f"json={tmp_path / 'scan.json'}"]) == 0
    capsys.readouterr()
    assert run(["list", "paths", "--db", db, "-q", "-o", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sorted((row["target"]["id"], row["count"]) for row in rows) == sorted(
        (one["target"], one.get("count", 1)) for one in case.expected()
    )
