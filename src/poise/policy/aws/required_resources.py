"""Actions that AWS authorizes on several resources at once, beside the asset that a question is about.

Source: Service Authorization Reference, the resource types with an asterisk of each action: "if the action has one or
more required resources, the caller must have permission to use the action with those resources". Taking a snapshot
asks on the disk and on the snapshot that it makes; running a command on the machine and on the document that is run.
"""

from __future__ import annotations

from collections.abc import Mapping

from poise.policy import globs

_VOLUME, _SNAPSHOT = "ec2:{region}:{account}:volume/*", "ec2:{region}::snapshot/*"
_INSTANCE, _IMAGE = "ec2:{region}:{account}:instance/*", "ec2:{region}::image/*"
_INTERFACE, _SUBNET = "ec2:{region}:{account}:network-interface/*", "ec2:{region}:{account}:subnet/*"
_DOCUMENT = "ssm:{region}:*:document/*"
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "ec2:attachnetworkinterface": (_INSTANCE, _INTERFACE),
    "ec2:attachvolume": (_INSTANCE, _VOLUME),
    "ec2:createimage": (_INSTANCE, _IMAGE, _SNAPSHOT),
    "ec2:createsnapshot": (_VOLUME, _SNAPSHOT),
    "ec2:createsnapshots": (_INSTANCE, _VOLUME, _SNAPSHOT),
    "ec2:modifysnapshotattribute": (_SNAPSHOT,),
    "ec2:runinstances": (
        *(_IMAGE, _INSTANCE, _INTERFACE, _SUBNET),
        "ec2:{region}:{account}:security-group/*",
        _VOLUME,
    ),
    "rds:createdbclustersnapshot": ("rds:{region}:{account}:cluster:*", "rds:{region}:{account}:cluster-snapshot:*"),
    "rds:createdbsnapshot": ("rds:{region}:{account}:db:*", "rds:{region}:{account}:snapshot:*"),
    "rds:modifydbclustersnapshotattribute": ("rds:{region}:{account}:cluster-snapshot:*",),
    "rds:modifydbsnapshotattribute": ("rds:{region}:{account}:snapshot:*",),
    "ssm:sendcommand": (_DOCUMENT,),
}
"""Action in lower case -> ARN patterns, their partition left out, of all that it is authorized on. A document of
`ssm:SendCommand` stands beside its targets, of which the asset is one."""
BESIDE_TARGETS = frozenset({"ssm:sendcommand"})
"""Actions whose targets are authorized too, whatever kind they are of."""


def resources_for(action: str, arn: str) -> tuple[str, ...]:
    """Return what an action on an asset is authorized on: its ARN, and patterns for what else it takes.

    An asset that the action is not about at all (a disk, for sharing a snapshot of it) is left out: what is asked then
    is whether the action is allowed on some resource of the kind in the asset's account and region.
    """
    name = action.lower()
    templates = REQUIRED.get(name)
    parts = arn.split(":", 5)
    if templates is None or len(parts) < 6 or globs.is_wild(arn):
        return (arn,)
    patterns = [f"arn:{parts[1]}:{one.format(region=parts[3], account=parts[4])}" for one in templates]
    others = tuple(one for one in patterns if not globs.covers(one, arn))
    return (arn, *others) if name in BESIDE_TARGETS or len(others) < len(patterns) else others
