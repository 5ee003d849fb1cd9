"""Ways from outside of a cluster to its pods: balancers, node ports, external addresses, ingresses.

Sources: Kubernetes documentation, "Service" (types, `externalIPs`, `loadBalancerSourceRanges`), "Using Source IP"
(with the traffic policy `Cluster` a pod sees the address of a node, with `Local` that of the client), "Ingress".
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.kubernetes.network import (
    EVERY_PORT,
    EVERYONE,
    Cluster,
    named_port,
    reach_from_addresses,
)
from poise.policy.kubernetes.network_objects import BalancerStatus, Ingress, Pod, Service, ServicePort
from poise.policy.reach import Decision, Networks, Reach, any_of, closed, unknown

BALANCER, NODE_PORT = "LoadBalancer", "NodePort"
INTERNAL = {
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
    "alb.ingress.kubernetes.io/scheme": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "cloud.google.com/load-balancer-type": ("internal",),
}
"""Annotations that keep a balancer off the internet, with the values that do."""
FACING = ("service.beta.kubernetes.io/aws-load-balancer-scheme", "alb.ingress.kubernetes.io/scheme")
"""Annotations that put it there, with the value `internet-facing`."""


def reach_from_outside(
    cluster: Cluster, source: Networks, target: Pod, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether something outside of the cluster reaches a pod through a service or an ingress.

    The ports are those of the pod. Filters of the cloud before the nodes are not judged here.
    """
    ways = [
        *_by_services(cluster, source, target, ports, protocol),
        *_by_ingresses(cluster, source, target, ports, protocol),
    ]
    return any_of(ways, closed("no service or ingress leads to it from outside", target.metadata.name, protocol))


def _by_services(cluster: Cluster, source: Networks, pod: Pod, ports: PortSet, protocol: str) -> Iterator[Reach]:
    for service in cluster.services:
        if not _leads(service, pod):
            continue
        for port in service.spec.ports:
            there = target_ports(port, pod) & ports
            if there and port.protocol.lower() == protocol:
                yield from _by_port(cluster, source, pod, (service, port), there)


def _by_port(
    cluster: Cluster, source: Networks, pod: Pod, way: tuple[Service, ServicePort], there: PortSet
) -> Iterator[Reach]:
    service, port = way
    spec, name = service.spec, f"{service.metadata.namespace}/{service.metadata.name}"
    if any(IpSet.from_cidrs((address,)) & internet() for address in spec.external_ips):
        yield _forwarded(cluster, source, pod, way, there, f"{name} has external addresses")
    if spec.type == BALANCER:
        limited = _within(source, spec.load_balancer_source_ranges)
        facing = _faces_internet(service.metadata.annotations, service.status.load_balancer)
        found = _forwarded(cluster, limited, pod, way, there, f"balancer of {name} at port {port.port}")
        yield from _if_facing(facing, found, f"the address of the balancer of {name}")
    if spec.type in (BALANCER, NODE_PORT) and port.node_port is not None:
        yield from _by_nodes(cluster, source, pod, way, there)


def _by_nodes(
    cluster: Cluster, source: Networks, pod: Pod, way: tuple[Service, ServicePort], there: PortSet
) -> Iterator[Reach]:
    """Yield the way by the port that every node opens; what the cloud lets through to nodes is not judged here."""
    text = f"port {way[1].node_port} of every node"
    found = _forwarded(cluster, source, pod, way, there, text)
    if found.decision is Decision.CLOSED or cluster.node_addresses == ():
        return
    what = "addresses of the nodes" if cluster.node_addresses is None else f"what lets packets in to {text}"
    yield _unsure(found, Unread(what, "that is of the cloud around the cluster"))


def _by_ingresses(cluster: Cluster, source: Networks, pod: Pod, ports: PortSet, protocol: str) -> Iterator[Reach]:
    if protocol != "tcp":
        return
    if cluster.ingresses is None:
        if any(_leads(service, pod) for service in cluster.services):
            yield unknown("ingresses", "they were not read", protocol)
        return
    for ingress in cluster.ingresses:
        for service, port in _behind(cluster, ingress):
            there = target_ports(port, pod) & ports
            if _leads(service, pod) and there:
                yield from _by_controller(cluster, pod, ingress, there)


