"""What authors of checks are told."""

import pytest

from poise.app import checks
from poise.app.skeletons import skeleton
from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy
from poise.model.aws.s3 import S3Bucket
from poise.model.errors import UsageError
from poise.model.samples.aws import S3_BUCKET


def evaluate(bucket: S3Bucket, days: int) -> Verdict:
    return healthy(f"{bucket.versioning} for {days} days | <b>")


def check(**changes):
    fields = {
        "title": "S3 buckets should be as they are",
        "asset": S3Bucket,
        "severity": Severity.LOW,
        "since": "0.1",
        "source": "https://example.org/page",
        "evaluate": evaluate,
        "fix": Fix(console="Look.", cli="true", terraform="none", impact="None."),
        "examples": tuple(Example(state, S3_BUCKET, state) for state in ("healthy", "unhealthy", "unknown")),
        "parameters": (Parameter("days", 3, "How long."),),
        "id": "aws.s3.as_it_is",
        "risk": "It is as it is.",
    }
    return Check(**(fields | changes))


def test_a_whole_check_has_no_faults():
    assert checks.faults(check()) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"examples": (Example("a", S3_BUCKET, "healthy"),)}, "no example is unhealthy, unknown"),
        ({"examples": (Example("a", S3_BUCKET, "healthy"),) * 2}, "two examples have one name"),
        ({"risk": " "}, "the docstring of the file says no risk"),
        ({"title": "S3 buckets"}, "the title does not say what should be"),
        ({"title": "S3 buckets should be."}, "the title ends with a dot"),
        ({"source": "page 3"}, "the source is no web address"),
        ({"fix": Fix(console="Look.", cli=" ", terraform="none")}, "a fix text is empty"),
        ({"parameters": ()}, "which is not a declared parameter"),
    ],
)
def test_each_fault_is_told_to_the_author(changes, fault):
    assert any(fault in found for found in checks.faults(check(**changes)))


def test_an_example_with_another_reason_than_it_names_is_red(monkeypatch):
    one = check(examples=(Example("a", S3_BUCKET, "healthy", "for 4 days"),))
    monkeypatch.setattr("poise.app.checks.chosen", lambda *ids: (one,))

    (run,) = checks.run_examples()
    assert run.verdict.state == "healthy"
    assert not run.is_right


def test_page_of_a_check_shows_parameters_and_escapes_reasons():
    page = checks.render(check())

    assert "| `days` | `3` | How long. |" in page
    assert "for 3 days \\| &lt;b>" in page
    assert "### Impact" in page


def test_a_skeleton_is_python_that_names_record_and_sample():
    text = skeleton("aws.iam.user_without_hat", "IamUser")

    compile(text, "check.py", "exec")
    assert "asset=IamUser" in text
    assert "from poise.model.samples.aws_iam import IAM_USER" in text


def test_a_service_without_records_asks_for_one():
    with pytest.raises(UsageError, match="--asset"):
        skeleton("aws.nothing.there")


def test_parameters_of_a_check_that_there_is_not_are_refused():
    with pytest.raises(UsageError, match="There is no check"):
        checks.parameter_settings({"aws.s3.nonsense": {"days": 1}}, {})
    with pytest.raises(UsageError, match="Expected a table"):
        checks.parameter_settings({"aws.s3.versioning_off": 3}, {})
