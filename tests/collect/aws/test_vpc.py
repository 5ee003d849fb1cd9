"""Networks and what filters, connects and watches them, from recorded answers."""

import pytest

from poise.collect.aws import vpc
from poise.model import NotCollected
from tests.collect.aws.recorded_reader import RecordedReader, by_id, collected, plain, states

HERE = "arn:aws:ec2:eu-west-1:111122223333"
EXCLUSIONS = "ec2:DescribeVpcBlockPublicAccessExclusions"


@pytest.fixture
def reader():
    return RecordedReader.load("vpc")


def test_network_has_the_ranges_that_are_in_force(reader):
    network = by_id(collected(vpc, reader), "vpc/vpc-0aa1")

    assert (network.name, network.cidrs, network.ipv6_cidrs) == ("shop", ("10.20.0.0/16",), ("2600:1f00:aa::/56",))
    assert (network.dns_support, network.dns_hostnames, network.is_default) == (True, False, False)


def test_route_names_its_destination_and_target_whatever_their_kind(reader):
    table = by_id(collected(vpc, reader), "rtb-0aa1")

    assert [(r.destination, r.target, r.state) for r in table.routes] == [
        ("10.20.0.0/16", "local", "active"),
        ("0.0.0.0/0", "igw-0aa1", "active"),
        ("::/0", "eigw-0aa1", "active"),
        ("pl-6da54004", "vpce-0aa1", "active"),
        ("10.30.0.0/16", "pcx-0aa1", "blackhole"),
        ("10.40.0.0/16", "eni-0aa1", "active"),
    ]
    assert (table.is_main, table.subnets, table.gateways) == (True, (f"{HERE}:subnet/subnet-0aa1",), ("igw-0aa1",))


def test_subnet_states_what_new_machines_get_and_whether_the_internet_is_blocked(reader):
    subnet = by_id(collected(vpc, reader), "subnet/subnet-0aa1")

    assert (subnet.cidr, subnet.maps_public_ip, subnet.assigns_ipv6) == ("10.20.1.0/24", True, False)
    assert subnet.internet_block == "block-ingress"


@pytest.mark.parametrize(
    ("exclusions", "mode"),
    [
        ([], None),
        ([("subnet/subnet-0aa1", "allow-egress", "create-complete")], "allow-egress"),
        ([("vpc/vpc-0aa1", "allow-bidirectional", "update-complete")], "allow-bidirectional"),
        ([("subnet/subnet-0zz9", "allow-bidirectional", "create-complete")], None),
        ([("subnet/subnet-0aa1", "allow-bidirectional", "delete-complete")], None),
        ([("subnet/subnet-0aa1", "allow-bidirectional", "disable-complete")], None),
        (
            [
                ("subnet/subnet-0aa1", "allow-egress", "create-complete"),
                ("vpc/vpc-0aa1", "allow-bidirectional", "create-complete"),
            ],
            "allow-bidirectional",
        ),
        ([("subnet/subnet-0aa1", "allow-bidirectional", "create-in-progress")], NotCollected),
    ],
)
def test_subnet_states_what_exempts_it_from_the_block(reader, exclusions, mode):
    # EC2 API, VpcBlockPublicAccessExclusion: modes and states; an exclusion of a VPC holds for its subnets.
    listed = [
        {
            "ExclusionId": "vpcbpa-exclude-1",
            "ResourceArn": f"{HERE}:{arn}",
            "InternetGatewayExclusionMode": way,
            "State": s,
        }
        for arn, way, s in exclusions
    ]
    reader.answers[EXCLUSIONS] = [{"VpcBlockPublicAccessExclusions": listed}]
    subnet = by_id(collected(vpc, reader), "subnet/subnet-0aa1")

    if mode is NotCollected:
        with pytest.raises(NotCollected, match="create-in-progress"):
            _ = subnet.internet_exclusion
    else:
        assert subnet.internet_exclusion == mode


def test_rule_holds_all_its_peers(reader):
    group = by_id(collected(vpc, reader), "sg-0aa1")

    assert plain(group.ingress) == [
        {
            "protocol": "tcp",
            "from_port": 22,
            "to_port": 22,
            "cidrs_v4": ["0.0.0.0/1", "128.0.0.0/1"],
            "cidrs_v6": ["::/0"],
            "prefix_lists": [f"{HERE}:prefix-list/pl-0aa1"],
            "groups": [
                f"{HERE}:security-group/sg-0aa2",
                "arn:aws:ec2:eu-west-1:999988887777:security-group/sg-0bb1",
            ],
            "descriptions": ["half", "offices"],
        }
    ]
    assert (group.egress[0].protocol, group.egress[0].from_port, group.egress[0].to_port) == ("-1", None, None)


