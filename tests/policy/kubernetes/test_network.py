"""Network policies, services and ingresses, read from manifests."""

import pytest

from poise.model.errors import BadInput
from poise.policy.intervals import IpSet, PortSet
from poise.policy.kubernetes.network import Cluster, reach_between_pods, reach_from_addresses, reach_to_addresses
from poise.policy.kubernetes.network_objects import Ingress, Namespace, NetworkPolicy, Pod, Service, from_document
from poise.policy.kubernetes.network_services import reach_from_outside
from poise.policy.reach import Networks, the_internet

NAMESPACES = tuple(
    from_document(Namespace, {"metadata": {"name": name, "labels": {"team": name}}}) for name in ("shop", "ops")
)


def pod(name, namespace="shop", ip="10.1.0.5", **labels):
    return from_document(
        Pod,
        {
            "metadata": {"name": name, "namespace": namespace, "labels": labels},
            "spec": {"containers": [{"ports": [{"name": "web", "containerPort": 8080}]}]},
            "status": {"podIP": ip},
        },
    )


WEB, DB = pod("web", app="web"), pod("db", ip="10.1.0.6", app="db")
OPS = pod("ops", namespace="ops", ip="10.1.0.7", app="ops")


def policy(spec, name="rule", namespace="shop"):
    return from_document(NetworkPolicy, {"metadata": {"name": name, "namespace": namespace}, "spec": spec})


def cluster(*specs, **more):
    return Cluster(
        policies=tuple(one if isinstance(one, NetworkPolicy) else policy(one) for one in specs),
        namespaces=NAMESPACES,
        **more,
    )


def reached(here, source=WEB, target=DB, port=5432, protocol="tcp"):
    return reach_between_pods(here, source, target, PortSet.of(port), protocol).decision.value


TO_DB = {"podSelector": {"matchLabels": {"app": "db"}}}


def from_peers(*peers, **more):
    return {**TO_DB, "ingress": [{"from": list(peers), **more}]}


def from_expression(operator, values=()):
    expression = {"key": "app", "operator": operator, "values": list(values)}
    return from_peers({"podSelector": {"matchExpressions": [expression]}})


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ((), "open"),
        (({"podSelector": {}},), "closed"),
        (({"podSelector": {}, "ingress": [{}]},), "open"),
        # Isolation is per direction: a policy about egress alone leaves ingress open.
        (({"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Egress"]},), "open"),
        (({"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"]},), "closed"),
        # Without types, egress rules make it one of egress too.
        (({"podSelector": {"matchLabels": {"app": "web"}}, "egress": [{"ports": [{"port": 53}]}]},), "closed"),
        # Policies add up, and one that selects another pod does nothing.
        ((TO_DB, from_peers({"podSelector": {"matchLabels": {"app": "web"}}})), "open"),
        ((from_peers({"podSelector": {"matchLabels": {"app": "other"}}}),), "closed"),
        (({"podSelector": {"matchLabels": {"app": "else"}}},), "open"),
        # A pod selector alone is for the policy's own namespace; both in one entry are AND.
        ((from_peers({"namespaceSelector": {"matchLabels": {"team": "shop"}}}),), "open"),
        ((from_peers({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}),), "open"),
        ((from_peers({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "ops"}}}),), "closed"),
        ((from_peers({"namespaceSelector": {}}, {"podSelector": {"matchLabels": {"app": "ops"}}}),), "open"),
        # Ranges with holes.
        ((from_peers({"ipBlock": {"cidr": "10.1.0.0/16"}}),), "open"),
        ((from_peers({"ipBlock": {"cidr": "10.1.0.0/16", "except": ["10.1.0.0/29"]}}),), "closed"),
        # Ports: numbers, ranges, names of the target, protocols.
        (({**TO_DB, "ingress": [{"ports": [{"port": 5432}]}]},), "open"),
        (({**TO_DB, "ingress": [{"ports": [{"port": 5000, "endPort": 6000}]}]},), "open"),
        (({**TO_DB, "ingress": [{"ports": [{"port": 5000}]}]},), "closed"),
        (({**TO_DB, "ingress": [{"ports": [{"port": "web"}]}]},), "closed"),
        (({**TO_DB, "ingress": [{"ports": [{"protocol": "UDP"}]}]},), "closed"),
        (({**TO_DB, "ingress": [{"ports": [{"protocol": "TCP"}]}]},), "open"),
        # Expressions.
        ((from_expression("In", ["web"]),), "open"),
        ((from_expression("NotIn", ["web"]),), "closed"),
        ((from_expression("Exists"),), "open"),
        ((from_expression("DoesNotExist"),), "closed"),
    ],
)  # fmt: skip
def test_policies_let_through_what_the_documentation_says(specs, expected):
    assert reached(cluster(*specs)) == expected


def test_a_named_port_is_that_of_the_target():
    here = cluster({**TO_DB, "ingress": [{"ports": [{"port": "web"}]}]})

    assert reached(here, port=8080) == "open"


