"""Ways by firewalls, application gateways and balancers, and the rules of Virtual Network Manager, from records.

The first block is the acceptance scenario of the order in which Azure's networks decide, case by case.
"""

import pytest

from poise.model import replace
from poise.model.azure.gateways import (
    ApplicationGateway,
    AzureFirewall,
    BalancerRule,
    DnatRule,
    FirewallPolicy,
    FrontEnd,
    GatewayRoute,
    LoadBalancer,
    Pool,
    RouteEntry,
    RouteTable,
)
from poise.model.inventory import ListInventory
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_gateways import (
    APPLICATION_GATEWAY,
    AZURE_FIREWALL,
    BALANCER_POOL_ID,
    FIREWALL_POLICY,
    GATEWAY_POOL_ID,
    LOAD_BALANCER,
    ROUTE_TABLE,
)
from poise.model.samples.azure_network import (
    NETWORK_ID,
    NETWORK_INTERFACE,
    PUBLIC_ADDRESS,
    SECURITY_GROUP,
    SUBNET,
    VIRTUAL_NETWORK,
    interface_with,
    rule,
)
from poise.model.samples.azure_subscription import SUBSCRIPTION
from poise.policy.azure.reachability import reach
from poise.policy.azure.reaching.world import World
from poise.policy.intervals import PortSet
from poise.policy.reach import the_internet

SSH = {"destination_ports": ("22",)}
AROUND = (NETWORK_INTERFACE, PUBLIC_ADDRESS, SECURITY_GROUP, SUBNET, VIRTUAL_NETWORK, VIRTUAL_MACHINE)
HIDDEN = interface_with(public_address=None)
FIREWALL_SUBNET = replace(
    SUBNET, id=f"{NETWORK_ID}/subnets/azurefirewallsubnet", address_prefixes=("10.0.9.0/26",), security_group=None
)
GATEWAY_SUBNET = replace(
    SUBNET, id=f"{NETWORK_ID}/subnets/gateway", address_prefixes=("10.0.8.0/26",), security_group=None
)


def answer(*changed, port=22, incomplete=None):
    assets = {one.id: one for one in AROUND} | {one.id: one for one in changed}
    world = World(ListInventory(assets.values(), incomplete))
    return reach(world, the_internet(), VIRTUAL_MACHINE, PortSet.of(port))


def decided(*changed, port=22, incomplete=None):
    return answer(*changed, port=port, incomplete=incomplete).decision.value


def group(*rules):
    return replace(SECURITY_GROUP, rules=rules)


def managed(access, **more):
    return replace(VIRTUAL_NETWORK, admin_rules=(rule("admin", 1, access=access, **(SSH | more)),))


OPENED = group(rule("ssh", 100, **SSH))


class TestOrder:
    def test_a_an_admin_rule_that_denies_closes_whatever_the_groups_say(self):
        found = answer(managed("Deny", source_prefixes=("Internet",)), OPENED)
        assert found.decision == "closed"
        assert found.because[0].sid == "admin"

    def test_b_an_admin_rule_that_always_allows_opens_whatever_the_groups_say(self):
        shut = group(rule("no", 100, access="Deny", **SSH))
        assert decided(managed("AlwaysAllow"), shut) == "open"

    def test_c_an_admin_rule_that_allows_leaves_it_to_the_groups(self):
        assert decided(managed("Allow"), group()) == "closed"
        assert decided(managed("Allow"), OPENED) == "open"

    def test_d_without_a_group_a_standard_address_is_closed_and_a_basic_one_open(self):
        bare = replace(SUBNET, security_group=None)
        assert decided(bare) == "closed"
        assert decided(bare, replace(PUBLIC_ADDRESS, sku="Basic")) == "open"

    def test_e_answers_that_leave_by_an_appliance_cannot_be_verified(self):
        turned = replace(SUBNET, route_table=ROUTE_TABLE.id)
        found = answer(OPENED, turned, ROUTE_TABLE)
        assert found.decision == "unknown"
        assert "appliances" in found.unread[0].input
        straight = replace(ROUTE_TABLE, routes=())
        assert decided(OPENED, turned, straight) == "open"

    @pytest.mark.parametrize("mode", ["Detection", "Prevention", None])
    def test_f_an_application_gateway_publishes_a_hidden_machine_in_either_mode(self, mode):
        gateway = replace(APPLICATION_GATEWAY, web_firewall=mode)
        found = answer(
            interface_with(public_address=None, backend_pools=(GATEWAY_POOL_ID,)), gateway, GATEWAY_SUBNET, port=8443
        )
        assert found.decision == "open"
        assert "at port 443" in found.because[0].text


