"""Lists of accounts that snapshots and images are shared with, as the resource policies that they amount to.

Sources: EBS User Guide, "Share an Amazon EBS snapshot" (others copy and read it and make volumes of it); EC2 User
Guide, "Share an AMI with specific AWS accounts" and "... organizations or OUs" (others launch and copy it); RDS User
Guide, "Sharing a DB snapshot" (others restore and copy it); Aurora User Guide, "Cross-account cloning" (a cluster is
shared through AWS RAM for clones alone). Any other action is for the owner alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from poise.model.asset import Asset
from poise.model.aws.ec2 import EbsSnapshot, MachineImage
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsSnapshot
from poise.policy.answer import Unread
from poise.policy.aws.sources import Source
from poise.policy.aws.votes import Sources
from poise.policy.lookups import known

EVERY_ACCOUNT = "all"
EVERY_ACTION = "*"
NOT_READ = "what AWS RAM shares was not read"
Statement = Mapping[str, Any]
SIGNED = {"Null": {"aws:PrincipalAccount": "false"}}
"""EC2 and RDS answer signed requests alone."""


class List(NamedTuple):
    """What a kind of asset is shared for, and with whom."""

    actions: tuple[str, ...]
    """In lower case."""
    named: Callable[[Any], Iterator[str]] | None
    """Accounts, :data:`EVERY_ACCOUNT` and ARNs of organizations and units; None where it was not read."""


def _of_disk(copy: EbsSnapshot) -> Iterator[str]:
    yield from (*copy.shared_with_groups, *copy.shared_with_accounts)


def _of_image(image: MachineImage) -> Iterator[str]:
    yield from (EVERY_ACCOUNT,) if image.public else ()
    yield from (*image.shared_with_groups, *image.shared_with_accounts, *image.shared_with_organizations)


def _of_database(copy: RdsSnapshot | RdsClusterSnapshot) -> Iterator[str]:
    yield from copy.restorable_by


LISTS: Mapping[type[Asset], List] = {
    EbsSnapshot: List(
        (
            *("ec2:createvolume", "ec2:copysnapshot", "ec2:registerimage", "ec2:describesnapshots"),
            *("ebs:getsnapshotblock", "ebs:listsnapshotblocks", "ebs:listchangedblocks"),
        ),
        _of_disk,
    ),
    MachineImage: List(("ec2:runinstances", "ec2:copyimage", "ec2:describeimages"), _of_image),
    RdsSnapshot: List(
        ("rds:restoredbinstancefromdbsnapshot", "rds:copydbsnapshot", "rds:describedbsnapshots"), _of_database
    ),
    RdsClusterSnapshot: List(
        ("rds:restoredbclusterfromsnapshot", "rds:copydbclustersnapshot", "rds:describedbclustersnapshots"),
        _of_database,
    ),
    RdsCluster: List(("rds:restoredbclustertopointintime", "rds:describedbclusters"), None),
}


def shared(asset: Asset, action: str) -> Sources:
    """Return what a share list says to other accounts about an action; :data:`EVERY_ACTION`: about any.

    ``asset`` is of one of the kinds in :data:`LISTS`.
    """
    found = LISTS[type(asset)]
    if action not in (EVERY_ACTION, *found.actions):
        return ()
    named = found.named
    if named is None:
        return Unread("sharing", NOT_READ)
    name = f"share list of {asset.name}"
    listed = known(lambda: tuple(named(asset)), name)
    if isinstance(listed, Unread):
        return listed
    partition = asset.id.split(":", 2)[1] if asset.id.startswith("arn:") else "aws"
    statements = [_statement(one, partition, found.actions) for one in listed]
    return (Source.of(name, {"Version": "2012-10-17", "Statement": statements}),) if statements else ()


def _statement(who: str, partition: str, actions: tuple[str, ...]) -> Statement:
    allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": list(actions), "Resource": "*"}
    if who == EVERY_ACCOUNT:
        return {**allow, "Condition": SIGNED}
    if not who.startswith("arn:"):
        return {**allow, "Principal": {"AWS": f"arn:{partition}:iam::{who}:root"}}
    kind, _, path = who.split(":", 5)[5].partition("/")
    if kind == "organization":
        return {**allow, "Condition": {"StringEquals": {"aws:PrincipalOrgID": path}}}
    organization, _, unit = path.partition("/")
    paths = {"aws:PrincipalOrgPaths": f"{organization}/*/{unit}/*"}
    return {**allow, "Condition": {"ForAnyValue:StringLike": paths}}
