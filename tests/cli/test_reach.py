"""`poise reach`: an answer with what decided, for people and for scripts."""

import pytest

from poise.model import replace
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_vpc import GATEWAY, PRIVATE_ROUTE_TABLE, PUBLIC_ROUTE_TABLE, PUBLIC_SUBNET, VPC
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, rule
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_network import NETWORK_INTERFACE, PUBLIC_ADDRESS, SUBNET, VIRTUAL_NETWORK
from poise.model.samples.azure_network import SECURITY_GROUP as AZURE_GROUP
from poise.model.samples.azure_network import rule as azure_rule
from tests.cli.conftest import export

OPEN_GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=(22, 22), v4=("0.0.0.0/0",)), rule(v4=("198.51.100.0/24",))))
NETWORK = (AWS_ACCOUNT, VPC, PUBLIC_SUBNET, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, GATEWAY, OPEN_ACL, OPEN_GROUP)


@pytest.fixture
def networked(poise, tmp_path):
    """A command line over a store that holds a machine with SSH open to all and HTTPS to one range."""
    assert poise("scan", "files", export(tmp_path / "net.json", *NETWORK, INSTANCE, INTERFACE), "-q").code == 0
    return poise


def test_an_answer_for_scripts_has_the_agreed_shape(networked):
    answer = networked("reach", "internet", INSTANCE.name, "--port", "22", "-o", "json").json

    assert answer["decision"] == "open"
    assert answer["ports"] == ["22"]
    assert {"text", "source", "rule"} <= set(answer["because"][0])
    assert any("lets tcp 22 in from 0.0.0.0/0" in reason["text"] for reason in answer["because"])


def test_a_person_reads_what_decides(networked):
    shown = networked("reach", "internet", INSTANCE.id, "-o", "table").out

    assert "Open: packets get through." in shown
    assert "lets tcp 22 in from 0.0.0.0/0" in shown


def test_a_person_reads_from_where_packets_come_and_where_they_go(poise, tmp_path):
    out = replace(OPEN_GROUP, egress=(rule(ports=(443, 443), v4=("198.51.100.0/24",)),))
    file = export(tmp_path / "net.json", *NETWORK[:-1], out, INSTANCE, INTERFACE)
    assert poise("scan", "files", file, "-q").code == 0

    inward = poise("reach", "internet", INSTANCE.name, "-o", "table").out
    assert ("From", "0.0.0.0/0") in {tuple(line.split()) for line in inward.splitlines()}
    outward = poise("reach", INSTANCE.name, "198.51.0.0/16", "-o", "table").out
    assert ("To", "198.51.100.0/24") in {tuple(line.split()) for line in outward.splitlines()}
    assert "From" not in outward
    answer = poise("reach", INSTANCE.name, "198.51.0.0/16", "-o", "json").json
    assert (answer["ports"], answer["targets"]) == (["443"], ["198.51.100.0/24"])


def test_a_range_is_asked_about_as_such(networked):
    assert networked("reach", "198.51.100.7", INSTANCE.name, "--port", "443", "-o", "json").json["decision"] == "open"
    assert networked("reach", "192.0.2.7", INSTANCE.name, "--port", "443", "-o", "json").json["ports"] == []


def test_all_ports_are_asked_about_where_none_is_given(networked):
    assert networked("reach", "internet", INSTANCE.name, "-o", "json").json["ports"] == ["22"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("internet", "nobody"), "no asset 'nobody'"),
        (("internet", "10.0.0.0/8"), "Neither end is an asset"),
        (("internet", INSTANCE.id, "--port", "ssh"), "not a port"),
        (("internet", INSTANCE.id, "--port", "70000"), "not a range of ports"),
        (("internet", INSTANCE.id, "--protocol", "gre"), "not a protocol"),
        (("internet", GATEWAY.id), "no place in a network"),
    ],
)
def test_a_wrong_question_is_told_with_what_to_do(networked, words, says):
    result = networked("reach", *words)

    assert result.code == 2
    assert says in result.err


def test_azure_is_asked_in_the_same_words(poise, tmp_path):
    assets = (VIRTUAL_MACHINE, NETWORK_INTERFACE, PUBLIC_ADDRESS, SUBNET, VIRTUAL_NETWORK, AZURE_GROUP)
    assert poise("scan", "files", export(tmp_path / "azure.json", *assets), "-q").code == 0

    assert poise("reach", "internet", VIRTUAL_MACHINE.name, "--port", "443", "-o", "json").json["decision"] == "open"
    # The export lists no firewalls: one may send connections on, and the default rules let its subnet in.
    hidden = poise("reach", "internet", VIRTUAL_MACHINE.name, "--port", "22", "-o", "json").json
    assert hidden["decision"] == "unknown"
    assert "Microsoft.Network/azureFirewalls" in [gap["input"] for gap in hidden["unread"]]


def test_azure_is_closed_where_the_group_lets_nobody_in(poise, tmp_path):
    shut = replace(AZURE_GROUP, rules=(azure_rule("none", 100, access="Deny", protocol="*", destination_ports=("*",)),))
    assets = (VIRTUAL_MACHINE, NETWORK_INTERFACE, PUBLIC_ADDRESS, SUBNET, VIRTUAL_NETWORK, shut)
    assert poise("scan", "files", export(tmp_path / "azure.json", *assets), "-q").code == 0

    assert poise("reach", "internet", VIRTUAL_MACHINE.name, "--port", "22", "-o", "json").json["decision"] == "closed"


def test_a_name_that_several_bear_is_refused_with_their_ids(poise, tmp_path):
    twin = replace(INSTANCE, id=f"{INSTANCE.id}ff")
    assert poise("scan", "files", export(tmp_path / "net.json", *NETWORK, INSTANCE, twin, INTERFACE), "-q").code == 0

    refused = poise("reach", "internet", INSTANCE.name)

    assert refused.code == 2
    assert twin.id in refused.err


def test_one_asset_in_each_cloud_is_no_question(poise, tmp_path):
    both = export(tmp_path / "both.json", *NETWORK, INSTANCE, INTERFACE, VIRTUAL_MACHINE)
    assert poise("scan", "files", both, "-q").code == 0

    refused = poise("reach", INSTANCE.id, VIRTUAL_MACHINE.id)

    assert "different clouds" in refused.err
