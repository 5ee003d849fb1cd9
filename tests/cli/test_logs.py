"""Events of the program go to the standard error stream, in the form and at the level that was asked for."""

import json

import pytest
import structlog

from poise.cli.invocation import Invocation
from poise.cli.logs import to_stderr
from poise.cli.shared import Shared


def said(capsys, **options) -> str:
    with to_stderr(Invocation(Shared(**options))):
        log = structlog.get_logger()
        log.debug("api call", call="s3:ListBuckets")
        log.warning("check failed", asset="bad\x1b[2J\u202ename")
        try:
            raise ValueError("broken")
        except ValueError:
            log.exception("connector failed")
    return capsys.readouterr().err


def test_calls_are_shown_at_the_second_v_alone(capsys):
    assert "s3:ListBuckets" in said(capsys, verbose=2)
    assert "s3:ListBuckets" not in said(capsys, verbose=1)


def test_quiet_leaves_errors(capsys):
    text = said(capsys, quiet=True)

    assert "check failed" not in text
    assert "connector failed" in text


def test_a_fault_is_named_and_its_trace_is_for_those_who_ask(capsys):
    assert "ValueError: broken" in said(capsys)
    assert "Traceback" not in said(capsys)
    assert "Traceback" in said(capsys, verbose=2)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_name_steers_a_terminal(capsys, form):
    text = said(capsys, log_format=form)

    assert "\x1b" not in text
    assert "\u202e" not in text


def test_events_can_be_json(capsys):
    lines = [json.loads(line) for line in said(capsys, log_format="json").splitlines()]

    assert [line["event"] for line in lines] == ["check failed", "connector failed"]
    assert {line["level"] for line in lines} == {"warning", "error"}
    assert all("timestamp" in line for line in lines)
