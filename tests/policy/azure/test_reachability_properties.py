"""Reach in Azure against the judge of single groups, and under added denials."""

from hypothesis import given, settings
from hypothesis import strategies as st

from poise.model import replace
from poise.model.samples.azure_network import SECURITY_GROUP, rule
from poise.policy.azure import nsg
from poise.policy.azure.nsg import Target
from tests.policy.azure.test_reachability import decided

SOURCES = ("*", "Internet", "0.0.0.0/1", "128.0.0.0/1", "8.8.8.0/24", "VirtualNetwork", "10.0.0.0/8")
PORTS = (("22",), ("*",), ("20-30",), ("443",))
TARGET = Target(("10.0.1.4",))

made = st.builds(
    lambda access, source, ports, protocol: {
        "access": access,
        "source_prefixes": (source,),
        "destination_ports": ports,
        "protocol": protocol,
    },
    st.sampled_from(("Allow", "Deny")),
    st.sampled_from(SOURCES),
    st.sampled_from(PORTS),
    st.sampled_from(("Tcp", "*", "Udp")),
)


def group(rules):
    return replace(SECURITY_GROUP, rules=tuple(rule(f"r{at}", 100 + at, **one) for at, one in enumerate(rules)))


@settings(max_examples=80, deadline=None)
@given(st.lists(made, max_size=5))
def test_what_a_group_opens_to_the_internet_is_reached(rules):
    alone = group(rules)

    if nsg.internet_ports([nsg.rules_of(alone)], (22,), target=TARGET):
        assert decided(alone) == "open"


@settings(max_examples=80, deadline=None)
@given(st.lists(made, max_size=4), made)
def test_a_denial_before_all_rules_never_opens(rules, more):
    if decided(group(rules)) == "closed":
        assert decided(group([{**more, "access": "Deny"}, *rules])) == "closed"
