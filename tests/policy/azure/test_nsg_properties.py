"""Rules by a second, naive way: two addresses stand for the two halves of the internet."""

from hypothesis import given, settings
from hypothesis import strategies as st

from poise.model.samples.azure_network import DEFAULT_RULES, rule
from poise.policy.azure import nsg

HALVES = {"0.0.0.0/1": {"low"}, "128.0.0.0/1": {"high"}, "*": {"low", "high"}, "Internet": {"low", "high"}}
NOBODY = {"VirtualNetwork": set(), "10.0.0.0/8": set(), "AzureCloud": set()}
SOURCES = HALVES | NOBODY
PORTS = {"*": (0, 65535), "22": (22, 22), "20-30": (20, 30), "0-21": (0, 21), "443": (443, 443)}

one_rule = st.tuples(
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(sorted(SOURCES)),
    st.sampled_from(sorted(PORTS)),
    st.sampled_from(["*", "Tcp", "UDP", "Icmp"]),
    st.sampled_from(["Inbound", "Inbound", "Inbound", "Outbound"]),
)


def naive(rules, port):
    """Walk the rules for each half alone; IPv6 follows the rules that name any address."""
    matching = [
        (access, SOURCES[source], source)
        for access, source, ports, protocol, direction in rules
        if direction == "Inbound" and protocol in ("*", "Tcp") and PORTS[ports][0] <= port <= PORTS[ports][1]
    ]
    first = {half: next((a for a, halves, _ in matching if half in halves), "Deny") for half in ("low", "high")}
    named = set().union(*(halves for access, halves, _ in matching if access == "Allow"))
    v4 = named == {"low", "high"} and "Allow" in first.values()
    v6 = next((access for access, _, source in matching if source in ("*", "Internet")), "Deny") == "Allow"
    return v4 or v6


@settings(max_examples=300, deadline=None)
@given(st.lists(one_rule, max_size=6), st.integers(0, 500))
def test_both_ways_agree(rules, port):
    written = [
        rule(
            f"r{at}",
            100 + at,
            access=access,
            source_prefixes=(source,),
            destination_ports=(ports,),
            protocol=protocol,
            direction=direction,
        )
        for at, (access, source, ports, protocol, direction) in enumerate(rules)
    ]
    group = (*reversed(written), *DEFAULT_RULES)

    assert bool(nsg.internet_ports([group], [port])) == naive(rules, port)
    assert (port in nsg.open_ports([group])) == naive(rules, port)
