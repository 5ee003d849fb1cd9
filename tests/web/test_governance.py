"""Pages of governance and notifications, and the API for the same: look first, then save."""

import asyncio

import pytest

from poise.app import queries
from poise.model.listings import FindingFilter
from tests.web.estate import OPEN, estate
from tests.web.visitor import words

RULE = {
    "name": "open buckets",
    "priority": "5",
    "days": "14",
    "conditions": f"check={OPEN}",
    "owner": "ann@example.org",
}
RULES, NOTIFICATIONS = "/governance/rules", "/settings/notifications"


@pytest.fixture
def workspace(tmp_path):
    with estate(tmp_path) as opened:
        yield opened


def owners(workspace, **more):
    wanted = FindingFilter(checks=frozenset({OPEN}), **more)
    return {f.owner for f in queries.all_findings(workspace, wanted) if f.verdict == "unhealthy"}


def a_finding(workspace):
    return next(
        f for f in queries.all_findings(workspace, FindingFilter(checks=frozenset({OPEN}))) if f.verdict == "unhealthy"
    )


def query(fields):
    from urllib.parse import urlencode

    return urlencode(fields)


def test_a_rule_is_shown_with_what_it_would_do_and_then_saved(visitor, workspace):
    page = visitor.page(f"{RULES}?{query(RULE)}")
    assert "It would assign" in words(page.main)
    assert owners(workspace) == {None}
    form = next(form for form in page.select("form") if "Save and assign" in form.get_text())
    fields = {field["name"]: field["value"] for field in form.select("input")}
    answer = visitor.post(form["action"], fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{RULES}?done=saved")
    assert owners(workspace) == {"ann@example.org"}
    page = visitor.page(f"{RULES}?edit=open%20buckets")
    assert page.select_one("input[name=owner]")["value"] == "ann@example.org"
    assert page.select_one("textarea[name=conditions]").get_text().strip() == f"check={OPEN}"


def test_the_report_leads_to_the_rows_behind_its_numbers(visitor, workspace):
    visitor.post(RULES, RULE)
    page = visitor.page("/governance")
    link = next(a for a in page.select("td a") if a.get_text() == "ann@example.org")
    listed = visitor.page(link["href"])
    assert "ann@example.org" in words(listed.main)
    visitor.page("/governance?view=rule")
    text = visitor.get("/governance?format=csv").text
    assert "owner,ann@example.org" in text
    assert "ann@example.org" in words(visitor.page("/governance/digest").main)


def test_a_rule_that_cannot_be_says_why_and_keeps_what_was_typed(visitor):
    page = visitor.page(f"{RULES}?{query(RULE | {'owner': 'ann'})}")
    assert "no mail address" in words(page.select_one("[role=alert]"))
    assert page.select_one("input[name=name]")["value"] == "open buckets"
    assert visitor.post(RULES, RULE | {"days": "0"}).status_code == 422


def test_rules_move_and_go(visitor):
    visitor.post(RULES, RULE)
    visitor.post(RULES, RULE | {"name": "rest", "priority": "9", "conditions": ""})
    assert visitor.post(f"{RULES}/change", {"name": "rest", "what": "up"}).status_code == 303
    names = [a.get_text() for a in visitor.page(RULES).select("td.cell-title a")]
    assert names == ["rest", "open buckets"]
    visitor.post(f"{RULES}/change", {"name": "rest", "what": "remove"})
    assert [a.get_text() for a in visitor.page(RULES).select("td.cell-title a")] == ["open buckets"]
    assert visitor.post(f"{RULES}/change", {"name": "rest", "what": "remove"}).status_code == 422


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
@pytest.mark.parametrize("path", [RULES, f"{RULES}/change", NOTIFICATIONS, "/findings/x/assign"])
def test_a_form_of_another_site_is_refused(visitor, path, origin):
    assert visitor.post(path, RULE, Origin=origin).status_code == 403


def test_a_finding_is_assigned_from_its_page(visitor, workspace):
    one = a_finding(workspace)
    fields = {"owner": "ben@example.org", "due": "2099-01-31", "eta": "2099-02-01", "justification": "later"}
    answer = visitor.post(f"/findings/{one.id}/assign", fields)
    assert answer.status_code == 303
    page = visitor.page(f"/findings/{one.id}")
    text = words(page.main)
    assert "ben@example.org" in text
    assert "2099-01-31" in text
    assert "Expected on 2099-02-01 : later" in text
    assert visitor.post(f"/findings/{one.id}/assign", {"owner": "ben"}).status_code == 422
    listed = visitor.page("/recommendations?view=flat&owner=ben@example.org&due=on_time")
    assert one.asset.name[:40] in words(listed.main)
    assert visitor.post(f"/findings/{one.id}/assign", {"clear": "yes"}).status_code == 303
    assert owners(workspace) == {None}


def test_channels_are_set_and_their_secrets_never_shown(visitor):
    fields = {
        "what": "save",
        "name": "hook",
        "kind": "webhook",
        "url": "https://93.184.215.14/T0/s3cret",
        "secret": "sh4red",
    }
    fields |= {"event": ["finding.critical", "digest"]}
    assert visitor.post(NOTIFICATIONS, fields).status_code == 303
    page = visitor.page(NOTIFICATIONS)
    assert "hook" in words(page.main)
    assert "finding.critical, digest" in words(page.main)
    assert "s3cret" not in str(page)
    assert "sh4red" not in str(page)
    assert visitor.post(NOTIFICATIONS, {"what": "remove", "name": "hook"}).status_code == 303


def test_a_channel_on_a_private_address_is_refused_with_its_reason(visitor):
    fields = {"what": "save", "name": "hook", "kind": "webhook", "url": "https://10.0.0.1/x", "secret": "sh4red"}
    answer = visitor.post(NOTIFICATIONS, fields)
    assert answer.status_code == 422
    assert "is not public" in answer.text
    assert "sh4red" not in answer.text


def test_schedules_are_set_and_nonsense_is_refused(visitor, workspace):
    visitor.page(NOTIFICATIONS)
    fields = {"what": "schedule", "name": "digest", "schedule": "weekly fri 16:00"}
    assert visitor.post(NOTIFICATIONS, fields).status_code == 303
    assert {row.schedule for row in workspace.store.due.schedules()} >= {"weekly fri 16:00"}
    assert visitor.post(NOTIFICATIONS, fields | {"schedule": "now and then"}).status_code == 422
    assert visitor.post(NOTIFICATIONS, {"what": "retry", "number": "7"}).status_code == 422


API = "/api/v1"


def test_the_api_sets_rules_assigns_and_reports(visitor, workspace):
    body = {"name": "x", "priority": 5, "owner": {"address": "ann@example.org"}, "conditions": [{"checks": [OPEN]}]}
    found = visitor.send("POST", f"{API}/governance/rules/preview", {"json": body}).json()
    assert found["taken"] > 0
    assert owners(workspace) == {None}
    assert visitor.send("PUT", f"{API}/governance/rules/buckets", {"json": body}).json()["taken"] == found["taken"]
    assert visitor.get(f"{API}/governance/rules").json()["rows"][0]["name"] == "buckets"
    assert visitor.get(f"{API}/findings?owner=ann@example.org").json()["total"] == found["taken"]
    one = a_finding(workspace)
    answer = visitor.send("POST", f"{API}/assignments", {"json": {"ids": [one.id], "owner": "ben@example.org"}})
    assert answer.json() == {"assigned": 1}
    assert {line["name"] for line in visitor.get(f"{API}/governance/report").json()["owners"]} >= {"ben@example.org"}
    assert visitor.send("POST", f"{API}/governance/rerun", {"json": {"overwrite": "everything"}}).status_code == 200
    assert owners(workspace) == {"ann@example.org"}
    assert visitor.send("DELETE", f"{API}/governance/rules/buckets", {}).status_code == 200
    assert visitor.send("DELETE", f"{API}/governance/rules/buckets", {}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/assignments", {"json": {"ids": []}}, 422),
        ("POST", "/assignments", {"json": {"ids": ["nope"], "owner": "a@b.org"}}, 400),
        ("POST", "/assignments", {"json": {"ids": [OPEN], "owner": "ann"}}, 400),
        ("POST", "/assignments", {"json": {"ids": [OPEN], "boss": "ann"}}, 422),
        ("POST", "/assignments", {"content": b"{", "headers": None}, 415),
        ("POST", "/governance/rules/preview", {"json": {"name": "x"}}, 422),
        ("POST", "/governance/rules/preview", {"json": [[[[]]]]}, 422),
        ("PUT", "/governance/rules/x", {"json": {"name": "x", "priority": 5, "days": 0}}, 400),
        ("POST", "/governance/rerun", {"json": {"overwrite": "some"}}, 422),
        (
            "PUT",
            "/notifications/channels/x",
            {"json": {"channel": {"name": "x", "kind": "webhook", "url": "https://127.0.0.1/"}}},
            400,
        ),
        ("POST", "/notifications/channels/x/test", {}, 404),
    ],
)
def test_the_api_refuses_what_makes_no_sense(visitor, method, path, content, status):
    content.pop("headers", None)
    answer = visitor.send(method, f"{API}{path}", content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_of_another_site_cannot_write_through_the_api(visitor):
    answer = visitor.send("POST", f"{API}/assignments", {"json": {"ids": [OPEN]}}, Origin="https://evil.example")
    assert answer.status_code == 403


def test_a_ticket_system_that_does_not_answer_is_said(visitor, workspace):
    body = {"channel": {"name": "x", "kind": "jira", "url": "https://93.184.215.14", "options": {"project": "SEC"}}}
    assert visitor.send("PUT", f"{API}/notifications/channels/desk", {"json": body}).status_code == 200
    one = a_finding(workspace)
    answer = visitor.send("POST", f"{API}/notifications/channels/desk/tickets/{one.id}", {})
    assert answer.status_code == 502
    assert "No password or token" in answer.text
    assert visitor.get(f"{API}/notifications/tickets").json()["total"] == 0
    assert visitor.get(f"{API}/notifications/outbox").json()["total"] == 0


class Watched:
    """A clock that keeps who asked for the time: the loop that serves all, or a thread of its own."""

    def __init__(self, clock):
        self.clock, self.in_loop = clock, []

    def __call__(self):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self.in_loop.append(False)
        else:
            self.in_loop.append(True)
        return self.clock()


def test_what_one_person_changes_does_not_keep_others_waiting(visitor, workspace):
    watched = workspace.clock = Watched(workspace.clock)
    assert visitor.post(RULES, RULE).status_code == 303
    assert visitor.post(f"/findings/{a_finding(workspace).id}/assign", {"owner": "ben@example.org"}).status_code == 303
    assert watched.in_loop
    assert not any(watched.in_loop)