def test_admin_rules_that_were_not_read_are_unknown_where_the_groups_open():
    unread = replace(VIRTUAL_NETWORK, unread={"admin_rules": "AuthorizationFailed"})
    assert decided(unread, OPENED) == "unknown"
    assert decided(unread, OPENED, HIDDEN) == "closed"


def test_admin_rules_are_asked_in_the_order_of_their_priority():
    rules = (rule("second", 2, access="AlwaysAllow", **SSH), rule("first", 1, access="Deny", **SSH))
    assert decided(replace(VIRTUAL_NETWORK, admin_rules=rules), OPENED) == "closed"


def test_a_route_table_that_was_not_read_is_unknown():
    turned = replace(SUBNET, route_table=ROUTE_TABLE.id)
    assert decided(OPENED, turned) == "unknown"
    assert decided(OPENED, turned, replace(ROUTE_TABLE, unread={"routes": "denied"})) == "unknown"


def to_machine(**changes):
    return replace(FIREWALL_POLICY, nat_rules=(dnat(**changes),))


def dnat(**changes):
    fields = {
        "name": "ssh",
        "protocols": ("TCP",),
        "sources": ("*",),
        "source_groups": (),
        "destinations": ("20.61.0.99",),
        "ports": ("2222",),
        "translated_address": "10.0.1.4",
        "translated_name": None,
        "translated_port": "22",
    }
    return DnatRule(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "open"),
        ({"sources": ("8.8.8.8",)}, "closed"),
        ({"translated_address": "10.0.1.5"}, "closed"),
        ({"translated_port": "3389"}, "closed"),
        ({"protocols": ("UDP",)}, "closed"),
        ({"protocols": ("Any",)}, "open"),
        ({"source_groups": ("ipgroup",), "sources": ()}, "unknown"),
        ({"translated_address": None, "translated_name": "web.internal"}, "unknown"),
    ],
)
def test_a_firewall_sends_connections_on_to_a_hidden_machine(changes, expected):
    assert decided(HIDDEN, AZURE_FIREWALL, to_machine(**changes), FIREWALL_SUBNET) == expected


def test_a_firewall_may_hold_its_rules_itself():
    own = replace(AZURE_FIREWALL, policy=None, nat_rules=(dnat(),))
    assert decided(HIDDEN, own, FIREWALL_SUBNET) == "open"


def test_what_the_group_closes_no_firewall_opens():
    shut = group(rule("no", 100, access="Deny", **SSH))
    assert decided(HIDDEN, AZURE_FIREWALL, to_machine(), FIREWALL_SUBNET, shut) == "closed"


@pytest.mark.parametrize("kind", [AzureFirewall, ApplicationGateway, LoadBalancer])
def test_a_kind_that_could_not_be_listed_is_unknown_where_the_groups_open(kind):
    refused = {(kind.KIND, SUBSCRIPTION): "AuthorizationFailed"}
    shut = group(rule("no", 100, access="Deny", **SSH))
    assert decided(HIDDEN, OPENED, incomplete=refused) == "unknown"
    assert decided(HIDDEN, shut, incomplete=refused) == "closed"


def test_a_firewall_policy_that_was_not_read_is_unknown():
    assert decided(HIDDEN, AZURE_FIREWALL, FIREWALL_SUBNET) == "unknown"
    unread = replace(FIREWALL_POLICY, unread={"nat_rules": "denied"})
    assert decided(HIDDEN, AZURE_FIREWALL, unread, FIREWALL_SUBNET) == "unknown"
    refused = {(FirewallPolicy.KIND, SUBSCRIPTION): "AuthorizationFailed"}
    assert decided(HIDDEN, AZURE_FIREWALL, FIREWALL_SUBNET, incomplete=refused) == "unknown"


