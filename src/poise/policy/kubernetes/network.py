"""What network policies let through between pods, and between pods and addresses.

Source: Kubernetes documentation, "Network Policies": a pod that no policy selects for a direction is open in it;
policies add up; the sender's egress and the receiver's ingress must both let a connection; rules are peers AND
ports. A policy does nothing where the network plug-in does not enforce it. Pods on the network of their node are
beyond what the API defines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.intervals import IpSet, PortSet
from poise.policy.kubernetes.network_objects import (
    EgressRule,
    Ingress,
    IngressRule,
    Namespace,
    NetworkPolicy,
    Peer,
    Pod,
    PolicyPort,
    Selector,
    Service,
)
from poise.policy.reach import Asked, Clause, End, Hop, Networks, Reach, judge
from poise.policy.traffic import Traffic

EVERYONE = IpSet.every()
EVERY_PORT = PortSet.every()
INGRESS, EGRESS = "Ingress", "Egress"
NAME_LABEL = "kubernetes.io/metadata.name"
Rule = IngressRule | EgressRule


class Cluster(msgspec.Struct, frozen=True):
    """What was read of a cluster."""

    policies: tuple[NetworkPolicy, ...] | None
    """None if they were not read."""
    namespaces: tuple[Namespace, ...]
    pods: tuple[Pod, ...] = ()
    services: tuple[Service, ...] = ()
    ingresses: tuple[Ingress, ...] | None = ()
    """None if they were not read."""
    is_enforced: bool | None = True
    """Whether the network plug-in enforces policies; None if that is not known."""
    node_addresses: tuple[str, ...] | None = None
    """Public addresses of the nodes; None if they were not read."""

    def labels_of(self, namespace: str) -> Mapping[str, str]:
        """Return the labels of a namespace, its name among them, which every namespace bears."""
        found = next((one.metadata.labels for one in self.namespaces if one.metadata.name == namespace), {})
        return {NAME_LABEL: namespace, **found}


class Other(NamedTuple):
    """The other end, as rules see it: a pod, or addresses."""

    pod: Pod | None
    addresses: IpSet


def reach_between_pods(
    cluster: Cluster, source: Pod, target: Pod, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether one pod reaches another at its own address."""
    asked = Asked(addresses_of(source), addresses_of(target), ports, protocol)
    leaves = policy_hop(cluster, source, End.TARGET, Other(target, asked.targets), protocol)
    enters = policy_hop(cluster, target, End.SOURCE, Other(source, asked.sources), protocol)
    return judge(asked, (leaves, enters))


