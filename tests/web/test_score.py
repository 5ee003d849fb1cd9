"""The score pages: both formulas, the change log, and settings that are previewed before they are saved."""

from __future__ import annotations

import pytest

from poise.app import queries
from poise.app.explain import explain_finding
from poise.model import State
from poise.model.listings import FindingFilter
from tests.web.estate import OPEN, estate
from tests.web.visitor import visitor_of, words


def test_the_page_of_the_risk_based_score_fills_the_formula_in(visitor):
    page = visitor.page("/score?formula=risk")
    assert "0.1critical" in page.select_one(".formula").get_text().replace(" ", "")
    assert page.select_one("a[href*='settings/score']")


def test_the_change_log_adds_up(visitor):
    page = visitor.page("/score?from=30d")
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select("#change tbody tr")][:6]
    assert [row[0] for row in rows] == ["Scope", "Assets", "Checks", "Exemptions", "Grace", "Together"]
    assert sum(float(row[1]) for row in rows[:5]) == pytest.approx(float(rows[5][1]))


@pytest.mark.parametrize("address", ["/score?from=yesterday", "/score?from=2999-01-01", "/score?from=1d&to=2d"])
def test_moments_that_make_no_sense_are_told(visitor, address):
    assert visitor.page(address).select_one("#change [role=alert]")


def test_the_overview_tells_what_changed(visitor):
    page = visitor.page("/")
    assert "Changes" in page.select_one("#h-turns").get_text()


def test_settings_are_previewed_and_only_saved_from_their_own_page(tmp_path):
    with estate(tmp_path) as workspace:
        visitor = visitor_of(workspace)
        page = visitor.page("/settings/score?reading=a")
        assert page.select_one("form[method=post] input[name=reading]")["value"] == "a"
        assert workspace.store.audit.page().total == 0
        refused = visitor.post("/settings/score", {"reading": "a"}, Origin="https://evil.example")
        assert refused.status_code == 403
        assert visitor.send("POST", "/settings/score", {"data": {"reading": "a"}}).status_code == 403
        saved = visitor.post("/settings/score", {"reading": "a"})
        assert saved.status_code == 303
        assert workspace.store.audit.page().rows[0].detail["after"] == {"reading": "a"}
        wrong = visitor.post("/settings/score", {"weight_high": "-2"})
        assert wrong.status_code == 422
        assert visitor.page("/settings/score?base_low=2").select_one("[role=alert]")


def test_a_weight_is_shown_as_it_was_given(visitor):
    page = visitor.page("/settings/score?weight_none=1&weight_low=2&weight_medium=10.05&weight_high=20")
    assert page.select_one("#weight_medium")["value"] == "10.05"
    assert page.select_one("#weight_high")["value"] == "20"


def test_the_thresholds_of_a_risk_stand_beside_its_sum(visitor, workspace):
    one = next(
        iter(
            queries.all_findings(
                workspace, FindingFilter(checks=frozenset({OPEN}), states=frozenset({State.UNHEALTHY}))
            )
        )
    )
    text = words(visitor.page(f"/findings/{one.id}").select_one("[aria-labelledby=h-risk]"))
    assert explain_finding(workspace, one.id).arithmetic in text
    assert "high from 50" in text
