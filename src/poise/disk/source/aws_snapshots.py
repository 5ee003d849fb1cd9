"""Snapshots of the disks of EC2 machines: made and tagged, waited for, always deleted; or the newest that there are.

Every snapshot of ours carries the tag :data:`TAG`; nothing without it is ever deleted. A machine or volume with the
tag :data:`EXCLUDE` is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from poise.disk.source.block import BlockUnread, Excluded
from poise.disk.source.ebs import GIB
from poise.model.listing import Read

TAG, EXCLUDE = "poise:disk-scan", "poise:exclude"
READS = (
    Read("ec2:DescribeInstances", "ec2:DescribeInstances", ("Machine",)),
    Read("ec2:DescribeVolumes", "ec2:DescribeVolumes", ("Machine",)),
    Read("ec2:DescribeSnapshots", "ec2:DescribeSnapshots", ("Machine",)),
    Read("ec2:CreateSnapshots", "ec2:CreateSnapshots", ("Machine",)),
    Read("ec2:CreateSnapshots", "ec2:CreateTags", ("Machine",)),
    Read("ebs:ListSnapshotBlocks", "ebs:ListSnapshotBlocks", ("Machine",)),
    Read("ebs:ListChangedBlocks", "ebs:ListChangedBlocks", ("Machine",)),
    Read("ebs:GetSnapshotBlock", "ebs:GetSnapshotBlock", ("Machine",)),
    Read("kms:Decrypt", "kms:Decrypt", ("Machine",)),
    Read("kms:DescribeKey", "kms:DescribeKey", ("Machine",)),
    Read("ec2:DeleteSnapshot", "ec2:DeleteSnapshot", ("Machine",)),
)
"""What scanning the disks of an account calls; `kms` for encrypted ones, by EBS in our name."""
FAULTS = (ClientError, BotoCoreError)
log = structlog.get_logger()


@dataclass(frozen=True)
class Volume:
    """A disk of a machine."""

    id: str
    device: str
    """`/dev/sda1`, as EC2 names it."""
    size_gib: int
    tags: Mapping[str, str]

    @property
    def is_excluded(self) -> bool:
        """Whether its tag says that it is not to be touched."""
        return EXCLUDE in self.tags


@dataclass(frozen=True)
class Instance:
    """A machine and its disks, the root first."""

    id: str
    arn: str
    account: str
    name: str
    tags: Mapping[str, str]
    volumes: tuple[Volume, ...]

    @property
    def is_excluded(self) -> bool:
        """Whether its tag says that it is not to be touched."""
        return EXCLUDE in self.tags


@dataclass(frozen=True)
class Snapshot:
    """A copy of a disk."""

    id: str
    volume: str
    size_gib: int
    created: datetime


@dataclass(frozen=True)
class Waiting:
    """How long a snapshot is waited for, and how."""

    sleep: Callable[[float], None]
    step_s: float = 5.0
    most_s: float = 3600.0


@dataclass(frozen=True)
class AwsSnapshots:
    """The snapshots of one region of an account."""

    ec2: Any
    region: str
    partition: str = "aws"

    def instance(self, id: str) -> Instance:
        """Return a machine with its disks; raises `BlockUnread`."""
        for reservation in self._pages("describe_instances", "Reservations", InstanceIds=[id]):
            for found in reservation["Instances"]:
                return self._instance(found, str(reservation["OwnerId"]))
        raise BlockUnread(id, f"there is no instance {id} in {self.region}")

    def snapshot(self, id: str) -> Snapshot:
        """Return one snapshot; raises `BlockUnread`."""
        for found in self._pages("describe_snapshots", "Snapshots", SnapshotIds=[id]):
            return _snapshot(found)
        raise BlockUnread(id, f"there is no snapshot {id} in {self.region}")

    def owner(self, snapshot: str) -> Instance | None:
        """Return the machine whose disk a snapshot was taken of, or None if that cannot be told."""
        try:
            volume = self.snapshot(snapshot).volume
            for found in self._pages("describe_volumes", "Volumes", VolumeIds=[volume]):
                for attached in found.get("Attachments", ()):
                    return self.instance(attached["InstanceId"])
        except BlockUnread as problem:
            log.info("the machine of a snapshot is not known", snapshot=snapshot, reason=problem.reason)
        return None

    def newest(self, volumes: Sequence[Volume]) -> list[Snapshot]:
        """Return the newest finished snapshot of each disk; raises `BlockUnread` for one that has none."""
        filters = [
            {"Name": "volume-id", "Values": [volume.id for volume in volumes]},
            {"Name": "status", "Values": ["completed"]},
        ]
        found = [_snapshot(one) for one in self._pages("describe_snapshots", "Snapshots", Filters=filters)]
        chosen = []
        for volume in volumes:
            own = [one for one in found if one.volume == volume.id]
            if not own:
                raise BlockUnread(volume.id, f"{volume.id} has no finished snapshot")
            chosen.append(max(own, key=lambda one: one.created))
        return chosen

    @contextmanager
    def fresh(self, instance: Instance, label: str, waiting: Waiting) -> Iterator[list[Snapshot]]:
        """Make a snapshot of each disk that is not excluded, all of one moment; delete them in the end, come what may.

        ``label`` is the value of our tag: which scan made them. Raises `BlockUnread`.
        """
        wanted = [volume for volume in instance.volumes if not volume.is_excluded]
        if instance.is_excluded or not wanted:
            raise Excluded(instance.id, f"{instance.id} is excluded by its tag {EXCLUDE}")
        made = self._make(instance, label)
        try:
            self._wait([one.id for one in made], waiting)
            order = [volume.id for volume in wanted]
            yield sorted(made, key=lambda one: order.index(one.volume) if one.volume in order else len(order))
        finally:
            for one in made:
                self._delete(one.id)

    def leftover(self, older_than: timedelta, now: datetime) -> list[Snapshot]:
        """Return snapshots of ours that no scan can still be using."""
        filters = [{"Name": "tag-key", "Values": [TAG]}]
        found = self._pages("describe_snapshots", "Snapshots", OwnerIds=["self"], Filters=filters)
        return [one for one in map(_snapshot, found) if one.created < now - older_than]

    def delete(self, snapshot: Snapshot) -> None:
        """Delete a snapshot of ours; raises `BlockUnread`."""
        try:
            self.ec2.delete_snapshot(SnapshotId=snapshot.id)
        except FAULTS as problem:
            raise BlockUnread(snapshot.id, f"{snapshot.id} was not deleted: {problem}") from None

    def _make(self, instance: Instance, label: str) -> list[Snapshot]:
        boot, data = instance.volumes[:1], instance.volumes[1:]
        is_without_boot = any(volume.is_excluded for volume in boot)
        specification: dict[str, Any] = {"InstanceId": instance.id, "ExcludeBootVolume": is_without_boot}
        excluded = [volume.id for volume in data if volume.is_excluded]
        if excluded:
            specification["ExcludeDataVolumeIds"] = excluded
        tags = [{"ResourceType": "snapshot", "Tags": [{"Key": TAG, "Value": label}]}]
        try:
            answer = self.ec2.create_snapshots(InstanceSpecification=specification, TagSpecifications=tags)
        except FAULTS as problem:
            raise BlockUnread(instance.id, f"no snapshot of {instance.id} was made: {problem}") from None
        return [_snapshot(one) for one in answer["Snapshots"]]

    def _wait(self, ids: list[str], waiting: Waiting) -> None:
        waited = 0.0
        while True:
            found = list(self._pages("describe_snapshots", "Snapshots", SnapshotIds=ids))
            states = {str(one.get("State")) for one in found}
            if states <= {"completed"} and len(found) == len(ids):
                return
            if "error" in states:
                raise BlockUnread("snapshot", f"a snapshot among {', '.join(ids)} failed")
            if waited >= waiting.most_s:
                raise BlockUnread("snapshot", f"{', '.join(ids)} took longer than {waiting.most_s:g} s")
            waiting.sleep(waiting.step_s)
            waited += waiting.step_s

    def _delete(self, id: str) -> None:
        try:
            self.ec2.delete_snapshot(SnapshotId=id)
        except FAULTS as problem:
            # The janitor finds it by its tag; what was read stays read.
            log.error("a snapshot was not deleted", snapshot=id, reason=str(problem))

    def _instance(self, found: Any, account: str) -> Instance:
        tags = _tags(found)
        mapped = {
            one["Ebs"]["VolumeId"]: one["DeviceName"] for one in found.get("BlockDeviceMappings", ()) if "Ebs" in one
        }
        details = self._pages("describe_volumes", "Volumes", VolumeIds=list(mapped)) if mapped else ()
        volumes = [Volume(one["VolumeId"], mapped[one["VolumeId"]], one["Size"], _tags(one)) for one in details]
        root = found.get("RootDeviceName")
        return Instance(
            id=found["InstanceId"],
            arn=f"arn:{self.partition}:ec2:{self.region}:{account}:instance/{found['InstanceId']}",
            account=account,
            name=tags.get("Name", found["InstanceId"]),
            tags=tags,
            volumes=tuple(sorted(volumes, key=lambda volume: (volume.device != root, volume.device))),
        )

    def _pages(self, operation: str, items: str, **parameters: Any) -> Iterator[Any]:
        try:
            for page in self.ec2.get_paginator(operation).paginate(**parameters):
                yield from page[items]
        except FAULTS as problem:
            raise BlockUnread("ec2", f"{operation}: {problem}") from None


def requests_to_list(volume: Volume) -> int:
    """Return the calls that listing the blocks of a full disk takes at most: 10,000 blocks a page."""
    return -(-volume.size_gib * GIB // (512 * 1024) // 10_000)


def _snapshot(found: Any) -> Snapshot:
    return Snapshot(found["SnapshotId"], found["VolumeId"], found["VolumeSize"], found["StartTime"])


def _tags(found: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}
