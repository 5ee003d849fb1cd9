"""One ordinary AWS asset of each kind, as it should be: examples change what they are about."""

from poise.model.aws.account import AwsAccount, AwsRegion, PasswordPolicy
from poise.model.aws.s3 import AclGrant, PublicAccessBlock, S3Bucket

ACCOUNT = "111122223333"
FOREIGN_ACCOUNT = "999988887777"
REGION = "eu-west-1"
BLOCK_ALL = PublicAccessBlock(
    block_public_acls=True, ignore_public_acls=True, block_public_policy=True, restrict_public_buckets=True
)
BLOCK_NONE = PublicAccessBlock(
    block_public_acls=False, ignore_public_acls=False, block_public_policy=False, restrict_public_buckets=False
)
OWNER = "1f2e3d4c5b6a79880011223344556677889900aabbccddeeff00112233445566"

S3_BUCKET = S3Bucket(
    id="arn:aws:s3:::reports",
    name="reports",
    scope=ACCOUNT,
    region=REGION,
    tags={"team": "finance"},
    created="2024-03-01T09:00:00+00:00",
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    },
    acl=(AclGrant(grantee=OWNER, permission="FULL_CONTROL"),),
    object_ownership="BucketOwnerEnforced",
    public_access_block=BLOCK_ALL,
    encryption="aws:kms",
    encryption_key="arn:aws:kms:eu-west-1:111122223333:key/5f6e7d8c-1111-2222-3333-444455556666",
    versioning="Enabled",
    mfa_delete=False,
    logging_target="access-logs",
    website=False,
    object_lock=False,
    replication=(),
    lifecycle_rules=1,
    notification_targets=(),
)

AWS_ACCOUNT = AwsAccount(
    id=f"arn:aws:account::{ACCOUNT}:account",
    name="shop-production",
    scope=ACCOUNT,
    region="global",
    tags={},
    public_access_block=BLOCK_ALL,
    password_policy=PasswordPolicy(
        minimum_length=14,
        require_symbols=True,
        require_numbers=True,
        require_uppercase=True,
        require_lowercase=True,
        max_age_days=None,
        reuse_prevention=24,
    ),
    root_has_password=True,
    root_has_mfa=True,
    root_has_virtual_mfa=False,
    root_access_keys=0,
    root_last_used=None,
    root_key_last_used=None,
    organization_id="o-a1b2c3d4e5",
    management_account="444455556666",
)
AWS_REGION = AwsRegion(
    id=f"arn:aws:account::{ACCOUNT}:region/{REGION}",
    name=REGION,
    scope=ACCOUNT,
    region=REGION,
    tags={},
    ebs_encryption_by_default=True,
    ebs_default_key=None,
    snapshot_block_public_access="block-all-sharing",
    metadata_http_tokens="required",
)
