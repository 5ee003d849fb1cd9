"""What the graph asks about each kind of asset of AWS: the actions that give a capability over it.

Source: Service Authorization Reference. Actions that need another asset besides (a role to pass, a machine to start)
are rows of the escalation catalogue, not of this table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, Ec2Instance, MachineImage
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsCluster, RdsClusterSnapshot, RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.graph import Capability

READ, WRITE, CODE, ADMIN = Capability.READ, Capability.WRITE, Capability.CODE, Capability.ADMIN


class Wanted(msgspec.Struct, frozen=True):
    """One action and what it gives."""

    action: str
    """As the service names it."""
    capability: Capability | None
    """What it gives over the asset; None for a use that gives none, such as calling a function."""


ASKED: Mapping[type[Asset], Sequence[Wanted]] = {
    S3Bucket: (
        Wanted("s3:GetObject", READ),
        Wanted("s3:ListBucket", None),
        Wanted("s3:PutObject", WRITE),
        Wanted("s3:DeleteObject", WRITE),
        Wanted("s3:PutBucketPolicy", ADMIN),
    ),
    KmsKey: (
        Wanted("kms:Decrypt", READ),
        Wanted("kms:ScheduleKeyDeletion", WRITE),
        Wanted("kms:PutKeyPolicy", ADMIN),
    ),
    LambdaFunction: (
        Wanted("lambda:InvokeFunction", None),
        Wanted("lambda:UpdateFunctionCode", CODE),
        Wanted("lambda:AddPermission", ADMIN),
    ),
    Ec2Instance: (
        Wanted("ec2:ModifyInstanceAttribute", WRITE),
        Wanted("ec2:TerminateInstances", WRITE),
    ),
    EbsSnapshot: (
        Wanted("ebs:GetSnapshotBlock", READ),
        Wanted("ec2:ModifySnapshotAttribute", ADMIN),
    ),
    MachineImage: (Wanted("ec2:ModifyImageAttribute", ADMIN),),
    RdsInstance: (
        Wanted("rds:ModifyDBInstance", ADMIN),
        Wanted("rds:CreateDBSnapshot", None),
        Wanted("rds:DeleteDBInstance", WRITE),
    ),
    RdsCluster: (
        Wanted("rds:ModifyDBCluster", ADMIN),
        Wanted("rds-data:ExecuteStatement", None),
        Wanted("rds:DeleteDBCluster", WRITE),
    ),
    RdsSnapshot: (Wanted("rds:ModifyDBSnapshotAttribute", ADMIN),),
    RdsClusterSnapshot: (Wanted("rds:ModifyDBClusterSnapshotAttribute", ADMIN),),
}
"""Kind -> actions."""
