"""Records of Amazon SQS."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("AWS::SQS::Queue", "aws")
class SqsQueue(Asset):
    """A queue."""

    url: str
    """Address that messages are sent to."""
    policy: Document | None
    """Queue policy; None if it has none."""
    encryption_key: str | None
    """KMS key that messages are encrypted with, by id, ARN or alias; None for none of KMS."""
    managed_encryption: bool
    """Whether SQS encrypts messages with keys of its own."""
    dead_letter_queue: str | None
    """ARN of the queue for messages that cannot be worked off; None if there is none."""
    retention_s: int
    """Seconds that a message is kept."""
