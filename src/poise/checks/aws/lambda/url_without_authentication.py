"""Functions that anyone can call by an HTTPS address.

The address is not secret: certificates, logs and history give it away. Whoever calls it runs your code with the
function's role, and you pay. Without authentication the function itself must check every caller.
"""

from msgspec import structs

from poise.model import Check, Document, Example, Fix, Severity, State, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.awslambda import AliasUrl, FunctionUrl, LambdaFunction
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.aws.exposure import Level
from poise.policy.aws.function_urls import function_url_exposure


def evaluate(function: LambdaFunction) -> Verdict:
    asks_policy = function.url is not None and function.url.auth_type == "NONE"
    own = _judged(function.url, function.policy if asks_policy else None, function.scope)
    if own.state is State.UNHEALTHY:
        return own
    aliases = [_judged(alias.url, alias.policy, function.scope) for alias in function.alias_urls]
    open_ones = [verdict for verdict in aliases if verdict.state is State.UNHEALTHY]
    doubtful = [verdict for verdict in (own, *aliases) if verdict.state is State.UNKNOWN]
    return (open_ones or doubtful or [own])[0]


def _judged(url: FunctionUrl | None, policy: Document | None, account: str) -> Verdict:
    if url is None:
        return healthy("the function has no address")
    exposure = function_url_exposure(url.auth_type, policy, account)
    reasons = "; ".join(reason.text for reason in exposure.because)
    if exposure.is_public:
        return unhealthy(f"{url.url} answers without authentication: {reasons}", seen=url.url)
    return unknown(reasons) if exposure.level is Level.UNKNOWN else healthy(reasons, seen=url.auth_type)


def _policy(principal: object) -> Document:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "lambda:InvokeFunctionUrl", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


ADDRESS = FunctionUrl(url="https://abc123.lambda-url.eu-west-1.on.aws/", auth_type="NONE", cors_origins=())
OPEN = replace(LAMBDA_FUNCTION, url=ADDRESS, policy=_policy("*"))
SIGNED = replace(OPEN, url=structs.replace(ADDRESS, auth_type="AWS_IAM"))
LIVE = AliasUrl(alias="live", url=ADDRESS, policy=_policy("*"))
OPEN_ALIAS = replace(LAMBDA_FUNCTION, alias_urls=(LIVE,))
SHUT_ALIAS = replace(LAMBDA_FUNCTION, alias_urls=(structs.replace(LIVE, policy=None),))
BROKEN_ALIAS = replace(LAMBDA_FUNCTION, alias_urls=(structs.replace(LIVE, policy=_policy(7)),))

CHECK = Check(
    title="Lambda function URLs should authenticate callers",
    asset=LambdaFunction,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Configuration, Function URL, Edit, Auth type AWS_IAM, Save; then Permissions, and remove the statement that names everyone.",
        cli="aws lambda update-function-url-config --region {region} --function-name {name} --auth-type AWS_IAM\naws lambda remove-permission --region {region} --function-name {name} --statement-id FunctionURLAllowPublicAccess",
        terraform="""
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  authorization_type = "AWS_IAM"
}
""",
        impact="Callers that do not sign requests get 403. For browsers and webhooks put API Gateway or CloudFront with an authorizer before the function.",
    ),
    examples=(
        Example("no address", LAMBDA_FUNCTION, "healthy", "no address"),
        Example("open", OPEN, "unhealthy", "lambda-url"),
        Example("signed", SIGNED, "healthy", "sign"),
        Example("policy lets nobody in", replace(LAMBDA_FUNCTION, url=ADDRESS), "healthy"),
        Example("policy not understood", replace(OPEN, policy=_policy(7)), "unknown"),
        Example("policy unread", replace(OPEN, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("signed, policy unread", replace(SIGNED, unread={"policy": "AccessDenied"}), "healthy", "sign"),
        Example("open alias", OPEN_ALIAS, "unhealthy", "lambda-url"),
        Example("alias whose policy lets nobody in", SHUT_ALIAS, "healthy"),
        Example("alias not understood", BROKEN_ALIAS, "unknown"),
        Example("aliases unread", replace(SIGNED, unread={"alias_urls": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("open, aliases unread", replace(OPEN, unread={"alias_urls": "AccessDenied"}), "unhealthy"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"url": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