def reach_from_addresses(
    cluster: Cluster, source: Networks, target: Pod, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether addresses get past the policies of a pod, for packets that come to it with them."""
    side = End.SOURCE if source.is_internet else None
    hop = policy_hop(cluster, target, End.SOURCE, Other(None, source.addresses), protocol)
    return judge(Asked(source.addresses, EVERYONE, ports, protocol, side), (hop,))


def reach_to_addresses(
    cluster: Cluster, source: Pod, target: Networks, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether the policies of a pod let it out to addresses; what is beyond the cluster is not judged."""
    side = End.TARGET if target.is_internet else None
    hop = policy_hop(cluster, source, End.TARGET, Other(None, target.addresses), protocol)
    return judge(Asked(EVERYONE, target.addresses, ports, protocol, side), (hop,))


def policy_hop(cluster: Cluster, pod: Pod, end: End, other: Other, protocol: str = "tcp") -> Hop:
    """Return what the policies of a pod let in (``end`` is the source) or out (``end`` is the target)."""
    direction = INGRESS if end is End.SOURCE else EGRESS
    name = f"{pod.metadata.namespace}/{pod.metadata.name}"
    free = Clause(Reason(f"no policy selects {name} for {direction.lower()}", source=name), True, Traffic.every())
    everything = Hop(end, Traffic.every(), Traffic.every(), free.reason, lambda: (free,))
    if cluster.is_enforced is False:
        return everything
    if cluster.policies is None:
        gap = Unread("network policies", "they were not read")
        return Hop(end, Traffic(), Traffic.every(), free.reason, unread=(gap,))
    chosen = [policy for policy in cluster.policies if _concerns(policy, pod, direction)]
    if not chosen:
        return everything
    named_at = pod if end is End.SOURCE else other.pod
    clauses = tuple(_clauses(cluster, chosen, direction, other, named_at, protocol))
    passed = Traffic.of(part for clause in clauses for part in clause.traffic.parts)
    names = ", ".join(policy.metadata.name for policy in chosen)
    refused = Reason(f"{names} isolates {name} for {direction.lower()}, and no rule lets this through", source=name)
    gaps = tuple(_doubts(cluster, pod))
    return Hop(end, passed, Traffic.every() if gaps else passed, refused, lambda: clauses, gaps)


def selects(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Say whether a selector selects labels; an operator that is not known selects nothing."""
    if any(labels.get(key) != value for key, value in selector.match_labels.items()):
        return False
    return all(_holds(one.operator, one.key, one.values, labels) for one in selector.match_expressions)


def addresses_of(pod: Pod) -> IpSet:
    """Return the address of a pod; all that there are while it has none, so that only rules on ranges miss it."""
    return IpSet.from_cidrs((pod.status.pod_ip,)) if pod.status.pod_ip else EVERYONE


def named_port(pod: Pod | None, name: str, protocol: str) -> PortSet:
    """Return the ports that a pod calls by a name."""
    containers = pod.spec.containers if pod is not None else ()
    ports = (port for container in containers for port in container.ports)
    return PortSet.of(*(p.container_port for p in ports if p.name == name and p.protocol.lower() == protocol))


def _doubts(cluster: Cluster, pod: Pod) -> Iterator[Unread]:
    if cluster.is_enforced is None:
        yield Unread("the network plug-in", "whether it enforces network policies is not known")
    if pod.spec.host_network:
        yield Unread(f"policies for {pod.metadata.name}", "it is on the network of its node, where they need not hold")


def _concerns(policy: NetworkPolicy, pod: Pod, direction: str) -> bool:
    types = policy.spec.policy_types
    if types is None:
        types = (INGRESS, EGRESS) if policy.spec.egress else (INGRESS,)
    is_same = policy.metadata.namespace == pod.metadata.namespace
    return is_same and direction in types and selects(policy.spec.pod_selector, pod.metadata.labels)


def _clauses(
    cluster: Cluster,
    policies: Iterable[NetworkPolicy],
    direction: str,
    other: Other,
    named_at: Pod | None,
    protocol: str,
) -> Iterator[Clause]:
    for policy in policies:
        rules: tuple[Rule, ...] = policy.spec.ingress if direction == INGRESS else policy.spec.egress
        for at, rule in enumerate(rules):
            ports = _ports(rule, named_at, protocol)
            addresses = _addresses(cluster, policy, rule, other)
            reason = Reason(f"{direction.lower()} rule {at} lets this through", at, source=policy.metadata.name)
            yield Clause(reason, True, Traffic.between(ports, addresses))


def _ports(rule: Rule, pod: Pod | None, protocol: str) -> PortSet:
    if not rule.ports:
        return EVERY_PORT
    found = PortSet()
    for port in rule.ports:
        if port.protocol.lower() == protocol:
            found = found | _port(port, pod, protocol)
    return found


def _port(port: PolicyPort, pod: Pod | None, protocol: str) -> PortSet:
    if port.port is None:
        return EVERY_PORT
    if isinstance(port.port, str):
        return named_port(pod, port.port, protocol)
    return PortSet.of((port.port, port.end_port or port.port))


def _addresses(cluster: Cluster, policy: NetworkPolicy, rule: Rule, other: Other) -> IpSet:
    if not rule.peers:
        return EVERYONE
    total = IpSet()
    for peer in rule.peers:
        total = total | _of_peer(cluster, policy, peer, other)
    return total


def _of_peer(cluster: Cluster, policy: NetworkPolicy, peer: Peer, other: Other) -> IpSet:
    if peer.ip_block is not None:
        return IpSet.from_cidrs((peer.ip_block.cidr,)) - IpSet.from_cidrs(peer.ip_block.exceptions)
    pod = other.pod
    if pod is None or pod.spec.host_network:
        return IpSet()  # A pod on the network of its node has the node's address, and no labels to the plug-in.
    if peer.namespace_selector is None:
        is_there = pod.metadata.namespace == policy.metadata.namespace
    else:
        is_there = selects(peer.namespace_selector, cluster.labels_of(pod.metadata.namespace))
    return EVERYONE if is_there and selects(peer.pod_selector or Selector(), pod.metadata.labels) else IpSet()


def _holds(operator: str, key: str, values: tuple[str, ...], labels: Mapping[str, str]) -> bool:
    if operator == "In":
        return key in labels and labels[key] in values
    if operator == "NotIn":
        return labels.get(key) not in values
    return key in labels if operator == "Exists" else operator == "DoesNotExist" and key not in labels