def published(**changes):
    return replace(APPLICATION_GATEWAY, **changes)


MEMBER = interface_with(public_address=None, backend_pools=(GATEWAY_POOL_ID,))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"front_ends": (FrontEnd(id="f", public_address=None),)}, "closed"),
        ({"routes": ()}, "closed"),
        ({"pools": (Pool(id="other", addresses=("10.0.1.4",)),)}, "open"),
    ],
)
def test_a_gateway_publishes_what_a_public_listener_leads_to(changes, expected):
    route = GatewayRoute(rule="r", front_end="f", protocol="Https", port=443, pool="other", target_port=8443)
    public = {"front_ends": (FrontEnd(id="f", public_address="ip"),), "routes": (route,)}
    assert decided(HIDDEN, published(**(public | changes)), GATEWAY_SUBNET, port=8443) == expected


def test_the_group_of_the_gateways_own_subnet_guards_its_listener():
    own = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}-gw", rules=(rule("no", 100, access="Deny", protocol="*"),))
    guarded = replace(GATEWAY_SUBNET, security_group=own.id)
    assert decided(MEMBER, published(), guarded, own, port=8443) == "closed"


def test_a_gateway_that_was_not_read_is_unknown():
    opened = group(rule("all", 100, destination_ports=("*",)))
    assert decided(MEMBER, opened, port=8443) == "unknown"
    assert decided(MEMBER, published(unread={"routes": "denied"}), GATEWAY_SUBNET, port=8443) == "unknown"


POOLED = interface_with(public_address=None, backend_pools=(BALANCER_POOL_ID,))
FORWARDED = interface_with(public_address=None, inbound_nat_rules=(f"{LOAD_BALANCER.id}/inboundnatrules/ssh",))


@pytest.mark.parametrize(
    ("interface", "groups", "expected"),
    [
        (POOLED, OPENED, "open"),
        (POOLED, group(), "closed"),
        (FORWARDED, OPENED, "open"),
        (HIDDEN, OPENED, "closed"),
    ],
)
def test_a_balancer_keeps_the_client_so_that_the_groups_decide(interface, groups, expected):
    forward = BalancerRule(
        id=f"{LOAD_BALANCER.id}/inboundnatrules/ssh",
        front_end=LOAD_BALANCER.front_ends[0].id,
        protocol="Tcp",
        port=50022,
        target_port=22,
        pools=(),
    )
    ssh = BalancerRule(
        id=f"{LOAD_BALANCER.id}/loadbalancingrules/ssh",
        front_end=LOAD_BALANCER.front_ends[0].id,
        protocol="Tcp",
        port=22,
        target_port=22,
        pools=(BALANCER_POOL_ID,),
    )
    balancer = replace(LOAD_BALANCER, rules=(ssh,), forwards=(forward,))
    assert decided(interface, groups, balancer) == expected


@pytest.mark.parametrize(("sku", "expected"), [("Standard", "closed"), ("Basic", "open"), (None, "open")])
def test_without_a_group_a_standard_balancer_is_closed(sku, expected):
    every = BalancerRule(
        id="ha",
        front_end=LOAD_BALANCER.front_ends[0].id,
        protocol="All",
        port=0,
        target_port=0,
        pools=(BALANCER_POOL_ID,),
    )
    balancer = replace(LOAD_BALANCER, sku=sku, rules=(every,))
    assert decided(POOLED, replace(SUBNET, security_group=None), balancer) == expected


def test_an_internal_balancer_is_no_way_from_the_internet():
    inner = replace(LOAD_BALANCER, front_ends=(FrontEnd(id=LOAD_BALANCER.front_ends[0].id, public_address=None),))
    assert decided(POOLED, group(rule("web", 100)), inner, port=443) == "closed"
    assert decided(POOLED, group(rule("web", 100)), LOAD_BALANCER, port=443) == "open"


def test_a_table_of_routes_that_drops_closes():
    dropped = RouteEntry(name="none", prefix="0.0.0.0/0", next_hop="None", next_hop_address=None)
    table = replace(ROUTE_TABLE, routes=(dropped,))
    assert isinstance(table, RouteTable)
    assert decided(OPENED, replace(SUBNET, route_table=table.id), table) == "closed"
