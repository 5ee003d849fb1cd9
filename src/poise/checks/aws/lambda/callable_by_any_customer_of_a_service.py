"""Functions that a service may call for any of its customers.

Without a condition on the source, somebody else's bucket, topic or rule can make the service call your function: the
service is its confused deputy. Services that always say for whom they act are judged.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.awslambda import LambdaFunction
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.aws.exposure import Level, resource_policy_exposure

SAYING_SOURCE = frozenset(
    {
        "apigateway.amazonaws.com",
        "config.amazonaws.com",
        "cognito-idp.amazonaws.com",
        "events.amazonaws.com",
        "iot.amazonaws.com",
        "s3.amazonaws.com",
        "ses.amazonaws.com",
        "sns.amazonaws.com",
        "scheduler.amazonaws.com",
    }
)
"""Services that send `aws:SourceArn` or `aws:SourceAccount` (their own guides, read in 2026)."""


def evaluate(function: LambdaFunction) -> Verdict:
    exposure = resource_policy_exposure(function.policy, function.scope)
    services = [service for service in exposure.unconfined_services if service in SAYING_SOURCE]
    if services:
        return unhealthy(f"{', '.join(services)} may call it for any customer", seen=services)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    return healthy("every service in the policy is bound to a source")


def _policy(service: str) -> dict[str, object]:
    principal = {"Service": service}
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": LAMBDA_FUNCTION.id,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


BROKEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "lambda:*", "Resource": "*"}],
}


CHECK = Check(
    title="Lambda functions should be called by services for known sources only",
    asset=LambdaFunction,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Configuration, Permissions, open the statement of the service, and give it a source ARN or a source account.",
        cli="aws lambda remove-permission --region {region} --function-name {name} --statement-id STATEMENT_ID\naws lambda add-permission --region {region} --function-name {name} --statement-id STATEMENT_ID --action lambda:InvokeFunction --principal SERVICE --source-account {scope} --source-arn SOURCE_ARN",
        terraform="""
resource "aws_lambda_permission" "this" {
  function_name  = "{name}"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = "{scope}"
  source_arn     = aws_s3_bucket.this.arn
}
""",
        impact="Sources that are not named can no longer call the function.",
    ),
    examples=(
        Example("bound to the account", LAMBDA_FUNCTION, "healthy"),
        Example("no policy", replace(LAMBDA_FUNCTION, policy=None), "healthy"),
        Example(
            "any bucket", replace(LAMBDA_FUNCTION, policy=_policy("s3.amazonaws.com")), "unhealthy", "s3.amazonaws.com"
        ),
        Example(
            "a service that names no source",
            replace(LAMBDA_FUNCTION, policy=_policy("elasticloadbalancing.amazonaws.com")),
            "healthy",
        ),
        Example("not understood", replace(LAMBDA_FUNCTION, policy=BROKEN), "unknown"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
