"""Functions that anyone can call by an HTTPS address.

The address is not secret: certificates, logs and history give it away. Whoever calls it runs your code with the
function's role, and you pay. Without authentication the function itself must check every caller.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.awslambda import FunctionUrl, LambdaFunction
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.aws.exposure import Level, resource_policy_exposure
from poise.policy.globs import matches


def evaluate(function: LambdaFunction) -> Verdict:
    if function.url is None:
        return healthy("the function has no address")
    if function.url.auth_type != "NONE":
        return healthy("callers must sign their requests", seen=function.url.auth_type)
    exposure = resource_policy_exposure(function.policy, function.scope)
    if exposure.is_public and _opens_url(exposure.actions):
        reasons = "; ".join(reason.text for reason in exposure.because)
        return unhealthy(f"{function.url.url} answers without authentication: {reasons}", seen=function.url.auth_type)
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    return healthy("the address asks for no signature, but the function's policy lets nobody in")


def _opens_url(actions: tuple[str, ...]) -> bool:
    """Say whether action patterns hold the call by address; those with a leading `!` are left out of all."""
    left_out = [action[1:] for action in actions if action.startswith("!")]
    if left_out and not any(matches(action, CALL) for action in left_out):
        return True
    return any(matches(action, CALL) for action in actions)


CALL = "lambda:invokefunctionurl"
OPEN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "FunctionURLAllowPublicAccess",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "lambda:InvokeFunctionUrl",
            "Resource": LAMBDA_FUNCTION.id,
            "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        }
    ],
}
ANYONE = {"Effect": "Allow", "Principal": "*", "Resource": LAMBDA_FUNCTION.id}
ALL_ACTIONS = {"Version": "2012-10-17", "Statement": [{**ANYONE, "Action": "lambda:Invoke*"}]}
ALL_BUT_DELETE = {"Version": "2012-10-17", "Statement": [{**ANYONE, "NotAction": "lambda:DeleteFunction"}]}
OTHER_ACTION = {"Version": "2012-10-17", "Statement": [{**ANYONE, "Action": "lambda:GetFunction"}]}
ADDRESS = FunctionUrl(url="https://abc123.lambda-url.eu-west-1.on.aws/", auth_type="NONE", cors_origins=())
OPEN = replace(LAMBDA_FUNCTION, url=ADDRESS, policy=OPEN_POLICY)
SIGNED = structs.replace(ADDRESS, auth_type="AWS_IAM")
BROKEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": 7, "Action": "lambda:*", "Resource": "*"}],
}


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
        Example("open by all actions", replace(OPEN, policy=ALL_ACTIONS), "unhealthy", "lambda-url"),
        Example("open by all but one", replace(OPEN, policy=ALL_BUT_DELETE), "unhealthy", "lambda-url"),
        Example("only other calls", replace(OPEN, policy=OTHER_ACTION), "healthy", "nobody"),
        Example("signed", replace(OPEN, url=SIGNED), "healthy", "sign"),
        Example("policy lets nobody in", replace(LAMBDA_FUNCTION, url=ADDRESS, policy=None), "healthy", "nobody"),
        Example("policy for a service", replace(LAMBDA_FUNCTION, url=ADDRESS), "healthy", "nobody"),
        Example("policy not understood", replace(OPEN, policy=BROKEN), "unknown"),
        Example("policy unread", replace(OPEN, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"url": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
