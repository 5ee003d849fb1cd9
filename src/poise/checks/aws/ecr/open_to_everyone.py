"""Repositories whose policy lets everyone in.

Strangers pull your images with the code and the secrets in them; where they may push, your clusters run their code.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, replace
from poise.model.aws.ecr import EcrRepository
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, OWN, REPOSITORY, granting
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.sharing import open_verdict


def evaluate(repository: EcrRepository, inventory: Inventory) -> Verdict:
    return open_verdict(policy_exposed(repository.policy, repository.scope, inventory))


ACTION = "ecr:BatchGetImage"
OPEN = replace(REPOSITORY, policy=granting("*", ACTION))
FROM_ANY_SOURCE = granting("*", ACTION, {"StringLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}})

CHECK = Check(
    title="ECR repositories should not be open to everyone",
    asset=EcrRepository,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the repository {name} in the ECR console, Permissions, Edit policy JSON; replace * as principal by the accounts and roles that need it.",
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
        impact="Who came in by the open statement is kept out.",
    ),
    examples=(
        Example("as it should be", REPOSITORY, "healthy"),
        Example("no policy", replace(REPOSITORY, policy=None), "healthy"),
        Example("the own account", replace(REPOSITORY, policy=granting(OWN, ACTION)), "healthy"),
        Example("another account", replace(REPOSITORY, policy=granting(OTHER, ACTION)), "healthy"),
        Example("everyone", OPEN, "unhealthy", "anyone"),
        Example("sources of any account", replace(REPOSITORY, policy=FROM_ANY_SOURCE), "unhealthy", "anyone"),
        Example("not understood", replace(REPOSITORY, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(REPOSITORY, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
