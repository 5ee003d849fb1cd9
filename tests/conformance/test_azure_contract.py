"""Our hand-made Azure answers are true to the published contract of the API, but for a known few."""

import gzip
import json
import re
import subprocess
import sys

import pytest

from tests.collect.azure.answers import HOME, NETWORK
from tests.collect.azure.identity_answers import AUTHORIZATION
from tests.collect.azure.more_answers import answers
from tests.replay import SHARED

CHECKER = SHARED / "beds" / "arm_contract_check.py"
SPECS = SHARED / "data" / "azure" / "rest-specs-2021-11"
ADMIN_RULES = f"{NETWORK}/virtualNetworks/shop/listNetworkManagerEffectiveSecurityAdminRules"
KNOWN = {
    ADMIN_RULES: "the description of 2021 does not have Virtual Network Manager",
    "/subscriptions": "the checker takes it for a call of API Management",
    HOME: "the checker takes it for a call of API Management",
    "/providers/Microsoft.ResourceGraph/resources": "the description of 2021 knows the table form alone",
    f"{HOME}/providers/Microsoft.Compute/virtualMachines": "it wants a location of extensions, which answers leave out",
    f"{HOME}/providers/Microsoft.Authorization/roleDefinitions": "the checker knows no scope of two parts",
    f"{AUTHORIZATION}/roleEligibilityScheduleInstances": "the description of 2021 does not have it",
    f"{AUTHORIZATION}/roleManagementPolicyAssignments": "the description of 2021 has the preview alone",
    f"{AUTHORIZATION}/roleAssignmentScheduleInstances": "the description of 2021 does not have it",
}

pytestmark = pytest.mark.skipif(not CHECKER.exists(), reason="needs the shared data, which is not beside this project")


def test_hand_made_answers_are_true_to_the_contract(tmp_path):
    checked = {path: body for path, body in answers().items() if path not in KNOWN}
    file = tmp_path / "answers.jsonl.gz"
    with gzip.open(file, "wt") as out:
        for path, body in checked.items():
            uri = f"https://management.azure.com{path}?api-version=x"
            out.write(json.dumps({"method": "GET", "uri": uri, "status": 200, "body": body}) + "\n")

    report = subprocess.run([sys.executable, CHECKER, SPECS, file], capture_output=True, text=True, check=True).stdout

    counts = re.match(r"answers (\d+), operation found (\d+), schema satisfied (\d+)", report)
    assert [int(count) for count in counts.groups()] == [len(checked)] * 3, report


def test_known_exceptions_are_answers_that_exist():
    assert set(KNOWN) <= set(answers())
