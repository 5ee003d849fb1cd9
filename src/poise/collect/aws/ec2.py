"""Reads Amazon EC2 and EBS in one region: machines, disks, images, interfaces, addresses and the region's defaults."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.machines.disks import images, snapshots, volumes
from poise.collect.aws.machines.instances import instances
from poise.collect.aws.machines.interfaces import addresses, interfaces
from poise.collect.aws.reading.reader import AwsReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.account import AwsRegion
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("ec2:DescribeInstances", "ec2:DescribeInstances", ("Ec2Instance",)),
    Read("ec2:DescribeInstanceAttribute", "ec2:DescribeInstanceAttribute", ("Ec2Instance.user_data",), ("UserData",)),
    Read("ec2:DescribeVolumes", "ec2:DescribeVolumes", ("EbsVolume",)),
    Read("ec2:DescribeSnapshots", "ec2:DescribeSnapshots", ("EbsSnapshot",)),
    Read(
        "ec2:DescribeSnapshotAttribute",
        "ec2:DescribeSnapshotAttribute",
        ("EbsSnapshot.shared_with_groups", "EbsSnapshot.shared_with_accounts"),
    ),
    Read("ec2:DescribeImages", "ec2:DescribeImages", ("MachineImage",)),
    Read(
        "ec2:DescribeImageAttribute",
        "ec2:DescribeImageAttribute",
        (
            "MachineImage.shared_with_groups",
            "MachineImage.shared_with_accounts",
            "MachineImage.shared_with_organizations",
        ),
    ),
    Read("ec2:DescribeNetworkInterfaces", "ec2:DescribeNetworkInterfaces", ("NetworkInterface",)),
    Read("ec2:DescribeAddresses", "ec2:DescribeAddresses", ("ElasticIp",)),
    Read(
        "ec2:GetEbsEncryptionByDefault",
        "ec2:GetEbsEncryptionByDefault",
        ("AwsRegion", "AwsRegion.ebs_encryption_by_default"),
    ),
    Read("ec2:GetEbsDefaultKmsKeyId", "ec2:GetEbsDefaultKmsKeyId", ("AwsRegion.ebs_default_key",)),
    Read(
        "ec2:GetSnapshotBlockPublicAccessState",
        "ec2:GetSnapshotBlockPublicAccessState",
        ("AwsRegion.snapshot_block_public_access",),
    ),
    Read(
        "ec2:GetInstanceMetadataDefaults",
        "ec2:GetInstanceMetadataDefaults",
        ("AwsRegion.metadata_http_tokens",),
    ),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield what EC2 has in the reader's region, and the region with its defaults."""
    yield from listed(AwsRegion, (reader.region,), partial(_region, reader))
    yield from instances(reader)
    yield from volumes(reader)
    yield from snapshots(reader)
    yield from images(reader)
    yield from interfaces(reader)
    yield from addresses(reader)


def _region(reader: AwsReader, region: str) -> Iterator[Piece]:
    ask = partial(partial, reader.get, "ec2")
    facts = Facts(AwsRegion)
    facts.set(tags={})
    facts.read(ask("GetEbsEncryptionByDefault"), ebs_encryption_by_default="EbsEncryptionByDefault")
    facts.read(ask("GetEbsDefaultKmsKeyId"), ebs_default_key="KmsKeyId")
    facts.read(ask("GetSnapshotBlockPublicAccessState"), snapshot_block_public_access="State")
    facts.read(ask("GetInstanceMetadataDefaults"), metadata_http_tokens=_http_tokens)
    arn = f"arn:{reader.partition}:account::{reader.account}:region/{region}"
    return facts.finish(id=arn, name=region, scope=reader.account, region=region)


def _http_tokens(answer: Json) -> Json:
    """Return the default; an account without one has an empty or no ``AccountLevel``."""
    tokens = (answer.get("AccountLevel") or {}).get("HttpTokens")
    return None if tokens == "no-preference" else tokens
