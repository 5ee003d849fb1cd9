"""Functions on a runtime that AWS no longer supports.

Holes that are found in the language or its libraries stay open. After some months the function can no longer be
changed either, just when it must be.
"""

from datetime import UTC, datetime, timedelta

from poise.model import (
    Check,
    Example,
    Fix,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.lambda_runtimes import AS_OF, SUPPORT_ENDS
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION


def evaluate(function: LambdaFunction, now: datetime, warn_days: int) -> Verdict:
    if function.runtime is None:
        return not_applicable("the function is an image, which brings its own runtime")
    end = SUPPORT_ENDS.get(function.runtime)
    if end is None:
        return unknown(f"{function.runtime} is not in the table of runtimes of {AS_OF}")
    if now >= end:
        return unhealthy(f"support of {function.runtime} ended on {end:%Y-%m-%d}", seen=function.runtime)
    warned = end - timedelta(days=warn_days)
    if now >= warned:
        return unhealthy(f"support of {function.runtime} ends on {end:%Y-%m-%d}", function.runtime, next_change_at=end)
    return healthy(f"{function.runtime} is supported until {end:%Y-%m-%d}", function.runtime, next_change_at=warned)


IMAGE = replace(LAMBDA_FUNCTION, package_type="Image", runtime=None, handler=None)
SOON = datetime(2029, 6, 1, tzinfo=UTC)


CHECK = Check(
    title="Lambda functions should run on a supported runtime",
    asset=LambdaFunction,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    evaluate=evaluate,
    parameters=(
        Parameter("warn_days", 0, "Days before the end of support from which it is reported.", lowest=0, highest=365),
    ),
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Code, Runtime settings, Edit, choose a newer runtime, Save. Test it as a new version first.",
        cli="aws lambda update-function-configuration --region {region} --function-name {name} --runtime python3.13",
        terraform="""
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  runtime       = "python3.13"
}
""",
        impact="Code or libraries may not run on the newer version. Publish a version before, so that the alias can go back.",
    ),
    examples=(
        Example("supported", LAMBDA_FUNCTION, "healthy", "2029-06-30"),
        Example("ended", replace(LAMBDA_FUNCTION, runtime="python3.7"), "unhealthy", "ended on 2023-12-04"),
        Example("ends soon", LAMBDA_FUNCTION, "unhealthy", "ends on", now=SOON, parameters={"warn_days": 60}),
        Example("ends soon, not asked for", LAMBDA_FUNCTION, "healthy", now=SOON),
        Example("image", IMAGE, "not_applicable"),
        Example("newer than the table", replace(LAMBDA_FUNCTION, runtime="python3.99"), "unknown", "python3.99"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"runtime": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
