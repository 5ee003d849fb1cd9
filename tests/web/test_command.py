"""The command that a list offers prints as many rows as the list has."""

import json
import shlex

import pytest

from poise.cli.main import run
from tests.web.estate import SHOP
from tests.web.visitor import total

LISTS = [
    "/recommendations",
    "/recommendations?view=flat&verdict=unknown",
    "/recommendations?view=flat&q=data-1+blocks",
    f"/recommendations?view=flat&scope={SHOP}&region=us-east-1",
    "/recommendations?view=flat&status=fixed",
    "/recommendations?verdict=unhealthy",
    "/inventory?unread=yes",
    "/inventory?findings=yes&kind=AWS::S3::Bucket",
    "/inventory?tag=team=moved",
    "/inventory?q=%22%3E%3Cimg+src%3Dx",
]


@pytest.fixture(scope="module")
def copy(workspace, tmp_path_factory):
    """A copy of the store: the command line opens it with the checks that ship."""
    path = tmp_path_factory.mktemp("copy") / "copy.db"
    workspace.store.backup(path)
    return path


@pytest.mark.parametrize("address", LISTS)
def test_the_offered_command_prints_the_same_list(visitor, copy, capsys, address):
    page = visitor.page(address)
    offered = shlex.split(page.select_one("#command").get_text())
    assert offered[0] == "poise"
    assert run([*offered[1:], "--db", str(copy), "-o", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == total(page) > 0
