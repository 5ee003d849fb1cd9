"""Repositories in which a tag can be moved to another image.

What was tested under a tag is not what runs tomorrow, and whoever may push replaces the image of every cluster that
pulls by tag.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ecr import EcrRepository
from poise.model.samples.aws_sharing import REPOSITORY

IMMUTABLE = "IMMUTABLE"


def evaluate(repository: EcrRepository) -> Verdict:
    if repository.tag_mutability.startswith(IMMUTABLE):
        return healthy("a tag stays with its image", seen=repository.tag_mutability)
    return unhealthy("a tag can be moved to another image", seen=repository.tag_mutability)


CHECK = Check(
    title="ECR repositories should keep tags with their images",
    asset=EcrRepository,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2",
    evaluate=evaluate,
    fix=Fix(
        console="Open the repository {name} in the ECR console, Edit, Image tag mutability, Immutable, Save.",
        cli="aws ecr put-image-tag-mutability --region {region} --repository-name {name} --image-tag-mutability IMMUTABLE",
        terraform="""
resource "aws_ecr_repository" "this" {
  name                 = "{name}"
  image_tag_mutability = "IMMUTABLE"
}
""",
        impact="Pipelines that push to the same tag again, such as `latest`, fail: give each build a tag of its own.",
    ),
    examples=(
        Example("immutable", REPOSITORY, "healthy"),
        Example("some excluded", replace(REPOSITORY, tag_mutability="IMMUTABLE_WITH_EXCLUSION"), "healthy"),
        Example("mutable", replace(REPOSITORY, tag_mutability="MUTABLE"), "unhealthy"),
        Example("unread", replace(REPOSITORY, unread={"tag_mutability": "denied"}), "unknown", "denied"),
    ),
)
