"""Records of AWS Secrets Manager: what is said of a secret, never the secret."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("AWS::SecretsManager::Secret", "aws")
class Secret(Asset):
    """A secret."""

    policy: Document | None
    """Resource policy; None if it has none."""
    encryption_key: str | None
    """KMS key that encrypts it; None for the key that AWS manages."""
    rotation_enabled: bool
    """Whether it is renewed automatically."""
    rotation_days: int | None
    """Days between renewals; None if it is not renewed, or by a schedule."""
    last_rotated: str | None
    """When it was last renewed, ISO 8601; None if never."""
    last_changed: str | None
    """When it was last changed, ISO 8601; None if that is not known."""
    last_used: str | None
    """Day on which it was last read, ISO 8601; None if never within the time that is kept."""
    owning_service: str | None
    """Service that keeps it for itself, e.g. `rds`; None for one that people made."""
