"""Functions with secrets in their environment variables.

Everyone who may look at the function reads them, and so does whoever gets the code to show its environment. They end up
in templates, states and tickets.
"""

from msgspec import structs

from poise.model import Category, Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.awslambda import LambdaFunction
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION, NO_SECRETS, ONE_SECRET


def evaluate(function: LambdaFunction) -> Verdict:
    hits = function.environment.hits
    if hits:
        places = ", ".join(dict.fromkeys(hit.place for hit in hits))
        return unhealthy(f"secrets stand in {places}", seen=[f"{hit.place}: {hit.rule}" for hit in hits])
    if function.environment.unscanned:
        return unknown(f"{function.environment.unscanned:,} bytes of the variables were too much to scan")
    return healthy("no secret was seen in the environment variables")


TOO_LARGE = structs.replace(NO_SECRETS, unscanned=1000)


CHECK = Check(
    title="Lambda functions should keep secrets out of environment variables",
    asset=LambdaFunction,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html",
    evaluate=evaluate,
    category=Category.SECRET,
    fix=Fix(
        console="Store the value in Secrets Manager, let the role of the function {name} read it, fetch it in the code, delete the variable in tab Configuration, Environment variables, and replace the secret at its issuer.",
        cli="aws secretsmanager create-secret --region {region} --name {name}/api-key --secret-string file://secret.txt\naws lambda update-function-configuration --region {region} --function-name {name} --environment 'Variables={API_KEY_SECRET_ID={name}/api-key}'",
        terraform="""
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  environment {
    variables = { API_KEY_SECRET_ID = aws_secretsmanager_secret.api_key.id }
  }
}
""",
        impact="The command replaces all variables: repeat those that stay. The code must fetch the secret.",
    ),
    examples=(
        Example("none", LAMBDA_FUNCTION, "healthy"),
        Example("one", replace(LAMBDA_FUNCTION, environment=ONE_SECRET), "unhealthy", "STRIPE_SECRET"),
        Example("too large", replace(LAMBDA_FUNCTION, environment=TOO_LARGE), "unknown", "too much"),
        Example("unread", replace(LAMBDA_FUNCTION, unread={"environment": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
