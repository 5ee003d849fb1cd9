"""Records of an AWS account and of its regions: settings that belong to no other asset."""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.aws.s3 import PublicAccessBlock


class PasswordPolicy(Part, frozen=True, kw_only=True):
    """What IAM demands of users' passwords."""

    minimum_length: int
    """Least number of characters."""
    require_symbols: bool
    """Whether a symbol is needed."""
    require_numbers: bool
    """Whether a digit is needed."""
    require_uppercase: bool
    """Whether an upper-case letter is needed."""
    require_lowercase: bool
    """Whether a lower-case letter is needed."""
    max_age_days: int | None
    """Days until a password ends; None if it never does."""
    reuse_prevention: int | None
    """How many earlier passwords may not come again; None if all may."""


@asset_kind("AWS::::Account", "aws")
class AwsAccount(Asset):
    """An account, with the settings that hold for all of it."""

    public_access_block: PublicAccessBlock | None
    """The account-wide four flags of S3; None if never set."""
    password_policy: PasswordPolicy | None
    """Password policy of IAM users; None if AWS's default holds."""
    root_has_password: bool
    """Whether the root user can sign in by password; an organization may take that away from its members."""
    root_has_mfa: bool
    """Whether the root user has an MFA device."""
    root_has_virtual_mfa: bool
    """Whether that device is a virtual one."""
    root_access_keys: int
    """Number of access keys of the root user."""
    root_last_used: str | None
    """When the root user last signed in by password, ISO 8601; None if never known."""
    root_key_last_used: str | None
    """When a root access key was last used, ISO 8601; None if never."""
    organization_id: str | None
    """Id of the organization, `o-...`; None for an account on its own."""
    management_account: str | None
    """Account that manages the organization; None for an account on its own."""


@asset_kind("AWS::::Region", "aws")
class AwsRegion(Asset):
    """A region of an account, with the settings that hold for all of it."""

    ebs_encryption_by_default: bool
    """Whether new volumes are encrypted unasked."""
    ebs_default_key: str | None
    """KMS key that new volumes are encrypted with; None where it was never read or set."""
    snapshot_block_public_access: str
    """`block-all-sharing`, `block-new-sharing` or `unblocked`."""
    metadata_http_tokens: str | None
    """Default for new machines: `required` or `optional`; None if no preference is set."""
