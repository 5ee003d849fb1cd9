"""What a step needs besides, and what was not read, is never lost on the way from facts to steps.

Expectations are the project's own rule: a missing input is unknown, the weakest fact decides how far a step is proven.
"""

import pytest

from poise.attackpaths.catalog import rules
from poise.attackpaths.deriving import derive
from poise.attackpaths.drawing import code, edge, network, node, read
from poise.attackpaths.facts import Facts
from poise.model.graph import Capability, EdgeKind, EdgeState

CERTAIN, CONDITIONAL, UNKNOWN = EdgeState.CERTAIN, EdgeState.CONDITIONAL, EdgeState.UNKNOWN
MAY, ROUTES = EdgeKind.HAS_PERMISSION, EdgeKind.ROUTES_TO
VM, VAULT, DATABASE = "AWS::EC2::Instance", "Microsoft.KeyVault/vaults", "AWS::RDS::DBInstance"
UNREAD = {"state": UNKNOWN, "condition": "not read: packages"}


def steps(rule, nodes, edges):
    """Return the steps of one rule."""
    return [taken.step for taken in derive(Facts(nodes, edges), {rule: rules()[rule]})]


@pytest.mark.parametrize(("weak", "acting"), [(UNREAD, {}), ({}, UNREAD)])
def test_a_forged_request_is_as_unsure_as_its_weaker_fact(weak, acting):
    nodes = (node("vm", VM, metadata_without_token=True), node("SSRF", "vulnerability", forges_requests=True))
    edges = (
        edge("internet", ROUTES, "vm", ports=("tcp/443",)),
        edge("vm", EdgeKind.HAS_VULNERABILITY, "SSRF", **weak),
        edge("vm", EdgeKind.CAN_AUTHENTICATE_AS, "role", **acting),
    )
    assert [(one.state, one.condition) for one in steps("forged_request", nodes, edges)] == [
        (UNKNOWN, "not read: packages")
    ]


@pytest.mark.parametrize(
    ("firewall", "expected"),
    [
        ({}, [((), CERTAIN, "")]),
        ({"allowed_networks": []}, []),
        ({"allowed_networks": ["subnet"]}, [((code("subnet"),), CERTAIN, "")]),
        (
            {"allowed_networks": [], "allowed_addresses": ["198.51.100.1"]},
            [((), CONDITIONAL, "the call comes from 198.51.100.1")],
        ),
        ({"unread_firewall": "network_rules (denied)"}, [((), UNKNOWN, "not read: network_rules (denied)")]),
    ],
)
@pytest.mark.parametrize("kind", [MAY, EdgeKind.CAN_ESCALATE_TO])
def test_reading_a_vault_is_left_as_far_as_its_firewall_lets_calls_in(firewall, expected, kind):
    rule = "granted_permission" if kind is MAY else "escalation"
    row = {} if kind is MAY else {"rule": "vault_access_policy"}
    edges = (edge("mi", kind, "v", capability=Capability.READ, **row),)
    found = steps(rule, (node("v", VAULT, **firewall),), edges)
    assert [(one.also, one.state, one.condition) for one in found] == expected


@pytest.mark.parametrize(("pinned", "state"), [({}, UNKNOWN), ({"pins_images": False}, CERTAIN)])
def test_an_image_is_replaced_for_certain_only_where_the_workload_is_known_to_pull_a_tag(pinned, state):
    nodes = (node("images", "AWS::ECR::Repository"), node("pod", "Pod", **pinned))
    assert [one.state for one in steps("image_replaced", nodes, (edge("images", EdgeKind.MAINTAINS, "pod"),))] == [
        state
    ]


def test_a_password_opens_a_database_where_packets_arrive_at_it_or_at_its_server():
    server, inside = "Microsoft.Sql/servers", "Microsoft.Sql/servers/databases"
    nodes = (node("password", "secret"), node("sql", server), node("db", inside))
    opens = edge("password", EdgeKind.CAN_AUTHENTICATE_AS, "db")
    held = edge("sql", EdgeKind.CONTAINS, "db")
    assert not steps("secret_used", nodes, (opens, held))
    (step,) = steps("secret_used", nodes, (opens, held, edge("internet", ROUTES, "sql", ports=("tcp/1433",))))
    assert (step.target, step.also) == (read("db"), (network("sql", "tcp/1433"),))


def test_a_key_of_a_table_that_takes_calls_and_no_packets_needs_no_network():
    nodes = (node("key", "secret"), node("table", "AWS::DynamoDB::Table"))
    assert steps("secret_used", nodes, (edge("key", EdgeKind.CAN_AUTHENTICATE_AS, "table"),))


def test_ways_to_a_machine_outside_of_clouds_are_a_condition():
    nodes = (node("key", "secret"), node("host", "Machine"))
    (step,) = steps("secret_used", nodes, (edge("key", EdgeKind.CAN_AUTHENTICATE_AS, "host"),))
    assert step.state is CONDITIONAL


def test_an_unsure_way_to_the_database_leaves_its_administrator_to_that_way():
    """The state of packets is a step of its own: administering adds nothing to it."""
    edges = (edge("internet", ROUTES, "db", ports=("tcp/5432",), **UNREAD),)
    (step,) = steps("administered_asset", (node("db", DATABASE),), edges)
    assert step.also == (network("db", "tcp/5432"),)
