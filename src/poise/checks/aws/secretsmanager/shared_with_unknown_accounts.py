"""Secrets whose policy lets other accounts in.

The other account decides itself who then reads the secret. Accounts that may be there are named in the parameter.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, replace
from poise.model.aws.secretsmanager import Secret
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, SECRET, granting
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.sharing import shared_verdict


def evaluate(secret: Secret, inventory: Inventory, trusted_accounts: tuple[str, ...]) -> Verdict:
    return shared_verdict(policy_exposed(secret.policy, secret.scope, inventory, frozenset(trusted_accounts)))


SHARED = replace(SECRET, policy=granting(OTHER, "secretsmanager:GetSecretValue"))
OPEN = replace(SECRET, policy=granting("*", "secretsmanager:GetSecretValue"))

CHECK = Check(
    title="Secrets should be shared with known accounts only",
    asset=Secret,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may be named in the policies."),),
    fix=Fix(
        console="Open the secret {name} in the Secrets Manager console, Resource permissions, Edit permissions; take out the other account, or add it to the check's trusted accounts.",
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
        impact="The other account can no longer use it; ask its owner first.",
    ),
    examples=(
        Example("as it should be", SECRET, "healthy"),
        Example("another account", SHARED, "unhealthy", FOREIGN_ACCOUNT),
        Example("a known account", SHARED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("open to everyone", OPEN, "not_applicable", "another check"),
        Example("not understood", replace(SECRET, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(SECRET, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
