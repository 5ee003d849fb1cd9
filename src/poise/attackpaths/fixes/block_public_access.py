"""Block public access of a bucket, whatever its policy and lists say."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.s3 import PublicAccessBlock, S3Bucket
from poise.model.check import Fix as Texts
from poise.model.graph import EVERYONE

ALL = PublicAccessBlock(
    block_public_acls=True, ignore_public_acls=True, block_public_policy=True, restrict_public_buckets=True
)


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the bucket with every switch on, if anyone may read it."""
    if step.source.node == EVERYONE:
        for bucket in ground.of(step, S3Bucket):
            yield Change(bucket, replace(bucket, public_access_block=ALL), f"{bucket.name} blocks public access")


FIX = Fix(
    title="Block public access of the bucket",
    rules=frozenset({"granted_permission"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="S3 > {name} > Permissions > Block public access: all four settings on.",
        cli=(
            "aws s3api put-public-access-block --bucket {name} --public-access-block-configuration "
            "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        ),
        terraform=(
            'resource "aws_s3_bucket_public_access_block" "this" {\n  bucket                  = "{name}"\n'
            "  block_public_acls       = true\n  ignore_public_acls      = true\n"
            "  block_public_policy     = true\n  restrict_public_buckets = true\n}\n"
        ),
        impact="Whoever read the bucket without credentials cannot any more: websites and downloads among them.",
    ),
    residual="Whoever read the data before has them.",
)
