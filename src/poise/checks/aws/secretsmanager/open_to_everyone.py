"""Secrets whose policy lets everyone in.

Whoever has an AWS account reads the password and signs in with it.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, replace
from poise.model.aws.secretsmanager import Secret
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, OWN, SECRET, granting
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.sharing import open_verdict


def evaluate(secret: Secret, inventory: Inventory) -> Verdict:
    return open_verdict(policy_exposed(secret.policy, secret.scope, inventory))


ACTION = "secretsmanager:GetSecretValue"
OPEN = replace(SECRET, policy=granting("*", ACTION))
FROM_ANY_SOURCE = granting("*", ACTION, {"StringLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}})

CHECK = Check(
    title="Secrets should not be open to everyone",
    asset=Secret,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the secret {name} in the Secrets Manager console, Resource permissions, Edit permissions; replace * as principal by the accounts and roles that need it.",
        cli="""
aws secretsmanager get-resource-policy --region {region} --secret-id {id}
# correct the policy in policy.json, then:
aws secretsmanager put-resource-policy --region {region} --secret-id {id} --block-public-policy --resource-policy file://policy.json
""",
        terraform="""
resource "aws_secretsmanager_secret_policy" "this" {
  secret_arn          = "{id}"
  block_public_policy = true
  policy              = data.aws_iam_policy_document.secret.json
}
""",
        impact="Who came in by the open statement is kept out.",
    ),
    examples=(
        Example("as it should be", SECRET, "healthy"),
        Example("no policy", replace(SECRET, policy=None), "healthy"),
        Example("the own account", replace(SECRET, policy=granting(OWN, ACTION)), "healthy"),
        Example("another account", replace(SECRET, policy=granting(OTHER, ACTION)), "healthy"),
        Example("everyone", OPEN, "unhealthy", "anyone"),
        Example("sources of any account", replace(SECRET, policy=FROM_ANY_SOURCE), "unhealthy", "anyone"),
        Example("not understood", replace(SECRET, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(SECRET, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
