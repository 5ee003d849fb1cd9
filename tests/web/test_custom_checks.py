"""The page of checks in CEL: what is typed is tried, told of with its place, kept and removed."""

import pytest

from poise.app.workspace import open_workspace
from tests.web.visitor import visitor_of, words

pytest.importorskip("cel_expr_python", reason="the extra `cel` is not installed")

TEXT = """title = "Users should be named after people"
kind = "AWS::IAM::User"
healthy_if = "asset.name.contains('.')"

[[examples]]
name = "a machine"
state = "unhealthy"
changes = { name = "ci" }
"""


@pytest.fixture
def writer(tmp_path):
    with open_workspace(tmp_path / "poise.db") as workspace:
        yield visitor_of(workspace)


def sent(writer, what, text=TEXT, name="named"):
    return writer.post("/custom-checks", {"name": name, "text": text, "what": what})


def test_a_check_is_begun_tried_kept_changed_and_removed(writer):
    page = writer.page("/custom-checks?kind=AWS::IAM::User")
    assert 'kind = "AWS::IAM::User"' in page.find("textarea").text
    assert "asset.password_enabled" in words(page) or "asset.name" in words(page)

    tried = sent(writer, "try")
    assert tried.status_code == 200
    assert "all as expected" in tried.text
    assert "None yet" in words(writer.page("/custom-checks"))

    kept = sent(writer, "keep")
    assert (kept.status_code, kept.headers["location"]) == (303, "/custom-checks?name=named&done=kept")
    page = writer.page(kept.headers["location"])
    assert "judges from the next scan on" in words(page)
    assert page.find("textarea").text.strip() == TEXT.strip()
    assert "custom.aws.named" in words(writer.page("/checks"))

    assert sent(writer, "remove").headers["location"] == "/custom-checks?done=removed"
    assert "custom.aws.named" not in words(writer.page("/checks"))


def test_what_is_wrong_is_told_with_its_place_and_what_was_typed_stays(writer):
    answer = sent(writer, "keep", TEXT.replace("asset.name.contains('.')", "asset.nam == 'x'"))
    assert answer.status_code == 422
    assert "line 1, column" in answer.text
    assert "asset.nam == &#39;x&#39;" in answer.text
    assert "red" in sent(writer, "try", TEXT.replace('"unhealthy"', '"healthy"')).text
    assert sent(writer, "keep", name="No Name").status_code == 422
