"""The records that questions about reach are answered from, each looked up once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from poise.model.inventory import Inventory
from poise.policy.lookups import Lookups, fact, known
from poise.policy.lookups import last_part as short

__all__ = ["Extra", "Target", "TargetGroup", "TransitRoute", "TransitTable", "World", "fact", "known", "short"]


class Target(msgspec.Struct, frozen=True):
    """One target of a target group, as `DescribeTargetHealth` names it. Health is a state, not reach."""

    id: str
    """Id of a machine (`i-...`), an address, or the ARN of a function or balancer."""
    port: int | None
    """Port on the target; None for a function."""


class TargetGroup(msgspec.Struct, frozen=True):
    """Where a listener sends connections (`DescribeTargetGroups`)."""

    protocol: str | None
    """`HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP`, `TCP_UDP`, `GENEVE`; None for functions."""
    keeps_client_address: bool
    """Whether targets see the address of the client (`preserve_client_ip.enabled`)."""
    targets: tuple[Target, ...]
    """All registered targets."""


class TransitRoute(msgspec.Struct, frozen=True):
    """One line of a route table of a transit gateway (`SearchTransitGatewayRoutes`)."""

    destination: str
    """Range."""
    attachments: tuple[str, ...]
    """Ids of the attachments it leads to."""
    state: str
    """`active` or `blackhole`."""
    type: str = "propagated"
    """`static` wins over `propagated` for the same range."""


class TransitTable(msgspec.Struct, frozen=True):
    """A route table of a transit gateway."""

    id: str
    """`tgw-rtb-...`."""
    gateway: str
    """Id of its transit gateway."""
    associated: tuple[str, ...]
    """Ids of the attachments whose packets it routes."""
    routes: tuple[TransitRoute, ...]
    """Its lines."""


class Extra(msgspec.Struct, frozen=True):
    """Inputs that have no records; what is None was not read."""

    target_groups: Mapping[str, TargetGroup] | None = None
    """Target groups by ARN."""
    transit_tables: Sequence[TransitTable] | None = None
    """Route tables of all transit gateways."""


class World(Lookups):
    """An inventory of AWS for questions about one protocol."""

    def __init__(self, inventory: Inventory, protocol: str = "tcp", extra: Extra | None = None) -> None:
        super().__init__(inventory, protocol)
        self.extra = extra or Extra()
