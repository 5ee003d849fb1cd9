"""Ticked rows are acted on after a page that says what changes; and each act is refused from another site."""

import pytest

from poise.app import queries
from poise.model.listings import FindingFilter
from tests.web.estate import KEY, OPEN, estate
from tests.web.visitor import words


@pytest.fixture
def workspace(tmp_path):
    with estate(tmp_path) as opened:
        yield opened


def open_findings(workspace, *checks):
    return list(queries.all_findings(workspace, FindingFilter(checks=frozenset(checks))))


def findings(workspace, *checks):
    return [row for row in open_findings(workspace, *checks) if row.verdict == "unhealthy"]


EXEMPTING = {"what": "exempt", "name": "one", "reason": "old", "approver": "ann", "until": "2099-01-31"}


def test_a_recommendation_is_assigned_with_all_its_findings(visitor, workspace):
    count = len(open_findings(workspace, OPEN))
    page = visitor.page(f"/act?what=assign&check={OPEN}")
    assert f"{count} open findings" in words(page.main)
    fields = {
        "what": "assign",
        "check": OPEN,
        "owner": "ann@example.org",
        "due": "2099-01-31",
        "back": "/recommendations",
    }
    answer = visitor.post("/act", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/recommendations?done={count}+assigned")
    listed = words(visitor.page(answer.headers["location"]).main)
    assert f"{count} findings assigned." in listed
    assert "ann@example.org" in listed
    assert {row.owner for row in findings(workspace, OPEN)} == {"ann@example.org"}
    assert "ann@example.org" in words(visitor.page("/recommendations?view=asset").main)
    assert "ann@example.org" in words(visitor.page(f"/recommendations/{OPEN}").main)


def test_ticked_findings_are_exempt_and_no_other_ones(visitor, workspace):
    first, second = findings(workspace, OPEN)[0], findings(workspace, KEY)[1]
    answer = visitor.post("/act", EXEMPTING | {"finding": [first.id, second.id]})
    assert answer.status_code == 303
    exempt = {row.id for row in findings(workspace, OPEN, KEY) if row.effect == "waived"}
    assert exempt == {first.id, second.id}
    names = [row.exemption.name for row in workspace.store.exemptions.present()]
    assert names == ["one", "one-2"]


def test_an_act_that_cannot_be_says_why_and_keeps_what_was_typed(visitor, workspace):
    answer = visitor.post("/act", EXEMPTING | {"check": OPEN, "until": "2001-01-31"})
    assert answer.status_code == 422
    assert "it ended at" in answer.text
    assert 'value="one"' in answer.text
    assert visitor.post("/act", {"what": "assign", "finding": "nothing"}).status_code == 422
    assert visitor.post("/act", {"what": "assign", "check": OPEN, "owner": "ann"}).status_code == 422
    assert {row.owner for row in findings(workspace, OPEN)} == {None}


def test_a_source_that_cannot_be_reached_now_says_so(visitor):
    answer = visitor.post("/act", {"what": "ticket", "check": OPEN, "channel": "none"})
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/act", "/governance/exemptions", "/compliance", "/compliance/cis_aws_6.0"])
def test_a_form_of_another_site_is_refused(visitor, path):
    assert visitor.post(path, EXEMPTING | {"check": OPEN}, Origin="https://evil.example").status_code == 403


def test_back_leads_to_pages_of_recommendations_only(visitor):
    fields = {
        "what": "assign",
        "check": OPEN,
        "owner": "ann@example.org",
        "back": "https://evil.example/recommendations",
    }
    assert visitor.post("/act", fields).headers["location"].startswith("/recommendations?done=")


def test_an_exemption_is_previewed_saved_listed_and_removed(visitor, workspace):
    query = f"name=one&checks={OPEN}&reason=old&approver=ann&until=2099-01-31"
    page = visitor.page(f"/governance/exemptions?{query}")
    count = len(open_findings(workspace, OPEN))
    assert f"{count} open findings" in words(page.main)
    form = next(form for form in page.select("form") if form.select("button[value=add]"))
    fields = {field["name"]: field["value"] for field in form.select("input")} | {"what": "add"}
    assert visitor.post(form["action"], fields).status_code == 303
    page = visitor.page("/governance/exemptions?done=added")
    assert f"checks: {OPEN}" in words(page.main)
    assert "exemption added" in words(page.main)
    assert visitor.post("/governance/exemptions", {"what": "remove", "name": "one"}).status_code == 303
    assert workspace.store.exemptions.present() == ()
    assert visitor.post("/governance/exemptions", {"what": "remove", "name": "one"}).status_code == 422


def test_a_check_is_switched_off_and_on_from_its_page(visitor, workspace):
    page = visitor.page(f"/recommendations/{OPEN}")
    assert page.select("button[value=disable]")
    assert page.select_one("input[name=reason][required]")["aria-label"]
    visitor.post("/governance/exemptions", {"what": "disable", "check": OPEN, "reason": "these are <b>caches</b>"})
    page = visitor.page(f"/recommendations/{OPEN}")
    assert "This check is switched off: none of its verdicts counts. these are <b>caches</b>" in words(page.main)
    (row,) = visitor.page("/governance/exemptions").select("tr[data-row]")
    assert "these are <b>caches</b>" in words(row)
    visitor.post("/governance/exemptions", {"what": "enable", "check": OPEN})
    assert "disabled" not in {row.effect.value for row in findings(workspace, OPEN)}


def test_the_api_exempts_and_tells_of_what_is_wrong(visitor, workspace):
    body = {"covers": {"checks": [OPEN]}, "reason": "old", "approver": "ann", "until": "2099-01-31"}
    found = visitor.send("POST", "/api/v1/exemptions/one/preview", {"json": body}).json()
    assert found["covered"] == len(open_findings(workspace, OPEN))
    assert workspace.store.exemptions.present() == ()
    assert visitor.send("PUT", "/api/v1/exemptions/one", {"json": body}).status_code == 200
    assert visitor.get("/api/v1/exemptions").json()["rows"][0]["name"] == "one"
    wrong = visitor.send("PUT", "/api/v1/exemptions/two", {"json": body | {"covers": {"checks": ["no.check"]}}})
    assert wrong.status_code == 400
    assert "no check" in wrong.text
    assert visitor.send("DELETE", "/api/v1/exemptions/one", {}).status_code == 200


def test_reading_again_without_credentials_says_so(visitor, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    answer = visitor.post("/act", {"what": "again", "check": OPEN})
    assert answer.status_code == 422
    assert "redentials" in answer.text
