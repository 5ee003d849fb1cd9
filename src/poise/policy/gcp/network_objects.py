"""What decides about the network of Google Cloud, as the Compute Engine API gives it: firewalls and what they guard."""

from __future__ import annotations

import msgspec


class Layer4(msgspec.Struct, frozen=True, rename={"protocol": "IPProtocol"}):
    """A protocol with ports, as rules of a VPC have it."""

    protocol: str
    """`tcp`, `udp`, `icmp` ..., a number, or `all`."""
    ports: tuple[str, ...] = ()
    """Ports and ranges; empty for all."""


class FirewallRule(msgspec.Struct, frozen=True, rename="camel"):
    """A firewall rule of a VPC (`firewalls`). It allows or denies, never both."""

    name: str
    network: str
    direction: str = "INGRESS"
    priority: int = 1000
    disabled: bool = False
    allowed: tuple[Layer4, ...] = ()
    denied: tuple[Layer4, ...] = ()
    source_ranges: tuple[str, ...] = ()
    destination_ranges: tuple[str, ...] = ()
    source_tags: tuple[str, ...] = ()
    target_tags: tuple[str, ...] = ()
    source_service_accounts: tuple[str, ...] = ()
    target_service_accounts: tuple[str, ...] = ()


class PolicyLayer4(msgspec.Struct, frozen=True, rename="camel"):
    """A protocol with ports, as rules of policies have it."""

    ip_protocol: str
    ports: tuple[str, ...] = ()


class SecureTag(msgspec.Struct, frozen=True):
    """A tag that only those with a right to it may set."""

    name: str


class Match(msgspec.Struct, frozen=True, rename="camel"):
    """What a rule of a policy matches. Lists of one end are alternatives."""

    layer4_configs: tuple[PolicyLayer4, ...] = ()
    src_ip_ranges: tuple[str, ...] = ()
    dest_ip_ranges: tuple[str, ...] = ()
    src_secure_tags: tuple[SecureTag, ...] = ()
    src_fqdns: tuple[str, ...] = ()
    dest_fqdns: tuple[str, ...] = ()
    src_region_codes: tuple[str, ...] = ()
    dest_region_codes: tuple[str, ...] = ()
    src_threat_intelligences: tuple[str, ...] = ()
    dest_threat_intelligences: tuple[str, ...] = ()
    src_address_groups: tuple[str, ...] = ()
    dest_address_groups: tuple[str, ...] = ()


class PolicyRule(msgspec.Struct, frozen=True, rename="camel"):
    """A rule of a firewall policy, hierarchical or of a network."""

    priority: int
    action: str
    """`allow`, `deny`, `goto_next` or `apply_security_profile_group`."""
    match: Match
    direction: str = "INGRESS"
    disabled: bool = False
    target_resources: tuple[str, ...] = ()
    """Networks that it is for; empty for all."""
    target_service_accounts: tuple[str, ...] = ()
    target_secure_tags: tuple[SecureTag, ...] = ()
    description: str = ""


class FirewallPolicy(msgspec.Struct, frozen=True):
    """A firewall policy."""

    name: str
    rules: tuple[PolicyRule, ...]


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """A VPC network, and everything that filters in it. What is None was not read."""

    name: str
    hierarchical: tuple[FirewallPolicy, ...] | None
    """Policies of the organization and then of each folder, from the top."""
    system: tuple[FirewallPolicy, ...] | None = ()
    """Policies that Google keeps for its services, by region."""
    rules: tuple[FirewallRule, ...] | None
    """Firewall rules of the network."""
    global_policies: tuple[FirewallPolicy, ...] | None = ()
    """Global network policies."""
    regional_policies: tuple[FirewallPolicy, ...] | None = ()
    """Regional network policies."""
    order: str = "AFTER_CLASSIC_FIREWALL"
    """`networkFirewallPolicyEnforcementOrder`; `BEFORE_CLASSIC_FIREWALL` asks network policies before rules."""
    has_internet_route: bool | None
    """Whether a route sends packets for anywhere to the default internet gateway."""
    peers: tuple[str, ...] = ()
    """Networks with an active peering."""


class Interface(msgspec.Struct, frozen=True, kw_only=True):
    """An interface of a machine, with what rules know it by."""

    name: str
    network: str
    addresses: tuple[str, ...]
    """Addresses inside."""
    external: tuple[str, ...] = ()
    """External addresses (access configurations)."""
    tags: tuple[str, ...] = ()
    """Network tags."""
    service_account: str | None = None
    secure_tags: tuple[str, ...] = ()
    has_nat: bool | None = False
    """Whether Cloud NAT serves its subnet: a way out and never in."""


class ForwardingRule(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a load balancer, resolved down to what it leads to."""

    name: str
    address: str
    protocol: str = "tcp"
    ports: tuple[str, ...] = ()
    """Ports in front; empty for all."""
    is_proxy: bool
    """Whether the balancer ends the connection; else machines see the client's address."""
    backends: tuple[str, ...]
    """Names of the interfaces behind."""
    backend_port: int | None = None
    """Port behind a proxy; None for the same port."""