def test_prefix_lists_of_aws_are_not_kept_and_entries_are_paged(reader):
    lists = [a for a in collected(vpc, reader).assets if a.KIND == "AWS::EC2::PrefixList"]

    assert [one.name for one in lists] == ["offices"]
    assert [entry.cidr for entry in lists[0].entries] == ["198.51.100.0/24", "198.51.101.0/24"]


def test_acl_entries_tell_direction_range_and_ports(reader):
    acl = by_id(collected(vpc, reader), "acl-0aa1")

    assert [(e.number, e.egress, e.action, e.cidr, e.from_port) for e in acl.entries] == [
        (100, False, "allow", "0.0.0.0/0", 443),
        (101, True, "allow", "::/0", None),
        (32767, False, "deny", "0.0.0.0/0", None),
    ]


def test_gateways_tell_their_networks_and_a_deleted_one_is_gone(reader):
    result = collected(vpc, reader)

    assert by_id(result, "igw-0aa1").vpcs == (f"{HERE}:vpc/vpc-0aa1",)
    assert by_id(result, "igw-0aa2").vpcs == ()
    assert by_id(result, "eigw-0aa1").vpcs == (f"{HERE}:vpc/vpc-0aa1",)
    assert by_id(result, "nat-0aa1").public_ips == ("93.184.216.40",)
    assert not [asset for asset in result.assets if asset.id.endswith("nat-0gone")]


def test_end_point_policy_is_a_document_or_none(reader):
    result = collected(vpc, reader)

    assert by_id(result, "vpce-0aa1").policy["Statement"][0]["Action"] == "*"
    assert by_id(result, "vpce-0aa2").policy is None


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "{}" + " " * 2**20])
def test_end_point_policy_that_cannot_be_read_is_unread(reader, text):
    reader.answers["ec2:DescribeVpcEndpoints"]["VpcEndpoints"][0]["PolicyDocument"] = text

    assert by_id(collected(vpc, reader), "vpce-0aa1").unread["policy"].startswith("malformed: the policy")


def test_flow_log_names_what_it_watches(reader):
    result = collected(vpc, reader)
    failing, gateway = by_id(result, "fl-0aa1"), by_id(result, "fl-0aa2")

    assert (failing.watched, failing.traffic, failing.delivery) == (f"{HERE}:vpc/vpc-0aa1", "REJECT", "FAILED")
    assert (gateway.watched, gateway.traffic, gateway.destination) == ("tgw-0aa1", None, "arn:aws:s3:::flows")


def test_peering_names_both_networks_where_they_are(reader):
    peering = by_id(collected(vpc, reader), "pcx-0aa1")

    assert peering.requester.vpc == f"{HERE}:vpc/vpc-0aa1"
    assert peering.accepter.vpc == "arn:aws:ec2:us-east-1:999988887777:vpc/vpc-0bb1"
    assert peering.accepter.cidrs == ("10.30.0.0/16",)


def test_old_export_without_ipv6_ranges_is_unread_and_not_empty(reader):
    del reader.answers["ec2:DescribeSecurityGroups"]["SecurityGroups"][0]["IpPermissions"][0]["Ipv6Ranges"]

    assert by_id(collected(vpc, reader), "sg-0aa1").unread == {"ingress": "not in the answer: 'Ipv6Ranges'"}


def test_entries_that_break_off_are_unread_and_not_half(reader):
    result = collected(vpc, reader.breaks_off("ec2:GetManagedPrefixListEntries/pl-0aa1"))

    assert by_id(result, "pl-0aa1").unread == {"entries": "throttled out"}
    assert states(result)["AWS::EC2::PrefixList"] == "complete"


@pytest.mark.parametrize("call", ["ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"])
def test_malformed_item_makes_a_listing_partial_and_keeps_the_others(reader, call):
    (items,) = reader.answers[call].values()
    items.insert(0, {"Tags": None})

    result = collected(vpc, reader)

    assert list(states(result).values()).count("partial") == 1
    assert len(result.assets) == len(collected(vpc, RecordedReader.load("vpc")).assets)


def test_tables_of_transit_gateways_hold_what_is_associated_and_what_is_dropped():
    result = collected(vpc, RecordedReader.load("vpc"))
    table = by_id(result, "tgw-rtb-0aa1")

    assert (table.name, table.gateway, table.associated) == ("main", "tgw-0aa1", ("tgw-attach-0aa1",))
    assert [(one.destination, one.attachments, one.state, one.type) for one in table.routes] == [
        ("10.1.0.0/16", ("tgw-attach-0aa2",), "active", "propagated"),
        ("10.9.0.0/16", (), "blackhole", "static"),
    ]


def test_a_table_that_has_more_routes_than_the_answer_is_unread():
    reader = RecordedReader.load("vpc")
    reader.answers["ec2:SearchTransitGatewayRoutes/tgw-rtb-0aa1"]["AdditionalRoutesAvailable"] = True

    assert set(by_id(collected(vpc, reader), "tgw-rtb-0aa1").unread) == {"routes"}
