"""What the firewalls of Google Cloud let through, in the order in which they are asked.

Sources: Cloud NGFW, "Evaluation order for firewall policies and rules" (policies of the hierarchy from the top, those
of Google, rules of the VPC, policies of the network global and then regional; or rules of the VPC last), "VPC firewall
rules" (lowest number first, deny before allow at the same number; ingress is refused and egress allowed where nothing
matches; a rule with source tags and no ranges is for machines of the network alone), "Firewall policy rules".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from poise.model.errors import BadInput
from poise.policy.answer import Reason, Unread
from poise.policy.gcp.network_objects import FirewallPolicy, FirewallRule, Interface, Match, Network, PolicyRule
from poise.policy.intervals import IpSet, PortSet
from poise.policy.lookups import known
from poise.policy.reach import Clause, End, Hop, unread_hop
from poise.policy.traffic import Traffic

EVERYONE = IpSet.every()
EVERY_PORT = PortSet.every()
EVERY_V4 = ("0.0.0.0/0",)
ALL = "all"
NUMBERS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "132": "sctp"}
WITH_PORTS = ("tcp", "udp", "sctp")
BEFORE = "BEFORE_CLASSIC_FIREWALL"
MOST_RULES = 5000
"""Rules of one stage; a network has far fewer."""
UNREAD_MATCHERS = (
    ("src_fqdns", "src_region_codes", "src_threat_intelligences", "src_address_groups"),
    ("dest_fqdns", "dest_region_codes", "dest_threat_intelligences", "dest_address_groups"),
)
"""Matchers whose addresses are not in the rule, of the source and of the target."""


class Line(NamedTuple):
    """A rule of either kind, with what it is about as seen from one interface."""

    name: str
    action: str
    """`allow`, `deny`, `next` or `unclear`."""
    traffic: Traffic
    """What it matches for certain."""
    most: Traffic
    """What it matches if every list that was not read holds everything."""


class _State(NamedTuple):
    let: Traffic
    left: Traffic


def firewall_hop(network: Network, interface: Interface, end: End, far: Interface | None, protocol: str = "tcp") -> Hop:
    """Return what the firewalls let in to an interface (``end`` is the source) or out of it.

    ``far`` is the other end if it is an interface; its network tags count inside of one network alone.
    """
    stages = known(lambda: list(_stages(network, interface, end, far, protocol)), network.name)
    if isinstance(stages, Unread):
        return unread_hop(end, stages)
    implied = end is End.TARGET
    sure, most = (_passed(stages, implied=implied, is_hopeful=hopeful) for hopeful in (False, True))
    clauses = [
        Clause(Reason(f"{line.name} {line.action}s this", source=line.name), line.action == "allow", line.most)
        for lines, _ in stages
        for line in lines
        if line.action in ("allow", "deny")
    ]
    gaps = tuple(dict.fromkeys(gap for _, gap in stages if gap is not None))
    if sure != most and not gaps:
        gaps = (Unread(f"lists in firewall policies of {network.name}", "what they hold is not read"),)
    way = "in" if end is End.SOURCE else "out"
    return Hop(end, sure, most, Reason(f"no firewall rule of {network.name} lets this {way}"), lambda: clauses, gaps)


def _stages(
    network: Network, interface: Interface, end: End, far: Interface | None, protocol: str
) -> Iterator[tuple[list[Line], Unread | None]]:
    """Yield the lines of each stage, or why it was not read."""
    rules = ("VPC firewall rules", network.rules)
    policies = (
        ("global network policies", network.global_policies),
        ("regional network policies", network.regional_policies),
    )
    after = (*policies, rules) if network.order == BEFORE else (rules, *policies)
    first = (("hierarchical firewall policies", network.hierarchical), ("system firewall policies", network.system))
    for name, content in (*first, *after):
        if content is None:
            yield [], Unread(f"{name} of {network.name}", "they were not read")
            continue
        for group in _groups(content):
            yield list(_lines(group, interface, end, far, protocol)), None


def _groups(content: Sequence[FirewallPolicy | FirewallRule]) -> Iterator[Sequence[PolicyRule | FirewallRule]]:
    """Yield the rules that are asked together: those of each policy, and all rules of a VPC."""
    classic: list[PolicyRule | FirewallRule] = [one for one in content if isinstance(one, FirewallRule)]
    if classic:
        yield sorted(classic, key=_classic_rank)
    for one in content:
        if isinstance(one, FirewallPolicy):
            yield sorted(one.rules, key=lambda rule: rule.priority)


def _classic_rank(rule: PolicyRule | FirewallRule) -> tuple[int, bool]:
    return rule.priority, not (isinstance(rule, FirewallRule) and rule.denied)


def _lines(
    rules: Sequence[PolicyRule | FirewallRule], interface: Interface, end: End, far: Interface | None, protocol: str
) -> Iterator[Line]:
    if len(rules) > MOST_RULES:
        raise BadInput("there are more rules in one firewall than can be followed")
    direction = "INGRESS" if end is End.SOURCE else "EGRESS"
    for rule in rules:
        if rule.disabled or rule.direction != direction:
            continue
        if isinstance(rule, FirewallRule):
            yield from _classic(rule, interface, end, far, protocol)
        else:
            yield from _of_policy(rule, interface, end, far, protocol)


def _classic(
    rule: FirewallRule, interface: Interface, end: End, far: Interface | None, protocol: str
) -> Iterator[Line]:
    if not _is_target(rule, interface):
        return
    layers = rule.denied or rule.allowed
    ports = _ports(((one.protocol, one.ports) for one in layers), protocol)
    if end is End.TARGET:
        addresses = IpSet.from_cidrs(rule.destination_ranges or EVERY_V4)
    elif _is_named(rule, interface, far):
        addresses = EVERYONE
    else:
        named = rule.source_tags or rule.source_service_accounts
        addresses = IpSet.from_cidrs(rule.source_ranges or (() if named else EVERY_V4))
    traffic = Traffic.between(ports, addresses)
    yield Line(rule.name, "deny" if rule.denied else "allow", traffic, traffic)


def _is_target(rule: FirewallRule, interface: Interface) -> bool:
    if rule.target_tags:
        return bool(set(rule.target_tags) & set(interface.tags))
    if rule.target_service_accounts:
        return interface.service_account in rule.target_service_accounts
    return True


def _is_named(rule: FirewallRule, interface: Interface, far: Interface | None) -> bool:
    if far is None or far.network != interface.network:
        return False
    return bool(set(rule.source_tags) & set(far.tags)) or far.service_account in rule.source_service_accounts


def _of_policy(
    rule: PolicyRule, interface: Interface, end: End, far: Interface | None, protocol: str
) -> Iterator[Line]:
    if not _is_meant(rule, interface):
        return
    ports = _ports(((one.ip_protocol, one.ports) for one in rule.match.layer4_configs), protocol)
    sure, most = _addresses(rule.match, end, far)
    action = {"allow": "allow", "deny": "deny", "goto_next": "next"}.get(rule.action, "unclear")
    name = rule.description or f"policy rule {rule.priority}"
    yield Line(name, action, Traffic.between(ports, sure), Traffic.between(ports, most))


def _is_meant(rule: PolicyRule, interface: Interface) -> bool:
    if rule.target_resources and interface.network not in rule.target_resources:
        return False
    if rule.target_secure_tags:
        return any(tag.name in interface.secure_tags for tag in rule.target_secure_tags)
    return not rule.target_service_accounts or interface.service_account in rule.target_service_accounts


def _addresses(match: Match, end: End, far: Interface | None) -> tuple[IpSet, IpSet]:
    """Return the far addresses that a rule matches for certain, and at most."""
    ranges = match.src_ip_ranges if end is End.SOURCE else match.dest_ip_ranges
    unclear = any(getattr(match, field) for field in UNREAD_MATCHERS[end is End.TARGET])
    tags = match.src_secure_tags if end is End.SOURCE else ()
    if far is not None and any(tag.name in far.secure_tags for tag in tags):
        return EVERYONE, EVERYONE
    if not (ranges or unclear or tags):
        return EVERYONE, EVERYONE
    sure = IpSet.from_cidrs(ranges)
    return sure, EVERYONE if unclear else sure


def _ports(layers: Iterable[tuple[str, tuple[str, ...]]], protocol: str) -> PortSet:
    found = PortSet()
    for name, ports in layers:
        mine = NUMBERS.get(name.lower(), name.lower())
        if mine not in (ALL, protocol):
            continue
        if not ports or protocol not in WITH_PORTS:
            return EVERY_PORT
        found = found | PortSet.of(*(_range(text) for text in ports))
    return found


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdigit() and (not last or last.isdigit())):
        raise BadInput(f"{text[:40]!r} is no port of a firewall rule")
    return int(first), int(last or first)


def _passed(stages: Sequence[tuple[list[Line], Unread | None]], *, implied: bool, is_hopeful: bool) -> Traffic:
    """Follow packets through the stages; what was not read lets all through (hopeful) or nothing."""
    state = _State(Traffic(), Traffic.every())
    for lines, gap in stages:
        if gap is not None:
            # An unread stage may decide everything that comes to it, either way, or leave it to the next.
            state = _State(state.let | state.left if is_hopeful else state.let, state.left if is_hopeful else Traffic())
            continue
        state = _through(state, lines, is_hopeful)
    return state.let | (state.left if implied else Traffic())


def _through(state: _State, lines: Iterable[Line], is_hopeful: bool) -> _State:
    let, undecided, onward = state.let, state.left, Traffic()
    for line in lines:
        # A list that was not read is taken to fit where that opens (hopeful) or closes.
        fits = line.most if (line.action == "allow") is is_hopeful else line.traffic
        if line.action in ("next", "unclear"):
            fits = line.most
        own = undecided & fits
        if line.action == "allow" or (is_hopeful and _is_doubtful(line)):
            let = let | own
        if line.action == "next" and (is_hopeful or not _is_doubtful(line)):
            onward = onward | own
        undecided = undecided if is_hopeful and _is_doubtful(line) else undecided - own
    return _State(let, undecided | onward)


def _is_doubtful(line: Line) -> bool:
    return line.action == "unclear" or (line.action == "next" and line.traffic != line.most)
