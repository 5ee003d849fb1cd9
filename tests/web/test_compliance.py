"""Pages of compliance: numbers that lead to their rows, attestation with evidence, and standards of one's own."""

import hashlib

import msgspec
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from poise.app import compliance, groups
from poise.app.standards import Standards
from poise.model.group import Group, GroupKind, Wanted
from tests.web.estate import OPEN, SHOP, estate
from tests.web.visitor import words

HOUSE = f"""title = "House <b>rules</b>"
version = "1"
[section.1]
title = "Storage"
[control."1.1"]
title = "Nothing is open"
section = "1"
checks = ["{OPEN}"]
[control."1.2"]
title = "Owners are known"
section = "1"
manual = "process"
"""


@pytest.fixture
def workspace(tmp_path):
    with estate(tmp_path) as opened:
        yield opened


def upload(visitor, text, id="house"):
    content = {"data": {"id": id}, "files": {"file": ("house.toml", text.encode())}}
    return visitor.send("POST", "/compliance", content, Origin="http://localhost")


def test_a_card_says_what_its_standard_says(visitor, workspace):
    page = visitor.page("/compliance")
    shown = {one.standard: one for one in compliance.overview(workspace)}
    links = {a["href"].removeprefix("/compliance/"): a for a in page.select(".card-head h2 a")}
    assert shown.keys() == links.keys()
    one = shown["nist_800_53_r5"]
    number = page.select_one("a[href='/compliance/nist_800_53_r5?state=failed']").get_text()
    assert int(number) == one.tally.failed
    tree = visitor.page("/compliance/nist_800_53_r5?state=failed&open=none")
    assert tree.select("[role=treegrid] tr[aria-expanded=false]")


def test_an_uploaded_standard_is_judged_filtered_and_removed(visitor, workspace):
    assert upload(visitor, HOUSE).status_code == 303
    page = visitor.page("/compliance/house")
    assert "Nothing is open" in words(page.main)
    assert "House <b>rules</b>" in words(page.h1)
    states = [words(row.select("td")[1]) for row in page.select("tbody tr[aria-level='2']")]
    assert states == ["Failed", "Manual"]
    assert len(visitor.page("/compliance/house?state=manual").select("tbody tr[aria-level='2']")) == 1
    opened = visitor.page("/compliance/house?open=1,1.1")
    assert opened.select_one(f"tbody tr[aria-level='3'] a[href='/recommendations/{OPEN}']")
    assert visitor.post("/compliance/house", {"what": "remove"}).status_code == 303
    assert visitor.get("/compliance/house").status_code == 404


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HOUSE.replace(OPEN, "aws.s3.opne"), "line 8: control 1.1 names the check"),
        (HOUSE + '[control."1.2"]\ntitle = "x"\n', "not valid TOML"),
        (HOUSE + '[control." 1.2 "]\ntitle = "x"\n', "is a second"),
        ("x" * 5_000_000, "a standard may have 1 MB"),
        ("title = 5", "line 1"),
    ],
)
def test_a_standard_that_cannot_be_is_told_with_its_line_and_not_kept(visitor, workspace, text, says):
    answer = upload(visitor, text)
    assert answer.status_code in (400, 413, 422)
    assert says in answer.text or answer.status_code in (400, 413)
    assert "house" not in workspace.standards.ids


@pytest.mark.parametrize("id", ["../etc", "Ümlaut", "cis_aws_6.0", "a b"])
def test_a_hostile_or_taken_id_is_refused(visitor, workspace, id):
    assert upload(visitor, HOUSE, id).status_code == 422


def test_a_manual_control_is_attested_with_a_file_and_withdrawn(visitor, workspace):
    upload(visitor, HOUSE)
    page = visitor.page("/compliance/house/controls/1.2")
    assert "Not assessed by Poise" in words(page.main)
    fields = {"what": "attest", "statement": "Each has one.", "by": "ann@example.org", "until": "2099-01-31"}
    fields |= {"links": "https://wiki.example.org/owners", "is_met": "yes", "scope": "*"}
    files = {"file": ("minutes.txt", b"we met")}
    sent = {"data": fields, "files": files}
    answer = visitor.send("POST", "/compliance/house/controls/1.2", sent, Origin="http://localhost")
    assert answer.status_code == 303
    text = words(visitor.page("/compliance/house/controls/1.2").main)
    assert "Each has one." in text
    assert hashlib.sha256(b"we met").hexdigest() in text
    assert "https://wiki.example.org/owners" in text
    states = {c.control: c.state.value for c in compliance.standard_status(workspace, "house").controls}
    assert states["1.2"] == "passed"
    assert "ann@example.org" in words(visitor.page("/compliance/house").main)
    gone = {"what": "withdraw", "scope": "*", "by": "ann@example.org"}
    assert visitor.post("/compliance/house/controls/1.2", gone).status_code == 303
    bad = visitor.post("/compliance/house/controls/1.2", fields | {"by": "ann"})
    assert bad.status_code == 422
    assert "Each has one." in bad.text


