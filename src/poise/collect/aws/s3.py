"""Reads Amazon S3 buckets.

A bucket that has no policy, website, encryption ... answers with an error code of its own; those codes mean
"there is none" and are listed beside each call (Amazon S3 API reference, List of error codes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.aws.reading.spread import listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.s3 import S3Bucket
from poise.model.errors import NotRead
from poise.model.listing import Read

PER_REGION = False
READS = (
    Read("s3:ListBuckets", "s3:ListAllMyBuckets", ("S3Bucket",)),
    Read("s3:GetBucketLocation", "s3:GetBucketLocation", ("S3Bucket",)),
    Read("s3:GetBucketPolicy", "s3:GetBucketPolicy", ("S3Bucket.policy",)),
    Read("s3:GetBucketAcl", "s3:GetBucketAcl", ("S3Bucket.acl",)),
    Read("s3:GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", ("S3Bucket.object_ownership",)),
    Read("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", ("S3Bucket.public_access_block",)),
    Read(
        "s3:GetBucketEncryption",
        "s3:GetEncryptionConfiguration",
        ("S3Bucket.encryption", "S3Bucket.encryption_key"),
    ),
    Read("s3:GetBucketVersioning", "s3:GetBucketVersioning", ("S3Bucket.versioning", "S3Bucket.mfa_delete")),
    Read("s3:GetBucketLogging", "s3:GetBucketLogging", ("S3Bucket.logging_target",)),
    Read("s3:GetBucketWebsite", "s3:GetBucketWebsite", ("S3Bucket.website",)),
    Read("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", ("S3Bucket.object_lock",)),
    Read("s3:GetBucketReplication", "s3:GetReplicationConfiguration", ("S3Bucket.replication",)),
    Read("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", ("S3Bucket.lifecycle_rules",)),
    Read(
        "s3:GetBucketNotificationConfiguration",
        "s3:GetBucketNotification",
        ("S3Bucket.notification_targets",),
    ),
    Read("s3:GetBucketTagging", "s3:GetBucketTagging", ("S3Bucket.tags",)),
)
PAGE = 1000
"""Buckets a page."""


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield every bucket of the account, then the state of the listing."""
    # With any argument the answer names each bucket's region (Amazon S3 API reference, ListBuckets).
    buckets = reader.pages("s3", "ListBuckets", "Buckets", MaxBuckets=PAGE)
    yield from listed_each(reader, S3Bucket, buckets, partial(_bucket, reader))


def _bucket(reader: AwsReader, item: Json) -> list[Piece]:
    name = item["Name"]
    region = _region(reader, item)
    facts = Facts(S3Bucket)
    facts.pick("s3:ListBuckets", item, created=lambda i: as_text(i["CreationDate"]))
    ask = _Asking(reader.in_region(region), name)
    _read_access(facts, ask)
    _read_protection(facts, ask)
    _read_flows(facts, ask)
    arn = f"arn:{reader.partition}:s3:::{name}"
    return list(facts.finish(id=arn, name=name, scope=reader.account, region=region))


@dataclass(frozen=True)
class _Asking:
    """Makes the calls about one bucket."""

    reader: AwsReader
    bucket: str

    def __call__(self, operation: str) -> Callable[[], Json]:
        return partial(self.reader.get, "s3", operation, Bucket=self.bucket)


def _region(reader: AwsReader, item: Json) -> str:
    if item.get("BucketRegion"):
        return str(item["BucketRegion"])
    try:
        answer = reader.get("s3", "GetBucketLocation", Bucket=item["Name"])
    except NotRead:
        # The other calls are then made in the home region, where S3 redirects to the right one.
        return reader.region
    constraint = str(answer.get("LocationConstraint") or "")
    # Old names (Amazon S3 API reference, GetBucketLocation).
    return {"": "us-east-1", "EU": "eu-west-1"}.get(constraint, constraint)


def _read_access(facts: Facts[S3Bucket], ask: _Asking) -> None:
    none = {"NoSuchBucketPolicy": None}
    facts.read(ask("GetBucketPolicy"), none, policy=lambda a: policy_document(a["Policy"]))
    facts.read(
        ask("GetBucketAcl"),
        acl=lambda a: [
            {
                "grantee": g["Grantee"].get("URI") or g["Grantee"].get("ID") or "",
                "permission": g["Permission"],
            }
            for g in a["Grants"]
        ],
    )
    facts.read(
        ask("GetBucketOwnershipControls"),
        {"OwnershipControlsNotFoundError": None},
        object_ownership=lambda a: a["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
    )
    facts.read(
        ask("GetPublicAccessBlock"),
        {"NoSuchPublicAccessBlockConfiguration": None},
        public_access_block=lambda a: access_block(a["PublicAccessBlockConfiguration"]),
    )


def access_block(flags: Json) -> Json:
    """Return the four flags; one that is not in the answer is off (Amazon S3 API, PublicAccessBlockConfiguration)."""
    return {
        "block_public_acls": flags.get("BlockPublicAcls", False),
        "ignore_public_acls": flags.get("IgnorePublicAcls", False),
        "block_public_policy": flags.get("BlockPublicPolicy", False),
        "restrict_public_buckets": flags.get("RestrictPublicBuckets", False),
    }


def _read_protection(facts: Facts[S3Bucket], ask: _Asking) -> None:
    def rule(answer: Json) -> Json:
        return answer["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"]

    facts.read(
        ask("GetBucketEncryption"),
        {"ServerSideEncryptionConfigurationNotFoundError": None},
        encryption=lambda a: rule(a)["SSEAlgorithm"],
        encryption_key=lambda a: rule(a).get("KMSMasterKeyID"),
    )
    facts.read(
        ask("GetBucketVersioning"),
        versioning="Status",
        mfa_delete=lambda a: a.get("MFADelete") == "Enabled",
    )
    facts.read(
        ask("GetObjectLockConfiguration"),
        {"ObjectLockConfigurationNotFoundError": False},
        object_lock=lambda a: a["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled",
    )
    facts.read(ask("GetBucketTagging"), {"NoSuchTagSet": {"tags": {}}}, tags=lambda a: tags_of(a["TagSet"]))


def _read_flows(facts: Facts[S3Bucket], ask: _Asking) -> None:
    facts.read(ask("GetBucketLogging"), logging_target="LoggingEnabled.TargetBucket")
    facts.read(ask("GetBucketWebsite"), {"NoSuchWebsiteConfiguration": False}, website=bool)
    facts.read(
        ask("GetBucketReplication"),
        {"ReplicationConfigurationNotFoundError": {"replication": ()}},
        replication=lambda a: [
            r["Destination"]["Bucket"] for r in a["ReplicationConfiguration"]["Rules"] if r.get("Status") == "Enabled"
        ],
    )
    facts.read(
        ask("GetBucketLifecycleConfiguration"),
        {"NoSuchLifecycleConfiguration": 0},
        lifecycle_rules=lambda a: sum(r.get("Status") == "Enabled" for r in a["Rules"]),
    )
    facts.read(ask("GetBucketNotificationConfiguration"), notification_targets=_targets)


def _targets(answer: Json) -> list[str]:
    lists = (
        ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
        ("QueueConfigurations", "QueueArn"),
        ("TopicConfigurations", "TopicArn"),
    )
    return [entry[key] for name, key in lists for entry in answer.get(name) or ()]
