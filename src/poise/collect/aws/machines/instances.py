"""Reads machines. Their start scripts may bear secrets: they are scanned in memory and not kept."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from functools import partial

import msgspec

from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.aws.reading.spread import Place, listed_each, name_of
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.ec2 import Ec2Instance
from poise.model.secret import ScannedText

CALL = "ec2:DescribeInstances"
GZIP_MAGIC = b"\x1f\x8b"
MOST_UNPACKED_BYTES = 4 * 1024 * 1024
"""User data is at most 16 KB (EC2 User Guide); a packed one that grows beyond this is cut."""


def instances(reader: AwsReader) -> Iterator[Piece]:
    """Yield the machines of a region, then the state of their listing.

    A terminated machine is gone, though the API goes on naming it for about an hour.
    """
    return listed_each(reader, Ec2Instance, _machines(reader), partial(_instance, reader, Place.of(reader)))


def _machines(reader: AwsReader) -> Iterator[Json]:
    for reservation in reader.pages("ec2", "DescribeInstances", "Reservations", MaxResults=1000):
        machines = reservation.get("Instances") if isinstance(reservation, dict) else None
        # Whatever else it is goes on to conversion, which reports it.
        yield from machines if isinstance(machines, list) else (reservation,)


def _instance(reader: AwsReader, place: Place, item: Json) -> Iterator[Piece]:
    id = item["InstanceId"]
    if (item.get("State") or {}).get("Name") == "terminated":
        return iter(())
    facts = Facts(Ec2Instance)
    _pick_machine(facts, item)
    _pick_relations(facts, item, place)
    facts.read(
        partial(reader.get, "ec2", "DescribeInstanceAttribute", InstanceId=id, Attribute="userData"),
        user_data=partial(_user_data, reader),
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("instance", id), name=name, scope=place.account, region=place.region)


def _pick_machine(facts: Facts[Ec2Instance], item: Json) -> None:
    facts.pick(
        CALL,
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        state="State.Name",
        state_transition_reason=lambda i: i["StateTransitionReason"] or None,
        launched=lambda i: as_text(i["LaunchTime"]),
        type="InstanceType",
        image="ImageId",
        platform=lambda i: i.get("Platform") or None,
        key_name="KeyName",
        profile="IamInstanceProfile.Arn",
        metadata=lambda i: _metadata(i["MetadataOptions"]),
        monitoring="Monitoring.State",
        ebs_optimized="EbsOptimized",
        private_ip="PrivateIpAddress",
        public_ip="PublicIpAddress",
        source_dest_check="SourceDestCheck",
        autoscaling_group=lambda i: tags_of(i.get("Tags")).get("aws:autoscaling:groupName"),
    )


def _pick_relations(facts: Facts[Ec2Instance], item: Json, place: Place) -> None:
    facts.pick(
        CALL,
        item,
        vpc=lambda i: place.arn_or_none("vpc", i.get("VpcId")),
        subnet=lambda i: place.arn_or_none("subnet", i.get("SubnetId")),
        security_groups=lambda i: place.arns("security-group", (g["GroupId"] for g in i["SecurityGroups"])),
        interfaces=lambda i: place.arns("network-interface", (n["NetworkInterfaceId"] for n in i["NetworkInterfaces"])),
        volumes=lambda i: [_attached(place, m) for m in i["BlockDeviceMappings"] if "Ebs" in m],
    )


def _metadata(options: Json) -> Json:
    return {
        "http_endpoint": options["HttpEndpoint"],
        "http_tokens": options["HttpTokens"],
        "hop_limit": options["HttpPutResponseHopLimit"],
        "instance_tags": options.get("InstanceMetadataTags"),
    }


def _attached(place: Place, mapping: Json) -> Json:
    return {
        "device": mapping["DeviceName"],
        "volume": place.arn("volume", mapping["Ebs"]["VolumeId"]),
        "delete_on_termination": mapping["Ebs"]["DeleteOnTermination"],
    }


def _user_data(reader: AwsReader, answer: Json) -> ScannedText | None:
    """Scan a start script, base64 in the answer and possibly packed with gzip (cloud-init: user data formats)."""
    encoded = (answer["UserData"] or {}).get("Value")
    if not encoded:
        return None
    data = base64.b64decode(encoded)
    left = 0
    if data.startswith(GZIP_MAGIC):
        data, left = _unpacked(data)
    found = reader.hide(data.decode("utf-8", "replace"))
    return msgspec.structs.replace(found, unscanned=found.unscanned + left) if left else found


def _unpacked(data: bytes) -> tuple[bytes, int]:
    """Unpack all members of a gzip file; return what fits, and how many packed bytes were left."""
    found = b""
    while data.startswith(GZIP_MAGIC) and len(found) < MOST_UNPACKED_BYTES:
        member = zlib.decompressobj(wbits=31)
        try:
            found += member.decompress(data, MOST_UNPACKED_BYTES - len(found))
        except zlib.error as problem:
            raise ValueError(f"packed user data cannot be read: {problem}") from problem
        data = member.unused_data if member.eof else member.unconsumed_tail or data[-1:]
    return found, len(data)
