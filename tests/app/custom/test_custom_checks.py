from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from poise.app.custom.sandbox import RuleFailed, Sandbox
from poise.assess.custom.definition import read
from poise.assess.custom.rule import check, compile_rules, variables
from poise.assess.engine import Judge, judge_example
from poise.model import replace
from poise.model.aws.s3 import S3Bucket
from poise.model.check import NOW
from poise.model.errors import BadInput
from poise.model.samples.ordinary import ordinary

OWNED = """
title = "Buckets should have an owner"
kind = "AWS::S3::Bucket"
severity = "high"
healthy_if = "'owner' in asset.tags"
applies_if = "!asset.name.startsWith('tmp-')"
unhealthy_because = "the bucket has no tag owner"
fix = "Set the tag owner to the team that runs it."

[[examples]]
name = "with an owner"
state = "healthy"
changes = { tags = { owner = "data" } }

[[examples]]
name = "without"
state = "unhealthy"
changes = { tags = {} }

[[examples]]
name = "short-lived"
state = "not_applicable"
changes = { name = "tmp-1", tags = {} }

[[examples]]
name = "tags not read"
state = "unknown"
unread = { tags = "AccessDenied" }
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    pytest.importorskip("cel_expr_python", reason="the extra `cel` is not installed")
    with Sandbox() as sandbox:
        yield sandbox


def rule(text: str) -> str:
    return f'title = "Buckets should be"\nkind = "AWS::S3::Bucket"\nhealthy_if = {text!r}\n'


def test_each_example_gets_the_verdict_that_it_names(sandbox: Sandbox) -> None:
    owned = check("bucket_without_owner", read(OWNED, "owned.toml"), sandbox)
    assert owned.id == "custom.aws.bucket_without_owner"
    assert [judge_example(owned, example).state for example in owned.examples] == [e.state for e in owned.examples]


def test_an_unhealthy_verdict_shows_the_values_that_decided(sandbox: Sandbox) -> None:
    owned = check("bucket_without_owner", read(OWNED, "owned.toml"), sandbox)
    verdict = judge_example(owned, owned.examples[1])
    assert verdict.reason == "the bucket has no tag owner"
    assert verdict.seen == {"asset.tags": {}}


def test_a_rule_about_time_is_asked_again_a_day_later(sandbox: Sandbox) -> None:
    aged = check("old", read(rule("now < timestamp('2030-01-01T00:00:00Z')"), "old.toml"), sandbox)
    judged = Judge([aged], NOW).own(ordinary(S3Bucket))
    assert judged is not None
    assert judged.verdicts[aged.id].state == "healthy"
    assert judged.next_change_at == NOW + timedelta(days=1)


def test_only_facts_that_the_rule_names_make_it_unknown(sandbox: Sandbox) -> None:
    named = check("named", read(rule("asset.name != ''"), "named.toml"), sandbox)
    judged = Judge([named], NOW).own(replace(ordinary(S3Bucket), unread={"tags": "AccessDenied"}))
    assert judged is not None
    assert judged.verdicts[named.id].state == "healthy"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("asset.nmae == 'x'", "line 1, column 6: undeclared reference to 'asset.nmae'"),
        ("asset.name ==", "line 1, column 14: Syntax error"),
        ("asset.name", "gives STRING, not a truth value"),
        ("asset.name == 3", "line 1, column 12: found no matching overload"),
        ("asset.tags.owner == __import__('os')", "undeclared reference to '__import__'"),
    ],
)
def test_a_rule_that_cannot_be_compiled_says_where(sandbox: Sandbox, text: str, says: str) -> None:
    with pytest.raises(BadInput) as error:
        compile_rules(S3Bucket, read(rule(text), "broken.toml"), sandbox)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = \nkind = 1", "line 1"),
        ('title = "a"\nkind = "AWS::S3::Bucket"', "healthy_if"),
        (rule("true") + "severity = 'huge'", "severity"),
        (rule("true") + "pyhton = 'x'", "pyhton"),
        (rule("true") + "source = 'http://x'", "https"),
        (rule("true || " * 1000 + "true"), "longer than 4096"),
        ("x = '" + "a" * 70_000 + "'", "at most 65536 bytes"),
        ('title = "a"\nkind = "AWS::S3::Bukket"\nhealthy_if = "true"', "is no kind"),
        (rule("true") + '[[examples]]\nname = "x"\nstate = "healthy"\nchanges = {colour = 1}', "no fact 'colour'"),
        (rule("true") + '[[examples]]\nname = "x"\nstate = "healthy"\nchanges = {tags = 1}', "malformed"),
    ],
)
def test_a_definition_that_is_wrong_is_refused(sandbox: Sandbox, text: str, says: str) -> None:
    with pytest.raises(BadInput) as error:
        check("broken", read(text, "broken.toml"), sandbox)
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["", "Upper", "a b", "../x", "x" * 99])
def test_a_name_that_is_no_id_is_refused(sandbox: Sandbox, name: str) -> None:
    with pytest.raises(BadInput):
        check(name, read(OWNED, "owned.toml"), sandbox)


def test_a_rule_that_runs_on_is_stopped_and_the_next_one_answers(sandbox: Sandbox) -> None:
    numbers = str(list(range(150)))
    endless = f"{numbers}.all(a, {numbers}.all(b, {numbers}.all(c, {numbers}.all(d, a + b + c + d >= 0))))"
    with Sandbox(answer_s=0.3) as impatient:
        impatient.compile("true", {})
        with pytest.raises(RuleFailed):
            impatient.evaluate(endless, {}, {})
        assert impatient.evaluate("1 < 2", {}, {})


def test_a_rule_that_wants_too_much_memory_fails_and_the_next_one_answers() -> None:
    """Doubling a text of a thousand letters 24 times would take 16 GB; the process may have one."""
    bomb = f"['{'a' * 1000}']{'.map(a, a + a)' * 24}.size() == 1"
    with Sandbox(answer_s=30) as sandbox:
        with pytest.raises(RuleFailed):
            sandbox.evaluate(bomb, {}, {})
        assert sandbox.evaluate("1 == 1", {}, {})


def test_the_process_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted")
    with Sandbox() as sandbox:
        sandbox.compile("true", {})
        assert sandbox._process is not None
        environment = Path(f"/proc/{sandbox._process.pid}/environ").read_bytes()
    assert b"planted" not in environment


def test_a_rule_that_fails_is_unknown_and_counted(sandbox: Sandbox) -> None:
    failing = check("failing", read(rule("asset.tags.owner == 'me'"), "failing.toml"), sandbox)
    judge = Judge([failing], NOW)
    judged = judge.own(replace(ordinary(S3Bucket), tags={}))
    assert judged is not None
    assert judged.verdicts[failing.id].state == "unknown"
    assert "owner" in judged.verdicts[failing.id].reason
    assert judge.crashes == {failing.id: 1}


def test_a_killed_process_is_a_failed_rule_and_then_replaced(sandbox: Sandbox) -> None:
    own = Sandbox()
    with own:
        own.compile("true", {})
        assert own._process is not None
        own._process.kill()
        own._process.wait()
        with pytest.raises(RuleFailed, match="crashed"):
            own.evaluate("true", {}, {})
        assert own.evaluate("true", {}, {})


def test_every_fact_of_a_kind_is_a_variable() -> None:
    known = variables(S3Bucket)
    assert known["asset.tags"] == "map"
    assert known["asset.id"] == "string"
    assert {f"asset.{name}" for name in S3Bucket.FACTS} < known.keys()
