"""Records of AWS Key Management Service."""

from poise.model.asset import Asset, Document, Part, asset_kind


class KeyGrant(Part, frozen=True, kw_only=True):
    """A grant: a principal may use the key for some operations, beside what the key policy says."""

    id: str
    """Id of the grant."""
    name: str | None
    """Its friendly name; None if it has none."""
    grantee: str
    """ARN of the principal, or name of the service, that may use the key."""
    operations: tuple[str, ...]
    """What it may do: `Decrypt`, `CreateGrant` ..."""
    constraints: Document | None
    """Encryption context that it is bound to; None if to none."""


@asset_kind("AWS::KMS::Key", "aws")
class KmsKey(Asset):
    """A key."""

    created: str
    """When it was created, ISO 8601."""
    description: str
    """What people say of it; may be empty."""
    aliases: tuple[str, ...]
    """Names, `alias/...`."""
    manager: str
    """`CUSTOMER`, or `AWS` for the keys that services make."""
    state: str
    """`Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable` ..."""
    usage: str
    """`ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC`, `KEY_AGREEMENT`."""
    spec: str
    """`SYMMETRIC_DEFAULT`, `RSA_2048`, `HMAC_256` ..."""
    origin: str
    """Where its material comes from: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`."""
    multi_region: bool
    """Whether it has related keys in other regions."""
    primary_key: str | None
    """ARN of the primary key of a multi-region key; None for a key of one region."""
    deletion_date: str | None
    """When it will be deleted, ISO 8601; None if that is not planned."""
    policy: Document | None
    """Key policy."""
    rotation_enabled: bool
    """Whether its material is renewed automatically. Not asked of keys that AWS manages."""
    rotation_period_days: int | None
    """Days between renewals; None if there are none."""
    grants: tuple[KeyGrant, ...]
    """Its grants. Not asked of keys that AWS manages."""