def test_a_standard_holds_where_it_is_assigned(visitor, workspace):
    upload(visitor, HOUSE)
    assert visitor.post("/compliance/house", {"what": "assign", "scopes": "444455556666"}).status_code == 303
    assert compliance.scopes_of(workspace, workspace.standards.get("house")) == {"444455556666"}
    assert visitor.post("/compliance/house", {"what": "assign", "scopes": "nowhere"}).status_code == 422
    visitor.post("/compliance/house", {"what": "assign", "scopes": ""})
    assert compliance.scopes_of(workspace, workspace.standards.get("house")) == frozenset()
    visitor.post("/compliance/house", {"what": "assign", "scopes": f"{SHOP}, 4444*"})
    assert len(compliance.scopes_of(workspace, workspace.standards.get("house"))) == 2


@pytest.mark.parametrize("form", ["csv", "html", "oscal"])
def test_reports_come_as_files(visitor, form):
    answer = visitor.get(f"/compliance/cis_aws_6.0/report?format={form}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content


def test_a_day_of_the_past_and_what_changed_since(visitor, workspace):
    upload(visitor, HOUSE)
    page = visitor.page("/compliance/house?as_of=2026-11-21&since=2026-11-20")
    assert "As of 2026-11-21" in words(page.main)
    assert "No control changed." in words(page.main)
    page = visitor.page("/compliance/house?as_of=2999-01-01")
    assert "has not come yet" in words(page.select_one("[role=alert]"))


def test_the_api_says_the_same(visitor, workspace):
    answer = visitor.send("PUT", "/api/v1/standards/house", {"content": HOUSE.encode()})
    assert answer.json() == {"standard": "house", "title": "House <b>rules</b>", "controls": 2}
    found = visitor.get("/api/v1/standards/house").json()
    assert [c["state"] for c in found["sections"][0]["controls"]] == ["failed", "unsupported"]
    wrong = visitor.send("PUT", "/api/v1/standards/other", {"content": b"title = 5"})
    assert wrong.status_code == 422
    assert "line 1" in wrong.text
    body = {"by": "ann@example.org", "statement": "Yes.", "until": "2099-01-31"}
    assert visitor.send("POST", "/api/v1/standards/house/attestations/1.2", {"json": body}).status_code == 200
    then = visitor.get("/api/v1/standards/house?as_of=2026-11-21").json()
    assert then["tally"]["failed"] == 1
    since = visitor.get("/api/v1/standards/house?since=2026-11-21").json()
    assert [row["control"] for row in since["controls"]] == ["1.2"]
    assert visitor.get("/api/v1/standards/house/compare/nist_800_53_r5").json()["pairs"]
    assert visitor.get("/api/v1/standards/house/report/csv").text.startswith("row,standard")
    assert visitor.get("/api/v1/standards/nothing").status_code == 404


def test_pages_of_a_group_show_the_group(visitor, workspace):
    """A group without assets has nothing to judge, so a page limited to it counts no failed control."""
    groups.put(workspace, Group(name="nobody", kind=GroupKind.TEAM, wanted=Wanted(tags={"team": "none"})))
    assert visitor.page("/compliance").select(".card-head h2 a")
    assert not visitor.page("/compliance?scope=group:nobody").select(".card-head h2 a")
    states = words(visitor.page("/compliance/nist_800_53_r5?scope=group:nobody&state=failed").select_one("main"))
    assert "No control" in states


def test_what_the_page_asks_of_the_store_does_not_grow_with_the_standards(visitor, workspace, monkeypatch):
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    shipped = workspace.standards.all()
    copies = tuple(msgspec.structs.replace(one, id=f"copy_{n}") for n, one in enumerate(shipped * 3))
    counts = []
    for standards in (Standards(), Standards(copies)):
        monkeypatch.setattr(workspace, "standards", standards)
        visitor.get("/compliance")  # the coverage is read now and then, not for each page
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert visitor.get("/compliance").status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1] > 0
