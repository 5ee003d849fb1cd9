"""Repositories whose policy lets other accounts in.

The other account decides itself who then pulls or pushes images. Accounts that may be there are named in the
parameter.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, replace
from poise.model.aws.ecr import EcrRepository
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, REPOSITORY, granting
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.sharing import shared_verdict


def evaluate(repository: EcrRepository, inventory: Inventory, trusted_accounts: tuple[str, ...]) -> Verdict:
    return shared_verdict(policy_exposed(repository.policy, repository.scope, inventory, frozenset(trusted_accounts)))


SHARED = replace(REPOSITORY, policy=granting(OTHER, "ecr:BatchGetImage"))
OPEN = replace(REPOSITORY, policy=granting("*", "ecr:BatchGetImage"))

CHECK = Check(
    title="ECR repositories should be shared with known accounts only",
    asset=EcrRepository,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may be named in the policies."),),
    fix=Fix(
        console="Open the repository {name} in the ECR console, Permissions, Edit policy JSON; take out the other account, or add it to the check's trusted accounts.",
        cli="""
aws ecr get-repository-policy --region {region} --repository-name {name}
# correct the policy in policy.json, then:
aws ecr set-repository-policy --region {region} --repository-name {name} --policy-text file://policy.json
""",
        terraform="""
resource "aws_ecr_repository_policy" "this" {
  repository = "{name}"
  policy     = data.aws_iam_policy_document.repository.json
}
""",
        impact="The other account can no longer use it; ask its owner first.",
    ),
    examples=(
        Example("as it should be", REPOSITORY, "healthy"),
        Example("another account", SHARED, "unhealthy", FOREIGN_ACCOUNT),
        Example("a known account", SHARED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("open to everyone", OPEN, "not_applicable", "another check"),
        Example("not understood", replace(REPOSITORY, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(REPOSITORY, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
