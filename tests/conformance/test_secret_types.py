"""Every type of secret that the commercial product names is seen by a rule of ours."""

import json
from pathlib import Path

import pytest

from tests.secrets.labelled import SECRETS

FILE = Path(__file__).parents[3] / "shared" / "reference" / "defender" / "secret_types.json"
TYPES = [" ".join(row["type"].split()) for row in json.loads(FILE.read_text())["types"]] if FILE.exists() else []


@pytest.mark.skipif(not TYPES, reason="needs secret_types.json of the shared data, which is not beside this project")
def test_every_type_has_a_rule_and_a_labelled_text():
    assert set(TYPES) == {row[0] for row in SECRETS} - {None}
