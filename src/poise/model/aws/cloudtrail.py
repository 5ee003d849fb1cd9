"""Records of AWS CloudTrail."""

from poise.model.asset import Asset, Part, asset_kind


class EventSelector(Part, frozen=True, kw_only=True):
    """Which events a trail takes, in the first form."""

    management_events: bool
    """Whether it takes management events."""
    read_write: str
    """`All`, `ReadOnly` or `WriteOnly`."""
    excluded_sources: tuple[str, ...]
    """Services whose management events it leaves out."""
    data_resources: tuple[str, ...]
    """Types of resources whose data events it takes."""


class FieldSelector(Part, frozen=True, kw_only=True):
    """A condition on one field of an event."""

    field: str
    """`eventCategory`, `readOnly`, `eventSource` ..."""
    equals: tuple[str, ...]
    """Values that pass."""
    not_equals: tuple[str, ...]
    """Values that do not."""
    starts_with: tuple[str, ...]
    """Beginnings that pass."""
    not_starts_with: tuple[str, ...]
    """Beginnings that do not."""
    ends_with: tuple[str, ...]
    """Endings that pass."""
    not_ends_with: tuple[str, ...]
    """Endings that do not."""


class AdvancedSelector(Part, frozen=True, kw_only=True):
    """Which events a trail takes, in the advanced form: all conditions must hold."""

    name: str
    """Its name; may be empty."""
    fields: tuple[FieldSelector, ...]
    """Its conditions."""


@asset_kind("AWS::CloudTrail::Trail", "aws")
class Trail(Asset):
    """A trail, in its home region. The copy of an organization's trail in a member account is one, too."""

    bucket: str
    """Name of the bucket that it delivers to."""
    log_group: str | None
    """ARN of the CloudWatch log group it also delivers to; None if to none."""
    encryption_key: str | None
    """KMS key of its files; None for the service's own encryption."""
    multi_region: bool
    """Whether it takes the events of every region."""
    organization: bool
    """Whether it takes the events of every account of the organization."""
    global_events: bool
    """Whether it takes the events of global services such as IAM."""
    log_validation: bool
    """Whether digests prove that no file was changed."""
    insights: bool
    """Whether it looks for unusual activity."""
    is_logging: bool
    """Whether it is running."""
    delivery_error: str | None
    """Why the last delivery failed; None if it did not."""
    event_selectors: tuple[EventSelector, ...]
    """Its selectors in the first form; empty if it uses advanced ones."""
    advanced_selectors: tuple[AdvancedSelector, ...]
    """Its selectors in the advanced form; empty if it uses the first form."""
