"""The records that questions about reach are answered from, each looked up once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec

from poise.model.asset import Asset
from poise.model.errors import BadInput, NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Unread

T = TypeVar("T")
A = TypeVar("A", bound=Asset)


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


class World:
    """An inventory for questions about one protocol. What was looked up or added up is kept."""

    def __init__(self, inventory: Inventory, protocol: str = "tcp", extra: Extra | None = None) -> None:
        self.inventory = inventory
        self.protocol = protocol
        self.extra = extra or Extra()
        self._kept: dict[tuple[Hashable, ...], Any] = {}

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """Return what was made for a key before, or make it."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A] | Unread:
        """Return the assets of a kind, or why they were not read."""
        key = ("of", kind.KIND, scope, *equal.items())
        return self.once(key, lambda: known(lambda: self.inventory.of(kind, scope, **equal), kind.KIND))

    def find(self, kind: type[A], scope: str, id: str) -> A | Unread:
        """Return one asset, or why it is not at hand."""
        key = ("find", kind.KIND, scope, id)
        return self.once(key, partial(self._find, kind, scope, id))

    def _find(self, kind: type[A], scope: str, id: str) -> A | Unread:
        found = known(lambda: self.inventory.find(kind, scope, id), short(id))
        return Unread(short(id), "it is not in the inventory") if found is None else found


def known(read: Callable[[], T], input: str = "") -> T | Unread:
    """Return what is read, or why it was not, with the name of the input."""
    try:
        return read()
    except NotCollected as gap:
        return Unread(input or gap.field, gap.reason)
    except BadInput as problem:
        return Unread(input, f"it cannot be understood: {problem}")


def fact(asset: Asset, name: str) -> Any | Unread:
    """Return one fact of an asset, or why it was not read."""
    return known(lambda: getattr(asset, name), f"{name} of {short(asset.id)}")


def short(id: str) -> str:
    """Return the last part of an ARN: `sg-...`, `subnet-...`; ids of EC2 are unique without the rest."""
    return id.rpartition("/")[2]
