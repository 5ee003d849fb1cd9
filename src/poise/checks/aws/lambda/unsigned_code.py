"""Functions that take any code.

With code signing, Lambda refuses code that your build did not sign: a stolen key alone then plants nothing. Images are
left out: they are signed in the registry.
"""

from poise.model import Check, Example, Fix, Severity, Status, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.awslambda import LambdaFunction
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION


def evaluate(function: LambdaFunction) -> Verdict:
    if function.package_type == "Image":
        return not_applicable("the function is an image")
    if function.code_signing is not None:
        return healthy("only signed code is taken", seen=function.code_signing)
    return unhealthy("any code is taken")


SIGNED = replace(
    LAMBDA_FUNCTION, code_signing="arn:aws:lambda:eu-west-1:111122223333:code-signing-config:csc-0f6c334abcdea4d8b"
)


CHECK = Check(
    title="Lambda functions should take signed code only",
    asset=LambdaFunction,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html",
    evaluate=evaluate,
    status=Status.EXPERIMENTAL,
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Configuration, Code signing, Edit, choose a configuration, Save.",
        cli="aws lambda put-function-code-signing-config --region {region} --function-name {name} --code-signing-config-arn CONFIG_ARN",
        terraform="""
resource "aws_lambda_function" "this" {
  function_name           = "{name}"
  code_signing_config_arn = aws_lambda_code_signing_config.this.arn
}
""",
        impact="Deployments whose code is not signed fail, if the configuration enforces it.",
    ),
    examples=(
        Example("signed", SIGNED, "healthy"),
        Example("any code", LAMBDA_FUNCTION, "unhealthy"),
        Example("image", replace(LAMBDA_FUNCTION, package_type="Image", runtime=None), "not_applicable"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"code_signing": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
