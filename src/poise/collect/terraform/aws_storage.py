"""Buckets, their policies and locks, and who shares snapshots and images (Terraform AWS provider, "S3", "EC2")."""

from __future__ import annotations

from typing import Any

from poise.collect.terraform.draft import Draft
from poise.collect.terraform.resource import NotSimulated, Resource
from poise.collect.terraform.values import document
from poise.model.aws.ec2 import EbsSnapshot, MachineImage
from poise.model.aws.s3 import S3Bucket

FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
EVERYONE = "all"


def bucket(resource: Resource, draft: Draft) -> None:
    """A bucket; its policy, ACL and locks are resources of their own."""
    name = resource.after.get("bucket") or resource.address
    draft.whole(S3Bucket, resource, {"object_lock": _locked}, f"arn:aws:s3:::{name}")


def _locked(resource: Resource) -> bool:
    return bool(resource.planned("object_lock_enabled"))


def bucket_policy(resource: Resource, draft: Draft) -> None:
    """A bucket's policy; a bucket without one has none."""
    _set(resource, draft, "policy", lambda: document(resource.planned("policy")))


def public_access_block(resource: Resource, draft: Draft) -> None:
    """A bucket's four flags; those that are not written are off."""
    _set(resource, draft, "public_access_block", lambda: {f: bool(resource.planned(f)) for f in FLAGS})


def _set(resource: Resource, draft: Draft, fact: str, value: Any) -> None:
    found = draft.find(S3Bucket, (resource.after or resource.before).get("bucket"))
    if not resource.after:
        draft.put(found, **{fact: None})
        return
    try:
        draft.put(found, **{fact: value()})
    except NotSimulated:
        draft.forget(found, fact)


def snapshot_permission(resource: Resource, draft: Draft) -> None:
    """An account that may make disks of a snapshot."""
    _share(resource, draft, EbsSnapshot, "snapshot_id")


def image_permission(resource: Resource, draft: Draft) -> None:
    """An account or group that may start machines from an image."""
    _share(resource, draft, MachineImage, "image_id")


def _share(resource: Resource, draft: Draft, kind: type[EbsSnapshot | MachineImage], named: str) -> None:
    for row, is_after in ((resource.before, False), (resource.after, True)):
        if not row:
            continue
        shared = draft.find(kind, row.get(named))
        for attribute, fact in (("account_id", "shared_with_accounts"), ("group", "shared_with_groups")):
            whom = resource.planned(attribute) if is_after else row.get(attribute)
            if whom:
                others = tuple(one for one in getattr(shared, fact) if one != whom)
                draft.put(shared, **{fact: (*others, whom) if is_after else others})


HANDLERS = {
    "aws_s3_bucket": bucket,
    "aws_s3_bucket_policy": bucket_policy,
    "aws_s3_bucket_public_access_block": public_access_block,
    "aws_snapshot_create_volume_permission": snapshot_permission,
    "aws_ami_launch_permission": image_permission,
}
