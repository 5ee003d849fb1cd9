"""A viewer of a group sees an attack path only if every place on it is in the group, and no proof from elsewhere.

The first scenario: from the internet to a machine, by its role, to a bucket; records that are left out in turn.
"""

from __future__ import annotations

import pytest

from poise.app import groups, path_fixes, path_lists
from poise.app import paths as attack_paths
from poise.app.simulate import simulate
from poise.model.errors import UsageError
from poise.model.group import Group, GroupKind, Wanted
from tests.web.path_estate import path_estate


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    with path_estate(tmp_path_factory.mktemp("paths")) as opened:
        yield opened


@pytest.fixture
def workspace(searched):
    yield searched
    searched.viewer = None


def see(workspace, ids):
    """Limit the viewer to a group of these assets."""
    listed = " or ".join(f'id = "{id}"' for id in sorted(ids))
    wanted = Wanted(query=f"find anything where {listed}")
    groups.put(workspace, Group(name="some", kind=GroupKind.TEAM, wanted=wanted, changed_by="ann"))
    workspace.viewer = frozenset({"group:some"})


def test_a_path_is_seen_where_every_place_on_it_is(workspace):
    whole = attack_paths.paths(workspace)[0]
    places = {one["id"] for stage in whole["members"] for one in stage if one["scope"]}
    proofs = {one["asset"] for step in whole["steps"] for one in step["evidence"]}
    assert len(places) > 1
    assert proofs - places, "something else proves it"
    see(workspace, places)
    seen = attack_paths.path(workspace, whole["id"])
    assert [step["to"] for step in seen["steps"]] == [step["to"] for step in whole["steps"]]
    assert {one["asset"] for step in seen["steps"] for one in step["evidence"]} <= places
    assert seen["fix_summary"] == attack_paths.ELSEWHERE
    for left_out in sorted(places):
        workspace.viewer = None
        see(workspace, places - {left_out} or {"none"})
        assert whole["id"] not in {row["id"] for row in attack_paths.paths(workspace)}, left_out
        with pytest.raises(UsageError):
            attack_paths.path(workspace, whole["id"])
        assert path_lists.through(workspace, sorted(places - {left_out})[0]) == []
        assert attack_paths.why_no_paths(workspace)["paths"] == len(attack_paths.paths(workspace))


def test_what_is_about_everything_is_not_told(workspace):
    id = attack_paths.paths(workspace)[0]["id"]
    see(workspace, {"arn:aws:s3:::pii"})
    assert attack_paths.why_no_paths(workspace).keys() == {"searched_at", "paths", "why"}
    assert path_fixes.top_fixes(workspace) == []
    assert {one["node"] for one in attack_paths.meeting_points(workspace)} <= {"arn:aws:s3:::pii"}
    with pytest.raises(UsageError):
        path_fixes.fixes_of(workspace, id)
    with pytest.raises(UsageError):
        simulate(workspace, [f"fix:{id}"])


def test_who_sees_everything_is_told_as_before(workspace):
    whole = attack_paths.paths(workspace)[0]
    assert path_fixes.fixes_of(workspace, whole["id"])
    assert "is_redacted" not in str(whole)
