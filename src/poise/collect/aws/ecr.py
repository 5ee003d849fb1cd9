"""Reads Amazon Elastic Container Registry: private repositories, not the images in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.aws.reading.spread import listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.ecr import EcrRepository
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("ecr:DescribeRepositories", "ecr:DescribeRepositories", ("EcrRepository",)),
    Read("ecr:GetRepositoryPolicy", "ecr:GetRepositoryPolicy", ("EcrRepository.policy",)),
    Read("ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicy", ("EcrRepository.lifecycle_policy",)),
    Read("ecr:ListTagsForResource", "ecr:ListTagsForResource", ("EcrRepository.tags",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the repositories of a region, then the state of the listing."""
    found = reader.pages("ecr", "DescribeRepositories", "repositories")
    yield from listed_each(reader, EcrRepository, found, partial(_repository, reader))


def _repository(reader: AwsReader, item: Json) -> list[Piece]:
    name = item["repositoryName"]
    facts = Facts(EcrRepository)
    facts.pick(
        "ecr:DescribeRepositories",
        item,
        uri="repositoryUri",
        created=lambda i: as_text(i["createdAt"]),
        tag_mutability="imageTagMutability",
        scan_on_push=lambda i: bool(i["imageScanningConfiguration"]["scanOnPush"]),
        encryption_type="encryptionConfiguration.encryptionType",
        encryption_key="encryptionConfiguration.kmsKey",
    )
    facts.read(
        partial(reader.get, "ecr", "GetRepositoryPolicy", repositoryName=name),
        {"RepositoryPolicyNotFoundException": None},
        policy=lambda a: policy_document(a["policyText"]),
    )
    facts.read(
        partial(reader.get, "ecr", "GetLifecyclePolicy", repositoryName=name),
        {"LifecyclePolicyNotFoundException": None},
        lifecycle_policy=lambda a: policy_document(a["lifecyclePolicyText"]),
    )
    arn = item["repositoryArn"]
    facts.read(partial(reader.get, "ecr", "ListTagsForResource", resourceArn=arn), tags=lambda a: tags_of(a["tags"]))
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=reader.region))
