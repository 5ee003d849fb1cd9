"""Reads disks, the copies of them, and the images made of copies. Copies and images of others are not listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.aws.reading.spread import Place, listed_each, name_of
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume, MachineImage

NO_VOLUME = "vol-ffffffff"
"""Stands where a snapshot is a copy and its volume is not known (EBS User Guide, Copy a snapshot)."""


def volumes(reader: AwsReader) -> Iterator[Piece]:
    """Yield the disks of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeVolumes", "Volumes", MaxResults=1000)
    return listed(EbsVolume, items, partial(_volume, Place.of(reader)))


def snapshots(reader: AwsReader) -> Iterator[Piece]:
    """Yield the own copies of disks in a region, then the state of their listing."""
    # The owner is named twice: an emulator may heed the filter alone, and one call a snapshot follows.
    owned = {"OwnerIds": ["self"], "Filters": [{"Name": "owner-id", "Values": [reader.account]}]}
    items = reader.pages("ec2", "DescribeSnapshots", "Snapshots", MaxResults=1000, **owned)
    return listed_each(reader, EbsSnapshot, items, partial(_snapshot, reader, Place.of(reader)))


def images(reader: AwsReader) -> Iterator[Piece]:
    """Yield the own images in a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeImages", "Images", Owners=["self"], MaxResults=1000)
    return listed_each(reader, MachineImage, items, partial(_image, reader, Place.of(reader)))


def _volume(place: Place, item: Json) -> Iterator[Piece]:
    id = item["VolumeId"]
    facts = Facts(EbsVolume)
    facts.pick(
        "ec2:DescribeVolumes",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        encrypted="Encrypted",
        key="KmsKeyId",
        state="State",
        size_gib="Size",
        type="VolumeType",
        snapshot=lambda i: place.arn_or_none("snapshot", i.get("SnapshotId")),
        created=lambda i: as_text(i["CreateTime"]),
        instances=lambda i: place.arns("instance", (a["InstanceId"] for a in i["Attachments"] if a.get("InstanceId"))),
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("volume", id), name=name, scope=place.account, region=place.region)


def _snapshot(reader: AwsReader, place: Place, item: Json) -> Iterator[Piece]:
    id = item["SnapshotId"]
    facts = Facts(EbsSnapshot)
    facts.pick(
        "ec2:DescribeSnapshots",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        encrypted="Encrypted",
        key="KmsKeyId",
        volume=lambda i: place.arn_or_none("volume", _volume_id(i)),
        size_gib="VolumeSize",
        created=lambda i: as_text(i["StartTime"]),
    )
    facts.read(
        partial(reader.get, "ec2", "DescribeSnapshotAttribute", SnapshotId=id, Attribute="createVolumePermission"),
        shared_with_groups=_named("CreateVolumePermissions", "Group"),
        shared_with_accounts=_named("CreateVolumePermissions", "UserId"),
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("snapshot", id), name=name, scope=place.account, region=place.region)


def _volume_id(item: Json) -> str | None:
    id = item.get("VolumeId")
    return None if id == NO_VOLUME else id


def _image(reader: AwsReader, place: Place, item: Json) -> Iterator[Piece]:
    id = item["ImageId"]
    facts = Facts(MachineImage)
    facts.pick(
        "ec2:DescribeImages",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        public="Public",
        created="CreationDate",
        deprecated="DeprecationTime",
        imds_support="ImdsSupport",
        snapshots=lambda i: place.arns("snapshot", _snapshot_ids(i)),
    )
    permissions = "LaunchPermissions"
    facts.read(
        partial(reader.get, "ec2", "DescribeImageAttribute", ImageId=id, Attribute="launchPermission"),
        shared_with_groups=_named(permissions, "Group"),
        shared_with_accounts=_named(permissions, "UserId"),
        shared_with_organizations=lambda a: [
            *_named(permissions, "OrganizationArn")(a),
            *_named(permissions, "OrganizationalUnitArn")(a),
        ],
    )
    name = item.get("Name") or id
    return facts.finish(id=place.arn("image", id), name=name, scope=place.account, region=place.region)


def _snapshot_ids(item: Json) -> Iterator[str]:
    disks = (mapping.get("Ebs") or {} for mapping in item["BlockDeviceMappings"])
    return (disk["SnapshotId"] for disk in disks if disk.get("SnapshotId"))


def _named(key: str, kind: str) -> Callable[[Json], list[str]]:
    """Return a function that takes the permissions of one kind out of an answer."""
    return lambda answer: [permission[kind] for permission in answer[key] if permission.get(kind)]
