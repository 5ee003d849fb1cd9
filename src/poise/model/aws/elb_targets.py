"""Records of target groups: where balancers of the second generation lead."""

from poise.model.asset import Asset, Part, asset_kind


class RegisteredTarget(Part, frozen=True, kw_only=True):
    """One target of a group."""

    target: str
    """ARN of an instance or function, or an address."""
    port: int | None
    """Port that it gets packets on; None for functions."""
    health: str
    """`healthy`, `unhealthy`, `unused`: a state of the moment, not of the configuration."""


@asset_kind("AWS::ElasticLoadBalancingV2::TargetGroup", "aws")
class TargetGroup(Asset):
    """Targets that listeners and rules forward to."""

    protocol: str | None
    """Protocol towards targets; None for functions."""
    port: int | None
    """Port where none is stated with the target; None for functions."""
    vpc: str | None
    """ARN of the VPC of the targets; None for functions."""
    target_type: str
    """`instance`, `ip`, `lambda` or `alb`."""
    targets: tuple[RegisteredTarget, ...]
    """What is registered, healthy or not."""
