"""Repositories whose images nobody scans when they are pushed.

A fault that is known for years is then found by whoever attacks the container, not before it runs. Registries that scan
continuously do so for all their repositories; this setting is the one of a single repository.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ecr import EcrRepository
from poise.model.samples.aws_sharing import REPOSITORY


def evaluate(repository: EcrRepository) -> Verdict:
    if repository.scan_on_push:
        return healthy("images are scanned when they are pushed", seen=repository.scan_on_push)
    return unhealthy("images are not scanned when they are pushed", seen=repository.scan_on_push)


CHECK = Check(
    title="ECR repositories should scan images when they are pushed",
    asset=EcrRepository,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-1",
    evaluate=evaluate,
    fix=Fix(
        console="In the ECR console, Private registry, Scanning, choose a scan on push for the repository {name}.",
        cli="aws ecr put-image-scanning-configuration --region {region} --repository-name {name} "
        "--image-scanning-configuration scanOnPush=true",
        terraform="""
resource "aws_ecr_repository" "this" {
  name = "{name}"
  image_scanning_configuration {
    scan_on_push = true
  }
}
""",
    ),
    examples=(
        Example("scanned", REPOSITORY, "healthy"),
        Example("not scanned", replace(REPOSITORY, scan_on_push=False), "unhealthy"),
        Example("unread", replace(REPOSITORY, unread={"scan_on_push": "denied"}), "unknown", "denied"),
    ),
)
