"""Function addresses that any web site may call from its visitors' browsers.

With `*` as allowed origin, a page of anyone reads the function's answers with the network position of the visitor.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.awslambda import FunctionUrl, LambdaFunction
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION


def evaluate(function: LambdaFunction) -> Verdict:
    if function.url is None:
        return not_applicable("the function has no address")
    if "*" in function.url.cors_origins:
        return unhealthy("every web origin may call it", seen=list(function.url.cors_origins))
    return healthy("only named web origins may call it", seen=list(function.url.cors_origins))


ADDRESS = FunctionUrl(url="https://abc123.lambda-url.eu-west-1.on.aws/", auth_type="AWS_IAM", cors_origins=())
EVERY = structs.replace(ADDRESS, cors_origins=("*",))


CHECK = Check(
    title="Lambda function URLs should name the web origins that may call them",
    asset=LambdaFunction,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Configuration, Function URL, Edit, Additional settings, CORS, Allow origin: name your sites, Save.",
        cli="aws lambda update-function-url-config --region {region} --function-name {name} --cors 'AllowOrigins=https://www.example.org'",
        terraform="""
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  authorization_type = "AWS_IAM"
  cors { allow_origins = ["https://www.example.org"] }
}
""",
        impact="Pages of other sites can no longer read its answers.",
    ),
    examples=(
        Example("none named", replace(LAMBDA_FUNCTION, url=ADDRESS), "healthy"),
        Example("every origin", replace(LAMBDA_FUNCTION, url=EVERY), "unhealthy"),
        Example("no address", LAMBDA_FUNCTION, "not_applicable"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"url": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
