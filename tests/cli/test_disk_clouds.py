"""`poise disk scan --instance`: machines of clouds, made copies, rescans, and those that are not read."""

import time

import pytest

from poise.disk.source.aws_snapshots import EXCLUDE, TAG
from tests import ebs_proxy
from tests.disk import machines
from tests.disk.machines import PACKAGES
from tests.disk.source.azure_stand_in import DISK, MACHINE, SIGNATURE, TOKEN, Azure, serving
from tests.moto import ACCOUNT, IMAGE, KEYS, REGION, client, moto_url, reset
from tests.replay import write_certificate

__all__ = ["moto_url"]


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> dict[str, bytes]:
    """A machine, the same with a change where nobody looks, and the same with a package less."""
    folder = tmp_path_factory.mktemp("images")
    image = machines.ext(machines.write_machine(folder / "root"), folder / "disk.img")
    first = image.read_bytes()
    status = first.index(b"Package: zlib1g")
    return {
        "first": first,
        "elsewhere": first + bytes(200 << 20) + b"x" * 4096,
        "changed": first[:status] + first[status:].replace(b"install ok installed", b"deinst ok config-xxx", 1),
    }


@pytest.fixture
def door(moto_url, monkeypatch):
    reset(moto_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS["aws_secret_access_key"])
    with ebs_proxy.opened(moto_url) as opened:
        yield opened


@pytest.fixture
def ec2(moto_url, door):
    return client(moto_url, "ec2")


def launched(ec2, *tags):
    named = [{"ResourceType": "instance", "Tags": [{"Key": tag, "Value": "x"} for tag in ("Name", *tags)]}]
    return ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, TagSpecifications=named)["Instances"][0]


def words(door, instance, *more):
    return ("disk", "scan", "--instance", instance["InstanceId"], "--region", REGION, "--endpoint-url", door.url, *more)


@pytest.mark.server
def test_an_instance_is_copied_read_and_the_copy_deleted(poise, door, ec2, moto_url, images):
    door.default = ebs_proxy.prepared(client(moto_url, "ebs"), images["first"])
    instance = launched(ec2)

    done = poise(*words(door, instance, "-o", "json"))

    assert done.code == 0, done.err
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{instance['InstanceId']}"
    assert done.json["cloud_asset"] == arn
    assert sorted(one["name"] for one in done.json["packages"]) == sorted(PACKAGES)
    assert ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "tag-key", "Values": [TAG]}])["Snapshots"] == []
    (told,) = told_of(poise)
    assert (told["record"]["state"], told["record"]["cloud_asset"]) == ("read", arn)
    assert told["record"]["snapshots"] == []


def told_of(poise):
    return [row for row in poise("list", "assets", "-o", "json").json if row["kind"] == "DiskScan"]


@pytest.mark.server
def test_an_excluded_instance_is_named_and_no_failure(poise, door, ec2):
    instance = launched(ec2, EXCLUDE)

    done = poise(*words(door, instance, "-o", "json", "--require-complete"))

    assert done.code == 0
    assert "excluded by its tag" in done.err
    (told,) = told_of(poise)
    assert told["record"]["state"] == "excluded"
    assert "excluded by its tag" in told["record"]["reasons"][0]


@pytest.mark.server
def test_an_instance_whose_copy_cannot_be_read_is_named_and_incomplete(poise, door, ec2, moto_url):
    door.default = ebs_proxy.prepared(client(moto_url, "ebs"), b"nothing that is known" * 100)
    instance = launched(ec2)

    done = poise(*words(door, instance, "-o", "json", "--require-complete"))

    assert done.code == 3
    (told,) = told_of(poise)
    assert told["record"]["state"] == "not_read"
    assert "no root of an operating system was found" in told["record"]["reasons"][0]


def backed_up(ec2, door, instance, stands_for):
    volume = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance["InstanceId"]]}])[
        "Volumes"
    ][0]
    made = ec2.create_snapshot(VolumeId=volume["VolumeId"])["SnapshotId"]
    door.stands_for[made] = stands_for
    door.calls.clear()
    return made


def blocks_read(door):
    return [call for call in door.calls if "/blocks/" in call]


