"""Routes of AWS as edges: what the internet reaches, and what machines reach of each other."""

from msgspec import structs

from poise.model import replace
from poise.model.graph import INTERNET, EdgeKind, EdgeState
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import CLASSIC_BALANCER, CLASSIC_LISTENER, LOAD_BALANCER
from poise.model.samples.aws_rds import RDS_INSTANCE
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    LOCAL_ROUTE,
    PRIVATE_SUBNET_ID,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET_ID,
)
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, acl_entry, group_rule, rule
from tests.graph.estates import CARD, GROUP, NETWORK, between, graph_of

ROUTES = EdgeKind.ROUTES_TO
OUT = (rule("-1", None, (ANYWHERE_V4,)),)


def with_changes(*changed):
    """Return the network with some assets in the place of those with their ids."""
    by_id = {one.id: one for one in changed}
    return [by_id.pop(one.id, one) for one in NETWORK] + list(by_id.values())


def reaches(graph, source, target):
    """Return the ports at which packets of one node arrive at another, through outlets and inlets."""
    found = set()
    for edge in graph.out(source, (ROUTES,)):
        if edge.target == target:
            found |= set(edge.ports)
        elif edge.target.startswith("network:outlet"):
            for middle in graph.out(edge.target, (ROUTES,)):
                found |= {
                    port for last in graph.out(middle.target, (ROUTES,)) if last.target == target for port in last.ports
                }
    return found


def test_the_internet_reaches_a_public_machine_at_its_open_port():
    graph = graph_of(*NETWORK)
    (edge,) = between(graph, INTERNET, INSTANCE.id, ROUTES)
    assert (edge.ports, edge.state) == (("tcp/443",), EdgeState.CERTAIN)
    assert {GROUP.id, PUBLIC_ROUTE_TABLE.id} <= {proof.asset for proof in edge.evidence}
    insights = graph.node(INSTANCE.id).insights
    assert (insights["exposed"], insights["exposure_width"]) == (True, "wide")
    assert insights["exposed_ports"] == ["tcp/443"]


def test_a_table_without_a_way_to_the_internet_closes_it():
    graph = graph_of(*with_changes(replace(PUBLIC_ROUTE_TABLE, routes=(LOCAL_ROUTE,))))
    assert not graph.out(INTERNET)
    assert graph.node(INSTANCE.id).insights["exposed"] is False


def test_a_list_that_drops_answers_closes_it():
    drop = structs.replace(acl_entry(90, "deny", (1024, 65535)), egress=True)
    deaf = replace(OPEN_ACL, entries=(drop, *OPEN_ACL.entries))
    assert not graph_of(*with_changes(deaf)).out(INTERNET)


def test_groups_that_were_not_read_make_it_unknown():
    hidden = replace(GROUP, unread={"ingress": "access denied"})
    graph = graph_of(*with_changes(hidden))
    (edge,) = between(graph, INTERNET, INSTANCE.id, ROUTES)
    assert edge.state is EdgeState.UNKNOWN
    assert "access denied" in edge.condition
    assert "exposed" not in graph.node(INSTANCE.id).insights


def test_a_port_for_one_office_is_a_narrow_exposure():
    office = replace(GROUP, ingress=(rule(ports=(22, 22), v4=("8.8.8.0/24",)),))
    graph = graph_of(*with_changes(office))
    assert not graph.out(INTERNET)
    assert graph.node(INSTANCE.id).insights["exposure_width"] == "narrow"


def test_a_machine_that_was_ended_is_reached_by_nobody():
    assert not graph_of(*with_changes(replace(INSTANCE, state="terminated"))).out(INTERNET)


INNER = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}0db", name="db", egress=OUT, ingress=(group_rule(GROUP.id),))
BACK = replace(
    INSTANCE, id=f"{INSTANCE.id}bb", name="back", interfaces=(f"{INTERFACE.id}bb",), subnet=PRIVATE_SUBNET_ID
)
BACK_CARD = replace(
    CARD,
    id=f"{INTERFACE.id}bb",
    instance=BACK.id,
    subnet=PRIVATE_SUBNET_ID,
    public_ips=(),
    private_ips=("10.20.2.9",),
    security_groups=(INNER.id,),
)


