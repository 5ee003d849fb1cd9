"""S3 buckets that anyone on the internet can read or write.

A bucket policy or an access list that names everyone makes its objects public: customer data leaks, and where
writing is allowed, anyone can plant files or run up the bill. Public access blocks of the bucket and of the account
are taken into account, each for its own channel.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.s3 import AclGrant, S3Bucket
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_ALL, BLOCK_NONE, S3_BUCKET
from poise.policy.aws.exposed import bucket_exposed
from poise.policy.aws.exposure import Level


def evaluate(bucket: S3Bucket, inventory: Inventory) -> Verdict:
    exposure = bucket_exposed(bucket, inventory)
    reasons = "; ".join(dict.fromkeys(reason.text for reason in exposure.because))
    if exposure.level is Level.UNKNOWN:
        return unknown(reasons)
    if not exposure.is_public:
        return healthy(reasons)
    is_site = "website" not in bucket.unread and bucket.website
    context = " (it serves a static site)" if is_site else ""
    return unhealthy(f"{reasons}{context}", seen=list(exposure.actions))


OPEN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
    ],
}
OPEN_ACL = (AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ"),)
OPEN_BY_POLICY = replace(S3_BUCKET, policy=OPEN_POLICY, public_access_block=None)
OPEN_BY_ACL = replace(S3_BUCKET, acl=OPEN_ACL, object_ownership=None, public_access_block=None)
ONLY_ACLS_IGNORED = structs.replace(BLOCK_NONE, ignore_public_acls=True)
OPEN_ACCOUNT = replace(AWS_ACCOUNT, public_access_block=None)


CHECK = Check(
    title="S3 buckets should not be open to everyone",
    asset=S3Bucket,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the bucket {name} in the S3 console, tab Permissions, Block public access, Edit, tick Block all public access, Save. Then remove the statement of the bucket policy, or the grant of the access list, that names everyone.",
        cli="aws s3api put-public-access-block --bucket {name} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        terraform="""
resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = "{name}"
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}
""",
        impact="Whoever reads the bucket without signing in loses access. Serve public content through CloudFront with origin access control first; to go back, remove the block.",
    ),
    examples=(
        Example("private", S3_BUCKET, "healthy", others=(OPEN_ACCOUNT,)),
        Example("by policy", OPEN_BY_POLICY, "unhealthy", "anyone", others=(OPEN_ACCOUNT,)),
        Example("by access list", OPEN_BY_ACL, "unhealthy", "READ to AllUsers", others=(OPEN_ACCOUNT,)),
        Example(
            "a public site", replace(OPEN_BY_POLICY, website=True), "unhealthy", "static site", others=(OPEN_ACCOUNT,)
        ),
        Example(
            "website unread",
            replace(OPEN_BY_POLICY, unread={"website": "AccessDenied"}),
            "unhealthy",
            "anyone",
            others=(OPEN_ACCOUNT,),
        ),
        Example(
            "blocked by the bucket",
            replace(OPEN_BY_POLICY, public_access_block=BLOCK_ALL),
            "healthy",
            "of the bucket",
            others=(OPEN_ACCOUNT,),
        ),
        Example("blocked by the account", OPEN_BY_POLICY, "healthy", "of the account", others=(AWS_ACCOUNT,)),
        Example(
            "only access lists ignored",
            replace(OPEN_BY_ACL, public_access_block=ONLY_ACLS_IGNORED),
            "healthy",
            others=(OPEN_ACCOUNT,),
        ),
        Example("account unread", OPEN_BY_POLICY, "unknown", "was not read"),
        Example(
            "block of the account denied",
            OPEN_BY_POLICY,
            "unknown",
            "AccessDenied",
            others=(replace(AWS_ACCOUNT, unread={"public_access_block": "AccessDenied"}),),
        ),
    ),
)