@pytest.mark.server
def test_a_machine_whose_blocks_did_not_change_is_not_read_again(poise, door, ec2, moto_url, images):
    ebs = client(moto_url, "ebs")
    instance = launched(ec2)
    first, second = (ebs_proxy.prepared(ebs, images[name]) for name in ("first", "elsewhere"))
    older = backed_up(ec2, door, instance, first)
    before = poise(*words(door, instance, "--newest-snapshots", "-o", "json"))
    assert blocks_read(door)

    until_the_next_second()
    newer = backed_up(ec2, door, instance, second)
    ec2.delete_tags(Resources=[instance["InstanceId"]], Tags=[{"Key": "Name"}])
    after = poise(*words(door, instance, "--newest-snapshots", "-o", "json"))

    assert blocks_read(door) == []
    stats = after.json["stats"]
    assert (stats["blocks_read"], stats["bytes_read"]) == (0, 0)
    assert stats["requests"] == len([call for call in door.calls if call.startswith("/snapshots/")]) == 2
    assert after.json["packages"] == before.json["packages"]
    assert after.json["volumes"] == before.json["volumes"]
    assert after.json["stats"]["unchanged_since"] == [older]
    assert f"has changed since {older}" in after.err
    (told,) = told_of(poise)
    assert told["record"]["snapshots"] == [newer]
    machine = next(row for row in poise("list", "assets", "-o", "json").json if row["kind"] == "Machine")
    assert machine["name"] == instance["InstanceId"]


def until_the_next_second() -> None:
    """Wait until snapshots get another time: moto notes whole seconds."""
    time.sleep(1.01 - time.time() % 1)


@pytest.mark.server
@pytest.mark.parametrize("why", ["changed", "options", "older snapshot is gone"])
def test_a_machine_is_read_again_whenever_that_might_tell_something_else(poise, door, ec2, moto_url, images, why):
    ebs = client(moto_url, "ebs")
    instance = launched(ec2)
    older = backed_up(ec2, door, instance, ebs_proxy.prepared(ebs, images["first"]))
    poise(*words(door, instance, "--newest-snapshots"))

    backed_up(ec2, door, instance, ebs_proxy.prepared(ebs, images["changed" if why == "changed" else "first"]))
    if why == "older snapshot is gone":
        door.stands_for[older] = "snap-00000000"
    more = ("--no-secrets",) if why == "options" else ()
    done = poise(*words(door, instance, "--newest-snapshots", "-o", "json", *more))

    assert blocks_read(door)
    stats = done.json["stats"]
    assert stats["unchanged_since"] == []
    assert stats["blocks_read"] == len(blocks_read(door))
    if why != "older snapshot is gone":
        assert stats["requests"] == len([call for call in door.calls if call.startswith("/snapshots/")])
    names = {one["name"] for one in done.json["packages"]}
    assert names == set(PACKAGES) - ({"zlib1g"} if why == "changed" else set())


@pytest.mark.server
def test_an_azure_machine_is_scanned_and_no_signature_shown(poise, images, monkeypatch, tmp_path):
    tls = write_certificate(tmp_path)
    with serving(Azure({DISK: images["first"]}), tls) as azure:
        monkeypatch.setenv("POISE_AZURE_BASE_URL", azure.url)
        monkeypatch.setenv("POISE_AZURE_TOKEN", TOKEN)
        monkeypatch.setenv("POISE_AZURE_CA_FILE", str(tls[0]))
        plan = poise("disk", "scan", "--instance", MACHINE, "--dry-run", "-o", "json")
        assert [(row["disk"], row["size_gib"]) for row in plan.json] == [(DISK, 30)]
        assert not any(call.startswith("PUT") for call in azure.calls)
        done = poise("disk", "scan", "--instance", MACHINE, "-o", "json", "-vv")

    assert done.code == 0, done.err
    assert done.json["cloud_asset"] == MACHINE
    assert len(done.json["packages"]) == len(PACKAGES)
    assert azure.snapshots == {}
    assert SIGNATURE not in done.out + done.err
    assert TOKEN not in done.out + done.err
