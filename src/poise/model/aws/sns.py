"""Records of Amazon SNS."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("AWS::SNS::Topic", "aws")
class SnsTopic(Asset):
    """A topic."""

    policy: Document | None
    """Topic policy; None if it has none."""
    encryption_key: str | None
    """KMS key that messages are encrypted with, by id, ARN or alias; None if they are not."""
    subscriptions: int
    """Number of confirmed subscriptions."""
