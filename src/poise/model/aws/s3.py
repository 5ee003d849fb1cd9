"""Records of Amazon S3."""

from poise.model.asset import Asset, Document, Part, asset_kind


class PublicAccessBlock(Part, frozen=True, kw_only=True):
    """The four flags that overrule grants to the public, each for its own channel."""

    block_public_acls: bool
    """New public ACLs are refused."""
    ignore_public_acls: bool
    """Existing public ACLs have no effect."""
    block_public_policy: bool
    """New public bucket policies are refused."""
    restrict_public_buckets: bool
    """A public bucket policy admits only the own account and AWS services."""


class AclGrant(Part, frozen=True, kw_only=True):
    """One line of an access control list."""

    grantee: str
    """Canonical user id, or the URI of a group such as `.../global/AllUsers`."""
    permission: str
    """`READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`."""


@asset_kind("AWS::S3::Bucket", "aws")
class S3Bucket(Asset):
    """A bucket, with the settings that decide who reaches its objects."""

    created: str
    """When it was created, ISO 8601."""
    policy: Document | None
    """Bucket policy; None if there is none."""
    acl: tuple[AclGrant, ...]
    """Grants of the bucket's ACL."""
    object_ownership: str | None
    """`BucketOwnerEnforced` switches ACLs off; None if never set."""
    public_access_block: PublicAccessBlock | None
    """The bucket's own four flags; None if never set."""
    encryption: str | None
    """Default encryption: `AES256`, `aws:kms`, `aws:kms:dsse`; None if there is none."""
    encryption_key: str | None
    """KMS key of the default encryption; None for the service's own key."""
    versioning: str | None
    """`Enabled` or `Suspended`; None if never enabled."""
    mfa_delete: bool
    """Whether deleting a version takes a second factor."""
    logging_target: str | None
    """Bucket that receives access logs; None if logging is off."""
    website: bool
    """Whether it serves a static site."""
    object_lock: bool
    """Whether object lock is on."""
    replication: tuple[str, ...]
    """Destination bucket ARNs of enabled replication rules."""
    lifecycle_rules: int
    """Number of enabled lifecycle rules."""
    notification_targets: tuple[str, ...]
    """ARNs of functions, queues and topics that its events go to."""
