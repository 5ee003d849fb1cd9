"""One finding and one asset: action, evidence, history, record, changes."""

from urllib.parse import quote

import pytest

from poise.app import queries
from poise.model import State
from poise.model.listings import FindingFilter, Standing
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from tests.web.estate import HOSTILE, LAB, OPEN, POLICY
from tests.web.places import a_finding
from tests.web.visitor import words


def of_asset(workspace, name: str, check: str) -> str:
    found = queries.findings(workspace, FindingFilter(asset_id=f"arn:aws:s3:::{name}", checks=frozenset({check})))
    return found.rows[0].id


def test_the_texts_hold_the_assets_own_name(visitor, workspace):
    page = visitor.page(f"/findings/{of_asset(workspace, 'shop-data-09', OPEN)}")
    assert [words(step) for step in page.select("ol.steps li")] == [
        "Open the bucket shop-data-09 in the S3 console.",
        "Choose Permissions.",
        "Edit, and save.",
    ]
    assert "--bucket shop-data-09 " in page.select_one("#fix-cli").get_text()
    assert 'bucket = "shop-data-09"' in page.select_one("#fix-terraform").get_text()


def test_a_hostile_name_cannot_run_when_the_text_is_pasted(visitor, workspace):
    page = visitor.page(f"/findings/{of_asset(workspace, HOSTILE[5], OPEN)}")
    assert "--bucket '=cmd|'\"'\"' /C calc'\"'\"'!A0'" in page.select_one("#fix-cli").get_text()


def test_the_evidence_says_what_was_expected_found_and_read_when(visitor, workspace):
    page = visitor.page(f"/findings/{of_asset(workspace, 'shop-data-09', OPEN)}?tab=evidence")
    card = words(page.select_one("section[aria-label=Evidence]"))
    assert "Expected S3 buckets should not be open to everyone" in card
    assert "Found nothing blocks public policies" in card
    assert '"block_public_policy": false' in card
    assert "Read at 2026-11-25T09:00:00Z" in card
    assert page.select_one("section[aria-label=Evidence] a[href$='tab=raw']")


def test_an_unknown_verdict_opens_with_the_permission_that_is_missing(visitor, workspace):
    page = visitor.page(f"/findings/{a_finding(workspace, State.UNKNOWN, POLICY)}")
    missing = page.select_one("section[aria-label='What is missing']")
    assert missing is not None


def test_a_fact_that_was_denied_names_the_permission_to_grant(visitor, workspace):
    page = visitor.page(f"/findings/{of_asset(workspace, 'shop-data-00', POLICY)}")
    assert "Grant s3:GetBucketPolicy" in words(page.select_one("section[aria-label='What is missing']"))


def test_a_kind_that_could_not_be_listed_is_unknown_on_its_account(visitor, workspace):
    found = queries.findings(workspace, FindingFilter(scopes=frozenset({LAB}), checks=frozenset({OPEN})))
    page = visitor.page(f"/findings/{found.rows[0].id}")
    assert "could not be listed" in words(page.select_one(".notice.found"))


def test_history_tells_when_it_was_seen_fixed_and_last_read(visitor, workspace):
    fixed = queries.findings(workspace, FindingFilter(standing=Standing.FIXED)).rows[0]
    page = visitor.page(f"/findings/{fixed.id}?tab=history")
    events = [words(event.p) for event in page.select(".timeline li")]
    assert events[-1] == "First seen"
    assert "Fixed" in events
    assert "Fixed" in words(page.select_one(".head"))


def test_the_other_findings_of_the_asset_are_beside_it(visitor, workspace):
    page = visitor.page(f"/findings/{of_asset(workspace, 'shop-data-29', OPEN)}")
    siblings = page.select("[aria-labelledby=h-siblings] li a")
    assert {words(link) for link in siblings} == {
        "S3 buckets should be encrypted with a KMS key",
        "S3 buckets should keep earlier versions of objects",
    }


def test_the_risk_is_shown_with_its_arithmetic(visitor, workspace):
    finding = queries.finding(workspace, of_asset(workspace, "shop-data-09", OPEN))
    card = words(visitor.page(f"/findings/{finding.id}").select_one("[aria-labelledby=h-risk]"))
    assert "Critical" in card
    for factor in finding.risk.factors:
        assert factor.because in card


def test_an_asset_lists_every_verdict_worst_first(visitor):
    page = visitor.page("/inventory/arn:aws:s3:::shop-data-00")
    verdicts = [words(row.select_one(".mark")) for row in page.select("tbody tr")]
    assert verdicts == ["Unknown", "Healthy", "Healthy", "Healthy"]


def test_a_fixed_finding_stays_with_its_asset(visitor):
    page = visitor.page("/inventory/arn:aws:s3:::shop-data-04")
    assert "Fixed" in [words(mark) for mark in page.select("tbody .mark")]


def test_the_record_marks_what_is_unread_with_the_reason(visitor):
    page = visitor.page("/inventory/arn:aws:s3:::shop-data-00?tab=raw")
    unread = [words(item) for item in page.select(".tree .unread")]
    assert unread == ["unread: AccessDenied on s3:GetBucketPolicy"]
    keys = [words(key) for key in page.select(".tree > li > .key, .tree > li > details > summary > .key")]
    assert keys[:6] == ["id", "kind", "name", "scope", "region", "tags"]
    assert "public_access_block" in keys


def test_none_is_not_unread(visitor):
    page = visitor.page("/inventory/arn:aws:s3:::shop-data-01?tab=raw")
    policy = next(item for item in page.select(".tree > li") if words(item).startswith("policy"))
    assert policy.select_one(".none")
    assert not policy.select_one(".unread")


def test_changes_show_each_fact_before_and_after(visitor):
    page = visitor.page("/inventory/arn:aws:s3:::shop-data-05?tab=changes")
    rows = [[words(cell) for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows == [["tags", '{"note":"shop-data-05","team":"shop"}', '{"team":"moved"}']]
    assert "First read" in words(page.main)
    assert "1 fact changed" in words(page.main)


@pytest.mark.parametrize("id", ["arn:aws:s3:::" + HOSTILE[1], STORAGE_ACCOUNT.id, STORAGE_ACCOUNT.id.upper()])
def test_an_asset_is_found_by_an_id_with_slashes(visitor, id):
    page = visitor.page(f"/inventory/{quote(id, safe='')}")
    assert page.h1.get_text() in (HOSTILE[1], STORAGE_ACCOUNT.name)


def test_an_asset_that_no_check_judges_is_not_called_healthy(visitor):
    page = visitor.page(f"/inventory/{quote(STORAGE_ACCOUNT.id, safe='')}")
    assert "No check judges this type" in words(page.main)
    assert "No open finding" not in words(page.main)
