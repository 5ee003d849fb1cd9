"""The credential report is waited for, and read in each form that it comes in."""

import base64

import pytest

from poise.collect.aws.reading.credential_report import PAUSES_S, ROOT, access_keys, read_report
from poise.model.errors import NotRead
from tests.collect.aws.iam_answers import COLUMNS, OMAR_ROW, REPORT, Answering, answers, denied

GENERATE, GET = "iam:GenerateCredentialReport", "iam:GetCredentialReport"


def read(**changes):
    pauses = []
    reader = Answering(answers() | {call.replace("_", ":"): answer for call, answer in changes.items()})
    return read_report(reader, pauses.append), pauses


@pytest.mark.parametrize("content", [REPORT.encode(), REPORT, base64.b64encode(REPORT.encode()).decode()])
def test_content_may_be_bytes_text_or_base64(content):
    report, _ = read(iam_GetCredentialReport={"Content": content, "GeneratedTime": "2026-11-25T10:00:00Z"})

    assert report.row("omar")["mfa_active"] == "true"
    assert report.row(ROOT)["password_enabled"] == "not_supported"


def test_a_report_in_the_making_is_waited_for():
    states = [{"State": "STARTED"}, {"State": "INPROGRESS"}, {"State": "COMPLETE"}]
    report, pauses = read(iam_GenerateCredentialReport=states)

    assert report.row("omar")
    assert pauses == list(PAUSES_S[:2])


def test_waiting_has_an_end():
    problem = NotRead(GET, "ReportInProgress", "not ready")
    report, pauses = read(iam_GenerateCredentialReport={"State": "INPROGRESS"}, iam_GetCredentialReport=problem)

    assert pauses == list(PAUSES_S)
    with pytest.raises(NotRead, match="not ready"):
        report.row("omar")


def test_an_earlier_report_will_do_where_none_may_be_made():
    report, pauses = read(iam_GenerateCredentialReport=denied(GENERATE))

    assert report.row("omar")
    assert pauses == []


@pytest.mark.parametrize("content", ["<html>", b"\xff\xfe", b"<html></html>\n<p>", 7, "====", b"a,b\n1,2"])
def test_what_is_no_report_is_a_problem_with_its_call(content):
    report, _ = read(iam_GetCredentialReport={"Content": content})

    with pytest.raises(NotRead) as problem:
        report.row("omar")
    assert (problem.value.call, problem.value.code) == (GET, "malformed")


def test_an_unknown_user_is_a_problem_that_tells_the_age_of_the_report():
    report, _ = read()

    with pytest.raises(NotRead, match=r"2024-03-01.*no row"):
        report.row("nobody")


def row(**changes):
    return dict(zip(COLUMNS.split(","), OMAR_ROW.split(","), strict=True)) | changes


def test_an_inactive_key_is_kept_if_the_report_shows_when_it_was_made():
    keys = access_keys(row(access_key_2_last_rotated="2024-01-01T00:00:00+00:00"))

    assert [(key["number"], key["active"]) for key in keys] == [(1, True), (2, False)]


def test_an_active_key_without_a_time_is_kept():
    keys = access_keys(row(access_key_2_active="TRUE"))

    assert (keys[1]["active"], keys[1]["last_changed"], keys[1]["last_used"]) == (True, None, None)


@pytest.mark.parametrize("value", ["maybe", "", "N/A"])
def test_a_flag_that_is_neither_true_nor_false_is_refused(value):
    with pytest.raises(ValueError, match="neither true nor false"):
        access_keys(row(access_key_1_active=value))


def test_a_row_that_is_cut_short_is_refused():
    with pytest.raises(ValueError, match="cut short"):
        access_keys(row(access_key_1_last_used_date=None))
