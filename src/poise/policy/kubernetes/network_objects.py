"""The objects of a cluster that decide about its network, as the Kubernetes API gives them.

They are read with `from_document`, so that a manifest of a file and an answer of the API are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from poise.model.errors import BadInput

S = TypeVar("S", bound=msgspec.Struct)


class Metadata(msgspec.Struct, frozen=True):
    """Name, namespace and labels."""

    name: str
    namespace: str = "default"
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class Requirement(msgspec.Struct, frozen=True):
    """One expression of a selector."""

    key: str
    operator: str
    """`In`, `NotIn`, `Exists` or `DoesNotExist`."""
    values: tuple[str, ...] = ()


class Selector(msgspec.Struct, frozen=True, rename="camel"):
    """A label selector; an empty one selects everything."""

    match_labels: dict[str, str] = {}
    match_expressions: tuple[Requirement, ...] = ()


class IpBlock(msgspec.Struct, frozen=True, rename={"exceptions": "except"}):
    """A range with holes."""

    cidr: str
    exceptions: tuple[str, ...] = ()


class Peer(msgspec.Struct, frozen=True, rename="camel"):
    """One peer of a rule: a range, or pods by their labels and those of their namespace."""

    ip_block: IpBlock | None = None
    pod_selector: Selector | None = None
    namespace_selector: Selector | None = None


class PolicyPort(msgspec.Struct, frozen=True, rename="camel"):
    """A port of a rule: a number or a name of the pod's own, or a range."""

    protocol: str = "TCP"
    port: int | str | None = None
    end_port: int | None = None


class IngressRule(msgspec.Struct, frozen=True, rename={"peers": "from"}):
    """What may come in: peers AND ports; either is everything if it is missing or empty."""

    peers: tuple[Peer, ...] = ()
    ports: tuple[PolicyPort, ...] = ()


class EgressRule(msgspec.Struct, frozen=True, rename={"peers": "to"}):
    """What may go out."""

    peers: tuple[Peer, ...] = ()
    ports: tuple[PolicyPort, ...] = ()


class PolicySpec(msgspec.Struct, frozen=True, rename="camel"):
    """Which pods a policy is for, and what it lets through."""

    pod_selector: Selector = Selector()
    policy_types: tuple[str, ...] | None = None
    """`Ingress`, `Egress`; if missing, `Ingress`, and `Egress` if there are egress rules."""
    ingress: tuple[IngressRule, ...] = ()
    egress: tuple[EgressRule, ...] = ()


class NetworkPolicy(msgspec.Struct, frozen=True):
    """A network policy (`networking.k8s.io/v1`)."""

    metadata: Metadata
    spec: PolicySpec


class Namespace(msgspec.Struct, frozen=True):
    """A namespace with its labels."""

    metadata: Metadata


class ContainerPort(msgspec.Struct, frozen=True, rename="camel"):
    """A port that a container declares, with the name that policies and services may use."""

    container_port: int
    name: str = ""
    protocol: str = "TCP"


class Container(msgspec.Struct, frozen=True):
    """A container of a pod."""

    ports: tuple[ContainerPort, ...] = ()


class PodSpec(msgspec.Struct, frozen=True, rename="camel"):
    """What of a pod matters to the network."""

    containers: tuple[Container, ...] = ()
    host_network: bool = False
    """Whether it shares the network of its node; policies need not hold for it."""


class PodStatus(msgspec.Struct, frozen=True, rename="camel"):
    """Where a pod is."""

    pod_ip: str | None = msgspec.field(default=None, name="podIP")


class Pod(msgspec.Struct, frozen=True):
    """A pod."""

    metadata: Metadata
    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()


class ServicePort(msgspec.Struct, frozen=True, rename="camel"):
    """A port of a service, and where it leads."""

    port: int
    name: str = ""
    protocol: str = "TCP"
    target_port: int | str | None = None
    """Number or name at the pod; the port itself if missing."""
    node_port: int | None = None


class ServiceSpec(msgspec.Struct, frozen=True, rename="camel"):
    """Which pods a service leads to, and from where."""

    type: str = "ClusterIP"
    selector: dict[str, str] = {}
    ports: tuple[ServicePort, ...] = ()
    external_ips: tuple[str, ...] = msgspec.field(default=(), name="externalIPs")
    load_balancer_source_ranges: tuple[str, ...] = ()
    external_traffic_policy: str = "Cluster"
    """`Cluster`: pods see the address of a node; `Local`: that of the client."""


class BalancerAddress(msgspec.Struct, frozen=True):
    """An address that a balancer was given."""

    ip: str | None = None
    hostname: str | None = None


class BalancerStatus(msgspec.Struct, frozen=True):
    """Addresses of a balancer."""

    ingress: tuple[BalancerAddress, ...] = ()


class ExposedStatus(msgspec.Struct, frozen=True, rename="camel"):
    """Status of a service or an ingress."""

    load_balancer: BalancerStatus = BalancerStatus()


class Service(msgspec.Struct, frozen=True):
    """A service."""

    metadata: Metadata
    spec: ServiceSpec
    status: ExposedStatus = ExposedStatus()


class BackendPort(msgspec.Struct, frozen=True):
    """Port of the service behind an ingress: a number or a name."""

    number: int | None = None
    name: str = ""


class BackendService(msgspec.Struct, frozen=True):
    """The service behind an ingress."""

    name: str
    port: BackendPort = BackendPort()


class Backend(msgspec.Struct, frozen=True):
    """What is behind a path of an ingress."""

    service: BackendService | None = None


class IngressPath(msgspec.Struct, frozen=True):
    """A path of an ingress."""

    backend: Backend


class IngressHttp(msgspec.Struct, frozen=True):
    """The paths of a host."""

    paths: tuple[IngressPath, ...] = ()


class HostRule(msgspec.Struct, frozen=True):
    """A host of an ingress."""

    http: IngressHttp = IngressHttp()
    host: str = ""


class IngressSpec(msgspec.Struct, frozen=True, rename="camel"):
    """What an ingress leads to."""

    default_backend: Backend | None = None
    rules: tuple[HostRule, ...] = ()


class Ingress(msgspec.Struct, frozen=True):
    """An ingress (`networking.k8s.io/v1`)."""

    metadata: Metadata
    spec: IngressSpec
    status: ExposedStatus = ExposedStatus()


def from_document(kind: type[S], document: Mapping[str, Any]) -> S:
    """Return an object of a kind; raise BadInput naming what is wrong in a document of another shape."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as problem:
        raise BadInput(f"this is no {kind.__name__} of Kubernetes: {problem}") from None
