"""One ordinary key, as it should be."""

from poise.model.aws.kms import KmsKey
from poise.model.samples.aws import ACCOUNT, REGION

KMS_KEY = KmsKey(
    id=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/5f6e7d8c-1111-2222-3333-444455556666",
    name="alias/reports",
    scope=ACCOUNT,
    region=REGION,
    tags={"team": "finance"},
    created="2024-03-01T09:00:00+00:00",
    description="Encrypts reports",
    aliases=("alias/reports",),
    manager="CUSTOMER",
    state="Enabled",
    usage="ENCRYPT_DECRYPT",
    spec="SYMMETRIC_DEFAULT",
    origin="AWS_KMS",
    multi_region=False,
    primary_key=None,
    deletion_date=None,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Enable IAM policies",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    },
    rotation_enabled=True,
    rotation_period_days=365,
    grants=(),
)
