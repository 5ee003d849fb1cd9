"""The escalation catalogue against the list of actions that exist, and against the public index of paths."""

import gzip
import json
from pathlib import Path

import pytest

from poise.policy.aws.escalation import catalogue, escalations_of

DATA = Path(__file__).parents[3] / "shared/data"
ACTIONS = DATA / "iam/aws-iam-actions.json.gz"
MANAGED = DATA / "iam/aws-managed-policies.jsonl.gz"
PATHS = DATA / "graph/pathfinding_cloud/paths_index.json"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")


def known_actions():
    """Every action of the list and of the recorded managed policies, which are newer, in lower case."""
    listed = json.loads(gzip.decompress(ACTIONS.read_bytes()))
    found = {f"{service}:{name}".lower() for service, names in listed.items() for name in names}
    with gzip.open(MANAGED) as lines:
        for doc in (json.loads(line)["doc"] for line in lines):
            found |= {entry["effective_action"].lower() for entry in doc.get("effective_actions") or ()}
    return found


def test_every_action_exists_so_that_no_row_silently_stops_firing():
    known = known_actions()
    assert len(known) > 20_000
    used = {action.lower() for row in catalogue() for action in (*row.actions, *row.negative)}
    assert not {action for action in used if "*" not in action} - known


def paths():
    return json.loads(PATHS.read_text())


def test_every_path_of_the_index_has_a_row_that_fires_on_its_permissions():
    rows = {path: row for row in catalogue() for path in row.paths}
    assert set(rows) == {path["id"] for path in paths()}
    for path in paths():
        grant = {"Statement": [{"Effect": "Allow", "Action": path["required"], "Resource": "*"}]}
        fired = {found.escalation.id for found in escalations_of([grant])}
        assert rows[path["id"]].id in fired, path["id"]
