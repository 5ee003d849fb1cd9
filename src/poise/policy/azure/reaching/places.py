"""Where interfaces stand in Azure: each address of an interface with its subnet and the groups that guard it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple, TypeVar

import msgspec

from poise.model.asset import Asset
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.ids import parent, subscription_id
from poise.model.azure.network import IpConfiguration, NetworkInterface, PublicIpAddress, Subnet, VirtualNetwork
from poise.model.errors import BadInput
from poise.policy.answer import Unread
from poise.policy.azure.reaching.world import World
from poise.policy.intervals import IpSet
from poise.policy.lookups import fact, known

A = TypeVar("A", bound=Asset)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One address of an interface, and what guards it."""

    id: str
    """Id of the interface."""
    subnet: str
    """Id of the subnet; empty if it was not read."""
    nic_group: str | None
    """Id of the interface's own group."""
    public: str | None
    """Id of its public address."""
    addresses: IpSet
    """Private addresses; empty while none is given out."""
    application_groups: tuple[str, ...]
    """Application security groups that it is in."""
    pools: tuple[str, ...]
    """Pools and forwarding rules of balancers that lead to it."""

    @property
    def network(self) -> str:
        """Id of its virtual network."""
        return parent(self.subnet) if self.subnet else ""


class Ends(NamedTuple):
    """Where an asset can be met."""

    places: tuple[Place, ...]
    gaps: tuple[Unread, ...] = ()


def ends_of(world: World, asset: Asset) -> Ends:
    """Return where an asset can be met; raise BadInput for a kind that has no place in a network."""
    if isinstance(asset, NetworkInterface):
        return _of_interfaces([asset])
    if isinstance(asset, VirtualMachine):
        ids = fact(asset, "network_interfaces")
        return (
            Ends((), (ids,))
            if isinstance(ids, Unread)
            else _of_interfaces(found(world, NetworkInterface, i) for i in ids)
        )
    if isinstance(asset, Subnet):
        listed = world.of(NetworkInterface, asset.scope)
        if isinstance(listed, Unread):
            return Ends((), (listed,))
        every = _of_interfaces(listed)
        return Ends(tuple(place for place in every.places if place.subnet == asset.id), every.gaps)
    raise BadInput(f"{asset.id} ({asset.KIND}) has no place in a network that can be judged.", "Choose a machine.")


def found(world: World, kind: type[A], id: str) -> A | Unread:
    """Return an asset, which may lie in another subscription, as the subnets of a shared network do."""
    return world.find(kind, subscription_id(id) or "", id)


def network_ranges(world: World, id: str) -> IpSet | Unread:
    """Return the addresses of a virtual network and of those that it is peered with: its `VirtualNetwork` tag."""
    network = found(world, VirtualNetwork, id)
    if isinstance(network, Unread):
        return network
    peers = known(lambda: [p.remote_network for p in network.peerings if is_connected(p.state) and p.remote_network])
    ranges = known(partial(_prefixes, network), id)
    if isinstance(peers, Unread) or isinstance(ranges, Unread):
        return peers if isinstance(peers, Unread) else next(gap for gap in (ranges,) if isinstance(gap, Unread))
    for peer in peers:
        other = found(world, VirtualNetwork, peer)
        prefixes = other if isinstance(other, Unread) else known(partial(_prefixes, other))
        if isinstance(prefixes, Unread):
            return prefixes
        ranges = ranges | prefixes
    return ranges


def _prefixes(network: VirtualNetwork) -> IpSet:
    return IpSet.from_cidrs(network.address_prefixes)


def is_connected(state: str | None) -> bool:
    """Say whether a peering is in force."""
    return (state or "").lower() == "connected"


def public_address(world: World, place: Place) -> PublicIpAddress | Unread | None:
    """Return the public address of a place; None if it has none."""
    return None if place.public is None else found(world, PublicIpAddress, place.public)


def _of_interfaces(interfaces: Iterable[NetworkInterface | Unread]) -> Ends:
    places: list[Place] = []
    gaps: list[Unread] = []
    for interface in interfaces:
        made = interface if isinstance(interface, Unread) else known(partial(_places, interface), interface.id)
        if isinstance(made, Unread):
            gaps.append(made)
        else:
            places += made
    return Ends(tuple(places), tuple(gaps))


def _places(interface: NetworkInterface) -> list[Place]:
    return [_place(interface, one) for one in interface.ip_configurations]


def _place(interface: NetworkInterface, one: IpConfiguration) -> Place:
    return Place(
        id=interface.id,
        subnet=one.subnet or "",
        nic_group=interface.security_group,
        public=one.public_address,
        addresses=IpSet.from_cidrs((one.private_address,) if one.private_address else ()),
        application_groups=one.application_groups,
        pools=(*one.backend_pools, *one.inbound_nat_rules),
    )