def _by_controller(cluster: Cluster, pod: Pod, ingress: Ingress, there: PortSet) -> Iterator[Reach]:
    """Yield the way by a controller, whose own addresses pods see: which pods those are is not told by an ingress."""
    name = f"ingress {ingress.metadata.namespace}/{ingress.metadata.name}"
    found = reach_from_addresses(cluster, Networks(EVERYONE), pod, there)
    facing = _faces_internet(ingress.metadata.annotations, ingress.status.load_balancer)
    if found.is_open and found.sources.covers(EVERYONE):
        yield from _if_facing(facing, _named(found, name), f"the address of {name}")
    elif facing is not False:
        doubt = unknown(f"the controller of {name}", "whether policies let its pods in is not told by an ingress")
        yield msgspec.structs.replace(doubt, ports=there)


def _behind(cluster: Cluster, ingress: Ingress) -> Iterator[tuple[Service, ServicePort]]:
    backends = [path.backend for rule in ingress.spec.rules for path in rule.http.paths]
    if ingress.spec.default_backend is not None:
        backends.append(ingress.spec.default_backend)
    wanted = {one.service for one in backends if one.service is not None}
    for service in cluster.services:
        if service.metadata.namespace == ingress.metadata.namespace:
            for port in service.spec.ports:
                asked = (b.port for b in wanted if b.name == service.metadata.name)
                if any(one.number == port.port or (one.name and one.name == port.name) for one in asked):
                    yield service, port


def target_ports(port: ServicePort, pod: Pod) -> PortSet:
    """Return the ports of a pod that a port of a service leads to."""
    target = port.target_port if port.target_port is not None else port.port
    return named_port(pod, target, port.protocol.lower()) if isinstance(target, str) else PortSet.of(target)


def _leads(service: Service, pod: Pod) -> bool:
    chosen = service.spec.selector
    if not chosen or service.metadata.namespace != pod.metadata.namespace:
        return False
    return all(pod.metadata.labels.get(key) == value for key, value in chosen.items())


def _forwarded(
    cluster: Cluster, source: Networks, pod: Pod, way: tuple[Service, ServicePort], there: PortSet, text: str
) -> Reach:
    protocol = way[1].protocol.lower()
    if way[0].spec.external_traffic_policy == "Local":
        return _named(reach_from_addresses(cluster, source, pod, there, protocol), text)
    # Pods see some node's address: only what lets everybody in lets all nodes in for certain.
    every = reach_from_addresses(cluster, Networks(EVERYONE), pod, there, protocol)
    if every.is_open and not every.sources.covers(EVERYONE):
        return _unsure(_named(every, text), Unread("addresses of the nodes", "policies let some addresses in alone"))
    if not source.addresses:
        return closed("no source range of the balancer fits", way[0].metadata.name, protocol)
    return msgspec.structs.replace(_named(every, text), sources=source.addresses)


def _within(source: Networks, ranges: tuple[str, ...]) -> Networks:
    """Return what of a source the ranges of a balancer leave; a few ranges are no internet."""
    if not ranges:
        return source
    left = source.addresses & IpSet.from_cidrs(ranges)
    return Networks(left if _is_wide(source, left) else IpSet(), source.is_internet)


def _is_wide(source: Networks, left: IpSet) -> bool:
    if not source.is_internet:
        return bool(left)
    return any(left.size(family) * 256 >= internet().size(family) for family in (4, 6))


def _faces_internet(annotations: dict[str, str], status: BalancerStatus) -> bool | None:
    """Say whether a balancer has a public address; None if it has none yet, or only a name."""
    if any(annotations.get(key, "").lower() in values for key, values in INTERNAL.items()):
        return False
    if any(annotations.get(key, "").lower() == "internet-facing" for key in FACING):
        return True
    addresses = [one.ip for one in status.ingress if one.ip]
    if not addresses:
        return None
    return bool(IpSet.from_cidrs(addresses) & internet())


def _if_facing(facing: bool | None, found: Reach, what: str) -> Iterator[Reach]:
    if facing is True or (facing is None and found.decision is Decision.CLOSED):
        yield found
    elif facing is None:
        yield _unsure(found, Unread(what, "whether it is public is not told"))


def _named(found: Reach, text: str) -> Reach:
    return msgspec.structs.replace(found, because=(Reason(f"{text} leads to it"), *found.because))


def _unsure(found: Reach, gap: Unread) -> Reach:
    if found.decision is Decision.CLOSED:
        return found
    return msgspec.structs.replace(found, decision=Decision.UNKNOWN, unread=(*found.unread, gap))
