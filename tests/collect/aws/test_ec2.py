"""Machines, disks, copies, images and addresses, from recorded answers."""

import base64
import gzip

import pytest

from poise.collect.aws import ec2
from poise.model.errors import NotRead
from tests.collect.aws.recorded_reader import RecordedReader, by_id, collected, plain, states

HERE = "arn:aws:ec2:eu-west-1:111122223333"
INSTANCES = "ec2:DescribeInstances"
USER_DATA = "ec2:DescribeInstanceAttribute/i-0aa1/userData"


@pytest.fixture
def reader():
    return RecordedReader.load("ec2")


def first_instance(reader):
    return reader.answers[INSTANCES][0]["Reservations"][0]["Instances"][0]


def test_machine_holds_what_the_api_said(reader):
    machine = by_id(collected(ec2, reader), "instance/i-0aa1")

    assert (machine.id, machine.name, machine.scope) == (f"{HERE}:instance/i-0aa1", "front", "111122223333")
    facts = machine.known()
    script = facts.pop("user_data")
    assert (script.length, [hit.place for hit in script.hits]) == (43, ["line 2"])
    assert plain(facts) == {
        "state": "running",
        "state_transition_reason": None,
        "launched": "2026-10-01T08:00:00+00:00",
        "type": "t3.micro",
        "image": "ami-0aa1",
        "platform": "windows",
        "key_name": "ops",
        "profile": "arn:aws:iam::111122223333:instance-profile/front",
        "metadata": {
            "http_endpoint": "enabled",
            "http_tokens": "optional",
            "hop_limit": 2,
            "instance_tags": "disabled",
        },
        "monitoring": "disabled",
        "ebs_optimized": True,
        "vpc": f"{HERE}:vpc/vpc-0aa1",
        "subnet": f"{HERE}:subnet/subnet-0aa1",
        "security_groups": [f"{HERE}:security-group/sg-0aa1"],
        "interfaces": [f"{HERE}:network-interface/eni-0aa1"],
        "private_ip": "10.20.1.10",
        "public_ip": "93.184.216.34",
        "volumes": [{"device": "/dev/xvda", "volume": f"{HERE}:volume/vol-0aa1", "delete_on_termination": True}],
        "source_dest_check": True,
        "autoscaling_group": "fronts",
    }


def test_what_a_machine_lacks_is_none(reader):
    machine = by_id(collected(ec2, reader), "instance/i-0aa2")

    assert machine.name == "i-0aa2"
    assert (machine.key_name, machine.profile, machine.public_ip, machine.user_data) == (None,) * 4
    assert machine.state_transition_reason == "User initiated (2026-11-01 10:00:00 GMT)"


def test_terminated_machine_is_not_kept(reader):
    assert not [asset for asset in collected(ec2, reader).assets if asset.id.endswith("i-0dead")]


def test_packed_start_script_is_unpacked_before_it_is_scanned(reader):
    text = b"#cloud-config\npassword: hunter2-plain\n"
    reader.answers[USER_DATA]["UserData"]["Value"] = base64.b64encode(gzip.compress(text)).decode()

    assert by_id(collected(ec2, reader), "i-0aa1").user_data.length == len(text)


def test_start_script_that_unpacks_without_end_is_cut(reader):
    bomb = gzip.compress(b"a" * 50_000_000)
    reader.answers[USER_DATA]["UserData"]["Value"] = base64.b64encode(bomb).decode()

    script = by_id(collected(ec2, reader), "i-0aa1").user_data
    assert script.length == 4 * 1024 * 1024
    assert script.unscanned > 0


def test_packed_start_script_of_several_members_is_read_to_its_end(reader):
    both = gzip.compress(b"#!/bin/sh\n") + gzip.compress(b"echo done\n")
    reader.answers[USER_DATA]["UserData"]["Value"] = base64.b64encode(both).decode()

    script = by_id(collected(ec2, reader), "i-0aa1").user_data
    assert (script.length, script.unscanned) == (20, 0)


def test_packed_start_script_that_is_cut_short_is_not_wholly_scanned(reader):
    short = gzip.compress(b"#!/bin/sh\necho done\n")[:-9]
    reader.answers[USER_DATA]["UserData"]["Value"] = base64.b64encode(short).decode()

    assert by_id(collected(ec2, reader), "i-0aa1").user_data.unscanned > 0


@pytest.mark.parametrize("value", ["%%% not base64", base64.b64encode(b"\x1f\x8b broken").decode()])
def test_start_script_that_cannot_be_read_is_unread(reader, value):
    reader.answers[USER_DATA]["UserData"]["Value"] = value

    machine = by_id(collected(ec2, reader), "i-0aa1")

    assert set(machine.unread) == {"user_data"}
    assert "malformed" in machine.unread["user_data"]


