"""Functions whose policy lets every AWS account in.

Any signed caller of any account may then run the function with its role, or even change it. Statements that only open
the function's HTTPS address are judged by the check of function URLs.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.awslambda import FunctionUrl, LambdaFunction
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.aws.exposure import Audience, Level, resource_policy_exposure
from poise.policy.aws.function_urls import is_for_address_alone, opens_signed_address


def evaluate(function: LambdaFunction) -> Verdict:
    exposure = resource_policy_exposure(function.policy, function.scope)
    grants = [grant for grant in exposure.of(Audience.ANYONE) if not is_for_address_alone(grant)]
    if grants:
        reasons = "; ".join(grant.because.text for grant in grants)
        return unhealthy(reasons, seen=[action for grant in grants for action in grant.actions])
    by_address = [one for one in exposure.of(Audience.ANYONE) if opens_signed_address(one, function.policy)]
    if by_address and function.url is not None and function.url.auth_type == "AWS_IAM":
        reasons = "; ".join(grant.because.text for grant in by_address)
        return unhealthy(f"its address takes signed calls of any account: {reasons}", seen=function.url.url)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    return healthy("the policy does not let every account in")


def _policy(action: str, **condition: object) -> dict[str, object]:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": LAMBDA_FUNCTION.id, **condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


OPEN = replace(LAMBDA_FUNCTION, policy=_policy("lambda:InvokeFunction"))
FOR_URL = replace(LAMBDA_FUNCTION, policy=_policy("lambda:InvokeFunctionUrl"))
SIGNED = FunctionUrl(url="https://abc123.lambda-url.eu-west-1.on.aws/", auth_type="AWS_IAM", cors_origins=())
UNSIGNED_ONLY = _policy("lambda:InvokeFunctionUrl", Condition={"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}})
VIA_URL = replace(
    LAMBDA_FUNCTION,
    policy=_policy("lambda:InvokeFunction", Condition={"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}),
)
OF_ACCOUNT = replace(
    LAMBDA_FUNCTION,
    policy=_policy("lambda:InvokeFunction", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
)
BROKEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "lambda:*", "Resource": "*"}],
}


CHECK = Check(
    title="Lambda functions should not be open to every account",
    asset=LambdaFunction,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Configuration, Permissions, Resource-based policy statements, and delete the statement that names everyone.",
        cli="aws lambda get-policy --region {region} --function-name {name}\naws lambda remove-permission --region {region} --function-name {name} --statement-id STATEMENT_ID",
        terraform="""
resource "aws_lambda_permission" "this" {
  function_name  = "{name}"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = "{scope}"
}
""",
        impact="Callers that rest on the statement fail; give them a statement of their own.",
    ),
    examples=(
        Example("a service of the account", LAMBDA_FUNCTION, "healthy"),
        Example("no policy", replace(LAMBDA_FUNCTION, policy=None), "healthy"),
        Example("everyone", OPEN, "unhealthy", "anyone"),
        Example("everyone of the account", OF_ACCOUNT, "healthy"),
        Example("only its address", FOR_URL, "healthy"),
        Example("its signed address, for anyone", replace(FOR_URL, url=SIGNED), "unhealthy", "any account"),
        Example("its unsigned address alone", replace(FOR_URL, url=SIGNED, policy=UNSIGNED_ONLY), "healthy"),
        Example("only through its address", VIA_URL, "healthy"),
        Example("not understood", replace(LAMBDA_FUNCTION, policy=BROKEN), "unknown"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
