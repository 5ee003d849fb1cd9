"""Nothing that a page of another site sends changes anything, by any operation; nor does a body without an end."""

import re

import pytest

from poise.web.own import MOST_BYTES, QUESTIONS
from poise.web.pages import routers

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8421"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://evil@localhost"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Origin": "http://localhost", "Sec_Fetch_Site": "cross-site"},
]


def operations(app):
    """Return method and path of everything that may change something, of the API and of the pages."""
    described = app.openapi()["paths"].items()
    found = {(method.upper(), path) for path, methods in described for method in methods}
    found |= {(method, route.path) for router in routers() for route in router.routes for method in route.methods}
    return sorted((m, re.sub(r"{[^}]*}", "x", path)) for m, path in found if m not in QUESTIONS)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_operation_takes_what_another_site_sends(visitor, headers):
    found = operations(visitor.app)
    assert len(found) >= 13
    for method, path in found:
        answer = visitor.send(method, path, {"json": {}}, **headers)
        assert (path, answer.status_code) == (path, 403)
        expected = "application/problem+json" if path.startswith("/api/") else "text/html; charset=utf-8"
        assert answer.headers["content-type"] == expected
        assert answer.headers["content-security-policy"]


def test_a_name_that_leads_here_by_another_ones_will_is_refused(visitor):
    for method, path in operations(visitor.app):
        answer = visitor.send(method, path, {"json": {}}, Host="evil.example", Origin="http://evil.example")
        assert answer.status_code == 400


def test_a_form_without_an_origin_is_refused(visitor):
    for method, path in operations(visitor.app):
        if not path.startswith("/api/"):
            assert visitor.send(method, path, {"data": {}}).status_code == 403


def test_a_body_that_is_too_long_is_not_read(visitor):
    long = {"content": b"x" * (MOST_BYTES + 1)}
    program = {"Content_Type": "application/json"}
    page = {"Origin": "http://localhost", "Content_Type": "application/x-www-form-urlencoded"}
    for path in ("/api/v1/assignments", "/api/v1/governance/rerun"):
        assert visitor.send("POST", path, long, **program).status_code == 413
    for path in ("/governance/rules", "/findings/x/assign", "/settings/score", "/settings/notifications"):
        assert visitor.send("POST", path, long, **page).status_code == 413
