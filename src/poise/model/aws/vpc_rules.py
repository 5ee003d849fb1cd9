"""Records of what lets packets in and out of a network: security groups, prefix lists, network ACLs."""

from poise.model.asset import Asset, Part, asset_kind


class SecurityRule(Part, frozen=True, kw_only=True):
    """One permission of a security group, with all its peers."""

    protocol: str
    """`tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all."""
    from_port: int | None
    """First port, or ICMP type; None for all."""
    to_port: int | None
    """Last port, or ICMP code; None for all."""
    cidrs_v4: tuple[str, ...]
    """IPv4 ranges."""
    cidrs_v6: tuple[str, ...]
    """IPv6 ranges."""
    prefix_lists: tuple[str, ...]
    """ARNs of prefix lists."""
    groups: tuple[str, ...]
    """ARNs of security groups."""
    descriptions: tuple[str, ...]
    """What people wrote beside the peers, without repeats."""


@asset_kind("AWS::EC2::SecurityGroup", "aws")
class SecurityGroup(Asset):
    """A list of what may reach the interfaces that wear it, and what they may reach."""

    description: str
    """What its maker said about it."""
    vpc: str | None
    """ARN of its VPC; None outside of any."""
    owner: str
    """Account that owns it."""
    ingress: tuple[SecurityRule, ...]
    """What may come in."""
    egress: tuple[SecurityRule, ...]
    """What may go out."""


class PrefixListEntry(Part, frozen=True, kw_only=True):
    """One range of a prefix list."""

    cidr: str
    """The range."""
    description: str | None
    """What people wrote beside it; None if nothing."""


@asset_kind("AWS::EC2::PrefixList", "aws")
class PrefixList(Asset):
    """A named list of ranges that rules and routes refer to. Lists of AWS itself are not kept."""

    family: str
    """`IPv4` or `IPv6`."""
    owner: str
    """Account that owns it."""
    version: int | None
    """Its version; None where the API leaves it out."""
    entries: tuple[PrefixListEntry, ...]
    """Its ranges."""


class AclEntry(Part, frozen=True, kw_only=True):
    """One numbered rule of a network ACL."""

    number: int
    """Lowest first; 32767 is the closing deny."""
    egress: bool
    """Whether it is about what goes out."""
    action: str
    """`allow` or `deny`."""
    protocol: str
    """A number, or `-1` for all."""
    cidr: str
    """Range of either family."""
    from_port: int | None
    """First port; None for all."""
    to_port: int | None
    """Last port; None for all."""


@asset_kind("AWS::EC2::NetworkAcl", "aws")
class NetworkAcl(Asset):
    """Numbered rules for all packets that cross the border of subnets; the first that fits decides."""

    vpc: str
    """ARN of its VPC."""
    is_default: bool
    """Whether it serves the subnets that have no ACL of their own."""
    owner: str
    """Account that owns it."""
    subnets: tuple[str, ...]
    """ARNs of its subnets."""
    entries: tuple[AclEntry, ...]
    """Its rules, of both directions."""