def test_a_pod_of_another_namespace_needs_a_namespace_selector():
    assert reached(cluster(from_peers({"podSelector": {}})), source=OPS) == "closed"
    assert reached(cluster(from_peers({"namespaceSelector": {"matchLabels": {"team": "ops"}}})), source=OPS) == "open"


def test_what_was_not_read_is_unknown():
    unread = Cluster(policies=None, namespaces=NAMESPACES)

    assert reached(unread) == "unknown"
    assert reached(cluster(TO_DB, is_enforced=None)) == "unknown"
    assert reached(cluster(TO_DB, is_enforced=False)) == "open"
    assert reached(cluster(is_enforced=None)) == "open"


def test_policies_need_not_hold_on_the_network_of_the_node():
    host = from_document(
        Pod,
        {"metadata": {"name": "agent", "namespace": "shop", "labels": {"app": "db"}}, "spec": {"hostNetwork": True}},
    )

    assert reached(cluster(TO_DB), target=host) == "unknown"
    assert reached(cluster(), target=host) == "open"


def test_addresses_are_let_in_and_out_by_ranges():
    office = Networks(IpSet.from_cidrs(("192.0.2.0/24",)))
    here = cluster(from_peers({"ipBlock": {"cidr": "192.0.2.0/24"}}))

    assert reach_from_addresses(here, office, DB).is_open
    assert not reach_from_addresses(here, the_internet(), DB).is_open
    shut = cluster({**TO_DB, "policyTypes": ["Egress"]})
    assert reach_to_addresses(shut, DB, the_internet()).decision == "closed"


def service(kind="LoadBalancer", ip="8.8.4.4", annotations=None, **spec):
    ports = [{"port": 80, "targetPort": "web", "nodePort": 30080}]
    return from_document(
        Service,
        {
            "metadata": {"name": "front", "namespace": "shop", "annotations": annotations or {}},
            "spec": {"type": kind, "selector": {"app": "web"}, "ports": ports, **spec},
            "status": {"loadBalancer": {"ingress": [{"ip": ip}] if ip else []}},
        },
    )


def outside(*services, specs=(), ingresses=(), nodes=()):
    here = cluster(*specs, services=services, ingresses=ingresses, node_addresses=nodes)
    return reach_from_outside(here, the_internet(), WEB)


def test_a_balancer_leads_to_the_port_of_the_pod():
    found = outside(service())

    assert (found.decision.value, str(found.ports)) == ("open", "8080")


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (service("ClusterIP"), "closed"),
        (service(ip="10.9.9.9"), "closed"),
        (service(ip=None), "unknown"),
        (service(annotations={"networking.gke.io/load-balancer-type": "Internal"}), "closed"),
        (
            service(ip=None, annotations={"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"}),
            "open",
        ),
        (service(loadBalancerSourceRanges=["192.0.2.0/24"]), "closed"),
        (service(loadBalancerSourceRanges=["0.0.0.0/0"]), "open"),
        (service("ClusterIP", externalIPs=["8.8.4.4"]), "open"),
        (service("NodePort"), "closed"),
    ],
)
def test_each_type_of_service_faces_the_internet_or_not(front, expected):
    assert outside(front).decision == expected


def test_a_node_port_depends_on_the_cloud_around():
    assert outside(service("NodePort"), nodes=("8.8.4.4",)).decision == "unknown"
    assert outside(service("NodePort"), nodes=None).decision == "unknown"


def test_policies_hold_behind_a_balancer():
    isolated = {"podSelector": {}}
    anyone = {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}

    assert outside(service(), specs=(isolated,)).decision == "closed"
    assert outside(service(externalTrafficPolicy="Local"), specs=(anyone,)).is_open


def ingress(ip="8.8.4.4", name="front", **port):
    backend = {"service": {"name": name, "port": port or {"number": 80}}}
    return from_document(
        Ingress,
        {
            "metadata": {"name": "site", "namespace": "shop"},
            "spec": {"rules": [{"http": {"paths": [{"backend": backend}]}}]},
            "status": {"loadBalancer": {"ingress": [{"ip": ip}]}},
        },
    )


def test_an_ingress_leads_to_pods_that_nothing_isolates():
    behind = service("ClusterIP")

    assert outside(behind, ingresses=(ingress(),)).is_open
    assert outside(behind, ingresses=(ingress(number=81),)).decision == "closed"
    assert outside(behind, ingresses=(ingress(ip="10.0.0.9"),)).decision == "closed"
    assert outside(behind, ingresses=(ingress(),), specs=({"podSelector": {}},)).decision == "unknown"
    assert outside(behind, ingresses=None).decision == "unknown"


def test_a_document_of_another_shape_is_named():
    with pytest.raises(BadInput, match="no NetworkPolicy"):
        from_document(NetworkPolicy, {"metadata": {"name": "x"}, "spec": {"ingress": 5}})
