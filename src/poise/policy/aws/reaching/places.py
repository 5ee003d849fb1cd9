"""Places: where interfaces stand. All interfaces in one place are reached alike, but for their addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from poise.model.aws.ec2 import NetworkInterface
from poise.policy.answer import Unread
from poise.policy.aws.reaching.world import known, short
from poise.policy.intervals import V4, V6, IpSet, internet

BALANCER = "network_load_balancer"
"""Type of interfaces that may wear no group and take packets all the same."""
NEEDED = ("vpc", "subnet", "security_groups", "private_ips", "public_ips", "ipv6_addresses")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What interfaces share: subnet, security groups, and whether they have public addresses."""

    scope: str
    """Account whose inventory holds it."""
    vpc: str
    """ARN of the VPC; empty if it was not read."""
    subnet: str
    """ARN of the subnet; empty if it was not read."""
    groups: tuple[str, ...] | None
    """ARNs of the security groups, sorted; None if they were not read."""
    public: tuple[int, ...]
    """Families in which it has public addresses."""
    perhaps_public: tuple[int, ...] = ()
    """Families in which that was not read."""
    is_filtered: bool = True
    """Whether security groups stand before it; a network load balancer may have none at all."""
    gaps: tuple[Unread, ...] = ()
    """What was not read of it."""


class Spot(msgspec.Struct, frozen=True):
    """Somebody in a place: an interface, or a node of a service."""

    id: str
    """ARN of the interface, or of the asset that it belongs to."""
    place: Place
    addresses: IpSet
    """Private addresses, and IPv6 ones."""
    publics: tuple[str, ...] = ()
    """Public IPv4 addresses."""
    is_exact: bool = True
    """Whether the addresses are its own; those of a service are any of its subnet."""


def spot_of(interface: NetworkInterface) -> Spot:
    """Return where an interface stands."""
    gaps = tuple(Unread(f"{name} of {short(interface.id)}", why) for name, why in _unread(interface).items())
    groups = None if "security_groups" in interface.unread else tuple(sorted(interface.security_groups))
    if groups == () and _field(interface, "type", "") == BALANCER:
        groups = None
        gaps = (
            *gaps,
            Unread(f"security_groups of {short(interface.id)}", "its balancer has none, and listeners decide"),
        )
    v4, v6 = _has(interface, V4), _has(interface, V6)
    place = Place(
        scope=interface.scope,
        vpc=_field(interface, "vpc", ""),
        subnet=_field(interface, "subnet", ""),
        groups=groups,
        public=tuple(family for family, has in ((V4, v4), (V6, v6)) if has),
        perhaps_public=tuple(family for family, has in ((V4, v4), (V6, v6)) if has is None),
        gaps=gaps,
    )
    cidrs = (*_field(interface, "private_ips", ()), *_field(interface, "ipv6_addresses", ()))
    addresses = known(lambda: IpSet.from_cidrs(cidrs))
    publics = tuple(_field(interface, "public_ips", ()))
    return Spot(interface.id, place, addresses if isinstance(addresses, IpSet) else IpSet(), publics)


def by_place(spots: Iterable[Spot]) -> Mapping[Place, list[Spot]]:
    """Sort spots into classes that are reached alike."""
    found: dict[Place, list[Spot]] = defaultdict(list)
    for spot in spots:
        found[spot.place].append(spot)
    return found


def _unread(interface: NetworkInterface) -> Mapping[str, str]:
    return {name: why for name, why in interface.unread.items() if name in NEEDED}


def _field(interface: NetworkInterface, name: str, otherwise: Any) -> Any:
    return otherwise if name in interface.unread else getattr(interface, name)


def _has(interface: NetworkInterface, family: int) -> bool | None:
    """Say whether an interface has a public address; None if that was not read."""
    field = "public_ips" if family == V4 else "ipv6_addresses"
    if field in interface.unread:
        return None
    if family == V4:
        return bool(interface.public_ips)
    addresses = known(lambda: IpSet.from_cidrs(interface.ipv6_addresses))
    return bool((addresses & internet()).v6) if isinstance(addresses, IpSet) else None
