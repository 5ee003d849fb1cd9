"""Records of Amazon Elastic Container Registry."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("AWS::ECR::Repository", "aws")
class EcrRepository(Asset):
    """A repository of images."""

    uri: str
    """Address that images are pulled from."""
    created: str
    """When it was created, ISO 8601."""
    policy: Document | None
    """Repository policy; None if it has none."""
    tag_mutability: str
    """`MUTABLE` or `IMMUTABLE`, each possibly with exceptions: `IMMUTABLE_WITH_EXCLUSION`."""
    scan_on_push: bool
    """Whether an image is scanned when it is pushed."""
    encryption_type: str
    """`AES256`, `KMS` or `KMS_DSSE`."""
    encryption_key: str | None
    """KMS key that images are encrypted with; None for none."""
    lifecycle_policy: Document | None
    """Rules by which old images are removed; None if there are none."""