def test_a_machine_reaches_what_lets_its_group_in_and_not_the_other_way():
    ssh = replace(INNER, ingress=(structs.replace(group_rule(GROUP.id), protocol="tcp", from_port=22, to_port=22),))
    graph = graph_of(*NETWORK, ssh, BACK, BACK_CARD)
    assert reaches(graph, INSTANCE.id, BACK.id) == {"tcp/22"}
    assert reaches(graph, BACK.id, INSTANCE.id) == {"tcp/443"}
    assert not between(graph, INTERNET, BACK.id, ROUTES)


def test_machines_that_stand_alike_share_one_outlet_and_one_inlet():
    more = [
        one
        for at in range(20)
        for one in (
            replace(BACK, id=f"{BACK.id}{at}", interfaces=(f"{BACK_CARD.id}{at}",)),
            replace(
                BACK_CARD, id=f"{BACK_CARD.id}{at}", instance=f"{BACK.id}{at}", private_ips=(f"10.20.2.{at + 20}",)
            ),
        )
    ]
    graph = graph_of(*NETWORK, INNER, *more)
    networks = [node for node in graph.nodes() if node.kind == "network"]
    assert len(networks) <= 6
    assert all(reaches(graph, INSTANCE.id, f"{BACK.id}{at}") for at in range(20))


def test_rules_for_one_address_cut_a_class():
    near = replace(BACK, id=f"{BACK.id}2", interfaces=(f"{BACK_CARD.id}2",))
    near_card = replace(BACK_CARD, id=f"{BACK_CARD.id}2", instance=near.id, private_ips=("10.20.2.10",))
    only = replace(GROUP, ingress=(rule(ports=(22, 22), v4=("10.20.2.10/32",)),))
    graph = graph_of(*with_changes(only), INNER, BACK, BACK_CARD, near, near_card)
    assert reaches(graph, near.id, INSTANCE.id) == {"tcp/22"}
    assert reaches(graph, BACK.id, INSTANCE.id) == set()


def test_every_way_through_an_inlet_is_about_the_same_ports():
    graph = graph_of(*NETWORK, INNER, BACK, BACK_CARD)
    for node in graph.nodes():
        if node.id.startswith("network:inlet"):
            ways = [*graph.into(node.id, (ROUTES,)), *graph.out(node.id, (ROUTES,))]
            assert len({edge.ports for edge in ways}) == 1


def test_a_machine_reaches_a_database_at_its_port_alone():
    database = replace(
        RDS_INSTANCE,
        security_groups=(INNER.id,),
        subnets=(PRIVATE_SUBNET_ID,),
        vpc=CARD.vpc,
        port=5432,
        publicly_accessible=False,
    )
    graph = graph_of(*NETWORK, INNER, database)
    assert reaches(graph, INSTANCE.id, database.id) == {"tcp/5432"}


def test_a_classic_balancer_leads_to_its_machines_as_far_as_groups_let_it():
    listener = structs.replace(CLASSIC_LISTENER, port=80, instance_port=443, protocol="HTTP")
    balancer = replace(
        CLASSIC_BALANCER,
        scheme="internet-facing",
        instances=(INSTANCE.id,),
        listeners=(listener,),
        security_groups=(GROUP.id,),
        subnets=(PUBLIC_SUBNET_ID,),
        vpc=CARD.vpc,
    )
    graph = graph_of(*NETWORK, balancer)
    assert between(graph, balancer.id, INSTANCE.id, ROUTES)[0].ports == ("tcp/443",)
    shut = replace(balancer, listeners=(structs.replace(listener, instance_port=8080),))
    assert not between(graph_of(*NETWORK, shut), balancer.id, INSTANCE.id, ROUTES)


def test_where_a_balancer_leads_to_was_not_read():
    balancer = replace(LOAD_BALANCER, vpc=CARD.vpc, subnets=(PUBLIC_SUBNET_ID,), security_groups=(GROUP.id,))
    graph = graph_of(*NETWORK, balancer)
    (edge,) = between(graph, balancer.id, INSTANCE.id, ROUTES)
    assert edge.state is EdgeState.UNKNOWN
    assert "target groups" in edge.condition


def test_the_account_of_a_network_may_be_in_an_organization():
    assert graph_of(*NETWORK, AWS_ACCOUNT).out(INTERNET)
