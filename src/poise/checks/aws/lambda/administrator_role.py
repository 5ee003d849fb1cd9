"""Functions whose role may do everything.

A hole in the code, or in one of its libraries, then is a hole in the whole account. A function needs a handful of
actions on a handful of things.
"""

from poise.model import (
    Category,
    Check,
    Example,
    Fix,
    Inventory,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.iam import IamRole
from poise.model.samples.aws_iam import ALLOW_ALL, IAM_ROLE
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.answer import Decision
from poise.policy.aws.principal import documents_of


def evaluate(function: LambdaFunction, inventory: Inventory) -> Verdict:
    role = inventory.find(IamRole, function.scope, function.role)
    if role is None:
        return not_applicable("the role does not exist any more", seen=function.role)
    answer = documents_of(role, inventory).is_admin()
    if answer.decision is Decision.DENY:
        return healthy("its role does not allow every action on every resource", seen=function.role)
    because = "; ".join(dict.fromkeys(f"{r.source}: {r.text}" for r in answer.because))
    if answer.decision is Decision.UNKNOWN:
        return unknown(f"a policy of its role cannot be understood: {because}")
    return unhealthy(f"its role {role.name} is an administrator: {because}", seen=function.role)


ROLE = replace(IAM_ROLE, id=LAMBDA_FUNCTION.role, name="charge", attached_policies=(), permissions_boundary=None)
ADMIN = replace(ROLE, inline_policies={"all": ALLOW_ALL})
BROKEN = replace(ROLE, inline_policies={"all": {"Statement": "Allow everything"}})


CHECK = Check(
    title="Lambda functions should not run as administrators",
    asset=LambdaFunction,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="Open the function {name} in the Lambda console, tab Configuration, Permissions, open its role, and replace the policy by one with the actions that the code calls. IAM Access Analyzer can make one from CloudTrail.",
        cli="aws iam list-attached-role-policies --role-name ROLE\naws iam detach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
        terraform="""
resource "aws_iam_role_policy" "this" {
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      Resource = aws_dynamodb_table.this.arn
    }]
  })
}
""",
        impact="Calls that the new policy forgets fail; compare with the last accessed information of the role first.",
    ),
    examples=(
        Example("narrow role", LAMBDA_FUNCTION, "healthy", others=(ROLE,)),
        Example("administrator", LAMBDA_FUNCTION, "unhealthy", "charge is an administrator", others=(ADMIN,)),
        Example("role gone", LAMBDA_FUNCTION, "not_applicable"),
        Example("policy not understood", LAMBDA_FUNCTION, "unknown", "cannot be understood", others=(BROKEN,)),
        Example(
            "roles unlisted", LAMBDA_FUNCTION, "unknown", "AccessDenied", unlisted={"AWS::IAM::Role": "AccessDenied"}
        ),
    ),
)
