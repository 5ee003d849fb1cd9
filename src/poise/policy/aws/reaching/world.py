"""The records that questions about reach are answered from, each looked up once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec

from poise.model.aws import elb
from poise.model.aws.vpc import TransitGatewayRouteTable
from poise.model.inventory import Inventory
from poise.policy.answer import Unread
from poise.policy.aws.principals import account_of
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
    """Inputs that stand in for records; what is None is taken from the records."""

    target_groups: Mapping[str, TargetGroup] | None = None
    """Target groups by ARN."""
    transit_tables: Sequence[TransitTable] | None = None
    """Route tables of all transit gateways."""


def target_group(world: World, arn: str) -> TargetGroup | Unread:
    """Return a target group, or why it is not at hand."""
    if world.extra.target_groups is not None:
        return world.extra.target_groups.get(arn) or Unread(short(arn), "it is not at hand")
    record = world.find(elb.TargetGroup, account_of(arn), arn)
    return (
        record if isinstance(record, Unread) else known(partial(_target_group, record), f"target group {record.name}")
    )


def _target_group(record: elb.TargetGroup) -> TargetGroup:
    # The protocols that never lose the client's address name no attribute for it.
    keeps = record.keeps_client_address
    is_udp = record.protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")
    targets = tuple(Target(one.id, one.port) for one in record.targets)
    return TargetGroup(record.protocol, is_udp if keeps is None else keeps, targets)


def transit_tables(world: World, gateway: str, owner: str) -> Sequence[TransitTable] | Unread:
    """Return the route tables of a transit gateway, or why they are not at hand; its owner alone is shown them."""
    if world.extra.transit_tables is not None:
        return [table for table in world.extra.transit_tables if table.gateway == gateway]
    listed = world.of(TransitGatewayRouteTable, owner)
    if isinstance(listed, Unread):
        return listed
    found = known(lambda: [_table(record) for record in listed if record.gateway == gateway], f"tables of {gateway}")
    return found or Unread(f"tables of {gateway}", f"account {owner}, which owns it, was not read")


def _table(record: TransitGatewayRouteTable) -> TransitTable:
    routes = tuple(TransitRoute(one.destination, one.attachments, one.state, one.type) for one in record.routes)
    return TransitTable(short(record.id), record.gateway, record.associated, routes)


class World(Lookups):
    """An inventory of AWS for questions about one protocol."""

    def __init__(self, inventory: Inventory, protocol: str = "tcp", extra: Extra | None = None) -> None:
        super().__init__(inventory, protocol)
        self.extra = extra or Extra()
