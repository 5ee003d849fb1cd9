"""What people ask of an asset, by kind: groups of actions that stand for reading data, changing it, or taking over.

Source: Service Authorization Reference. A group is named by what it lets a person do; its action is the one that this
takes at least.
"""

from __future__ import annotations

from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume, Ec2Instance, MachineImage
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.eks import EksCluster
from poise.model.aws.iam import IamPolicy, IamRole, IamUser
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsInstance, RdsSnapshot
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.aws.sns import SnsTopic
from poise.model.aws.sqs import SqsQueue

ACTION_GROUPS: dict[type[Asset], tuple[tuple[str, str], ...]] = {
    S3Bucket: (
        ("read objects", "s3:GetObject"),
        ("list objects", "s3:ListBucket"),
        ("write objects", "s3:PutObject"),
        ("delete objects", "s3:DeleteObject"),
        ("change who reaches it", "s3:PutBucketPolicy"),
    ),
    KmsKey: (
        ("decrypt", "kms:Decrypt"),
        ("encrypt", "kms:Encrypt"),
        ("change who reaches it", "kms:PutKeyPolicy"),
        ("delete it", "kms:ScheduleKeyDeletion"),
    ),
    LambdaFunction: (
        ("call it", "lambda:InvokeFunction"),
        ("change its code", "lambda:UpdateFunctionCode"),
        ("change who reaches it", "lambda:AddPermission"),
    ),
    IamRole: (
        ("take it", "sts:AssumeRole"),
        ("hand it to a service", "iam:PassRole"),
        ("change its rights", "iam:PutRolePolicy"),
        ("change who may take it", "iam:UpdateAssumeRolePolicy"),
    ),
    IamUser: (
        ("make keys for it", "iam:CreateAccessKey"),
        ("change its rights", "iam:PutUserPolicy"),
    ),
    IamPolicy: (("change it", "iam:CreatePolicyVersion"),),
    Ec2Instance: (
        ("run commands on it", "ssm:SendCommand"),
        ("change it", "ec2:ModifyInstanceAttribute"),
        ("end it", "ec2:TerminateInstances"),
    ),
    EbsVolume: (("copy it", "ec2:CreateSnapshot"),),
    EbsSnapshot: (
        ("read its blocks", "ebs:GetSnapshotBlock"),
        ("share it", "ec2:ModifySnapshotAttribute"),
    ),
    MachineImage: (("share it", "ec2:ModifyImageAttribute"),),
    RdsInstance: (
        ("change it, its password too", "rds:ModifyDBInstance"),
        ("copy it", "rds:CreateDBSnapshot"),
        ("delete it", "rds:DeleteDBInstance"),
    ),
    RdsSnapshot: (("share it", "rds:ModifyDBSnapshotAttribute"),),
    SqsQueue: (
        ("read messages", "sqs:ReceiveMessage"),
        ("send messages", "sqs:SendMessage"),
        ("change who reaches it", "sqs:SetQueueAttributes"),
    ),
    SnsTopic: (
        ("read along", "sns:Subscribe"),
        ("publish", "sns:Publish"),
        ("change who reaches it", "sns:SetTopicAttributes"),
    ),
    Secret: (
        ("read it", "secretsmanager:GetSecretValue"),
        ("replace it", "secretsmanager:PutSecretValue"),
        ("change who reaches it", "secretsmanager:PutResourcePolicy"),
    ),
    EcrRepository: (
        ("pull images", "ecr:BatchGetImage"),
        ("push images", "ecr:PutImage"),
        ("change who reaches it", "ecr:SetRepositoryPolicy"),
    ),
    EksCluster: (
        ("let somebody into it", "eks:CreateAccessEntry"),
        ("change it", "eks:UpdateClusterConfig"),
    ),
}