def test_old_export_without_metadata_options_is_unread_and_not_off(reader):
    del first_instance(reader)["MetadataOptions"]

    assert by_id(collected(ec2, reader), "i-0aa1").unread == {"metadata": "not in the answer: 'MetadataOptions'"}


def test_denied_list_keeps_the_others(reader):
    result = collected(ec2, reader.fails(INSTANCES, "UnauthorizedOperation"))

    assert states(result)["AWS::EC2::Instance"] == "denied"
    assert states(result)["AWS::EC2::Volume"] == "complete"


def test_list_that_breaks_off_keeps_what_came_and_is_partial(reader):
    result = collected(ec2, reader.breaks_off(INSTANCES))

    assert states(result)["AWS::EC2::Instance"] == "partial"
    assert by_id(result, "i-0aa1").state == "running"


@pytest.mark.parametrize("broken", [{}, {"InstanceId": 7}, "text", None, []])
def test_malformed_item_loses_itself_alone(reader, broken):
    reader.answers[INSTANCES][0]["Reservations"][0]["Instances"].insert(0, broken)

    result = collected(ec2, reader)

    assert by_id(result, "i-0aa1").type == "t3.micro"
    assert not result.is_complete


def test_malformed_reservation_makes_the_listing_partial(reader):
    reader.answers[INSTANCES][0]["Reservations"].insert(0, {"Instances": "none"})

    result = collected(ec2, reader)

    assert states(result)["AWS::EC2::Instance"] == "partial"
    assert by_id(result, "i-0aa1").type == "t3.micro"


def test_snapshot_tells_with_whom_it_is_shared(reader):
    result = collected(ec2, reader)

    assert by_id(result, "snap-0aa1").shared_with_accounts == ("999988887777",)
    assert by_id(result, "snap-0aa2").shared_with_groups == ("all",)


def test_snapshot_whose_volume_is_not_known_has_none(reader):
    assert by_id(collected(ec2, reader), "snap-0aa2").volume is None


def test_image_tells_with_whom_it_is_shared_and_its_snapshots(reader):
    image = by_id(collected(ec2, reader), "ami-0aa1")

    assert (image.public, image.shared_with_groups, image.shared_with_accounts) == (False, (), ("999988887777",))
    assert [arn.rpartition("/")[2] for arn in image.shared_with_organizations] == ["o-a1b2c3d4e5", "ou-ab12-cd34ef56"]
    assert image.snapshots == (f"{HERE}:snapshot/snap-0aa1",)


def test_disk_tells_its_key_and_where_it_is_attached(reader):
    result = collected(ec2, reader)
    attached, loose = by_id(result, "vol-0aa1"), by_id(result, "vol-0aa2")

    assert (attached.encrypted, attached.instances) == (True, (f"{HERE}:instance/i-0aa1",))
    assert (loose.encrypted, loose.key, loose.snapshot, loose.instances) == (False, None, None, ())


def test_interface_tells_its_addresses_and_who_wears_it(reader):
    result = collected(ec2, reader)
    own, service = by_id(result, "eni-0aa1"), by_id(result, "eni-0aa2")

    assert own.public_ips == ("93.184.216.34", "93.184.216.35")
    assert (own.ipv6_addresses, own.instance) == (("2600:1f00::10",), f"{HERE}:instance/i-0aa1")
    assert (service.instance, service.requester, service.public_ips) == (None, "amazon-elb", ())


def test_address_bound_to_nothing_has_no_association(reader):
    result = collected(ec2, reader)

    assert by_id(result, "eipalloc-0aa1").association == "eipassoc-0aa1"
    assert by_id(result, "eipalloc-0aa2").association is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"AccountLevel": {"HttpTokens": "optional"}}, "optional"),
        ({"AccountLevel": {"HttpTokens": "no-preference"}}, None),
        ({"AccountLevel": {}}, None),
        ({}, None),
    ],
)
def test_region_without_a_preference_for_metadata_has_none(reader, answer, expected):
    reader.answers["ec2:GetInstanceMetadataDefaults"] = answer

    assert by_id(collected(ec2, reader), "region/eu-west-1").metadata_http_tokens == expected


def test_call_that_the_region_lacks_is_no_gap_that_matters(reader):
    call = "ec2:GetSnapshotBlockPublicAccessState"
    reader.answers[call] = NotRead(call, "not_in_export", "not in this export")

    result = collected(ec2, reader)

    assert result.is_complete
    assert by_id(result, "region/eu-west-1").unread == {"snapshot_block_public_access": "not in this export"}
