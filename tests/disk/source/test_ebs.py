"""Snapshots of EBS: read through a real server, made and deleted whatever happens."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from poise.disk.sandbox import Job, read_confined
from poise.disk.source.aws_snapshots import EXCLUDE, TAG, AwsSnapshots, Waiting
from poise.disk.source.block import BLOCK_BYTES, BlockUnread, Budget, BudgetSpent
from poise.disk.source.cache import CachedSource
from poise.disk.source.ebs import Changed, EbsBlocks, changed
from poise.disk.target import InstanceTarget
from tests.disk import machines
from tests.disk.machines import IDENTITY, MIB, PACKAGES
from tests.moto import IMAGE, REGION, client, moto_url, reset

__all__ = ["moto_url"]
NOW = datetime(2030, 1, 1, tzinfo=UTC)


class Naps:
    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


class EbsOfImage:
    """The EBS direct APIs over an image: as many snapshots as are asked for, all of the same disk."""

    def __init__(self, content: bytes, fails: bool = False) -> None:
        self.blocks = [
            content[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0") for at in range(0, len(content), BLOCK_BYTES)
        ]
        self.fails = fails
        self.asked: list[int] = []

    def list_snapshot_blocks(self, SnapshotId, MaxResults, NextToken=""):  # noqa: N803 - as boto3 names them
        begin = int(NextToken or 0)
        part = [{"BlockIndex": i, "BlockToken": f"t{i}"} for i in range(len(self.blocks)) if any(self.blocks[i])]
        more = {"NextToken": str(begin + 20)} if begin + 20 < len(part) else {}
        return {"Blocks": part[begin : begin + 20], "VolumeSize": 1, "BlockSize": BLOCK_BYTES, **more}

    def get_snapshot_block(self, SnapshotId, BlockIndex, BlockToken):  # noqa: N803 - as boto3 names them
        assert BlockToken == f"t{BlockIndex}"
        if self.fails:
            raise OSError("connection reset")
        self.asked.append(BlockIndex)
        data = self.blocks[BlockIndex]
        return {"BlockData": Body(data), "Checksum": base64.b64encode(hashlib.sha256(data).digest()).decode()}


class Body:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        return self._data


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> bytes:
    root = machines.write_machine(tmp_path_factory.mktemp("root"))
    return machines.ext(root, tmp_path_factory.mktemp("disk") / "disk.img").read_bytes()


@pytest.fixture
def ec2(moto_url):
    reset(moto_url)
    return client(moto_url, "ec2")


def instance(ec2, tags=()):
    specification = [{"ResourceType": "instance", "Tags": [{"Key": k, "Value": "1"} for k in tags]}] if tags else []
    made = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, TagSpecifications=specification)
    return AwsSnapshots(ec2, REGION).instance(made["Instances"][0]["InstanceId"])


def own_snapshots(ec2) -> list[str]:
    found = ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "tag-key", "Values": [TAG]}])
    return [one["SnapshotId"] for one in found["Snapshots"]]


@pytest.mark.server
def test_the_inventory_is_the_same_through_ebs_direct_reads(moto_url, image):
    reset(moto_url)
    ebs = client(moto_url, "ebs")
    snapshot = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
    for index, start in enumerate(range(0, len(image), BLOCK_BYTES)):
        data = image[start : start + BLOCK_BYTES]
        if any(data):
            checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
            ebs.put_snapshot_block(
                SnapshotId=snapshot, BlockIndex=index, BlockData=data, DataLength=len(data),
                Checksum=checksum, ChecksumAlgorithm="SHA256",
            )  # fmt: skip
    with ThreadPoolExecutor(8) as pool:
        disk = CachedSource(EbsBlocks(ebs, snapshot), pool=pool)
        found = read_confined(Job(identity=IDENTITY, disks=[disk]))

    assert machines.packages(found) == PACKAGES
    assert 0 < disk.counters.blocks_read <= disk.counters.requests
    assert disk.counters.bytes_read < len(image)


@pytest.mark.server
def test_snapshots_are_tagged_and_deleted(ec2):
    machine, naps = instance(ec2), Naps()

    with AwsSnapshots(ec2, REGION).fresh(machine, "run-1", Waiting(naps)) as made:
        held = own_snapshots(ec2)
        tags = ec2.describe_snapshots(SnapshotIds=[made[0].id])["Snapshots"][0]["Tags"]

    assert [one.id for one in made] == held
    assert {"Key": TAG, "Value": "run-1"} in tags
    assert own_snapshots(ec2) == []


@pytest.mark.server
@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError(), BlockUnread("disk", "gone")])
def test_snapshots_are_deleted_whatever_happens(ec2, fault):
    machine = instance(ec2)

    with pytest.raises(type(fault)), AwsSnapshots(ec2, REGION).fresh(machine, "run", Waiting(Naps())):
        raise fault

    assert own_snapshots(ec2) == []


@pytest.mark.server
def test_an_excluded_machine_is_not_touched(ec2):
    machine = instance(ec2, tags=(EXCLUDE,))
    target = InstanceTarget(
        identity=IDENTITY,
        ebs=None,
        snapshots=AwsSnapshots(ec2, REGION),
        instance=machine,
        label="x",
        waiting=Waiting(Naps()),
    )

    assert [(row.action, row.reason) for row in target.plan()] == [("none", "excluded by its tag")]
    with pytest.raises(BlockUnread, match="excluded"), target.opened():
        pass
    assert own_snapshots(ec2) == []


@pytest.mark.server
def test_a_plan_makes_nothing(ec2):
    machine = instance(ec2)
    target = InstanceTarget(
        identity=IDENTITY,
        ebs=None,
        snapshots=AwsSnapshots(ec2, REGION),
        instance=machine,
        label="x",
        waiting=Waiting(Naps()),
    )

    row = target.plan()[0]

    assert (row.disk, row.action) == (machine.volumes[0].id, "make a snapshot, read and delete it")
    assert row.size_gib == 8
    assert row.requests > 0
    assert own_snapshots(ec2) == []


@pytest.mark.server
def test_the_newest_finished_snapshot_is_chosen(ec2):
    machine = instance(ec2)
    volume = machine.volumes[0].id
    made = [ec2.create_snapshot(VolumeId=volume)["SnapshotId"] for _ in range(3)]
    snapshots = AwsSnapshots(ec2, REGION)
    newest = max(ec2.describe_snapshots(SnapshotIds=made)["Snapshots"], key=lambda one: one["StartTime"])

    assert snapshots.newest(machine.volumes)[0].created == newest["StartTime"]
    assert snapshots.owner(made[0]).arn == machine.arn


@pytest.mark.server
def test_the_janitor_deletes_old_snapshots_of_ours_alone(ec2):
    volume = instance(ec2).volumes[0].id
    foreign = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    tags = [{"ResourceType": "snapshot", "Tags": [{"Key": TAG, "Value": "x"}]}]
    ours = ec2.create_snapshot(VolumeId=volume, TagSpecifications=tags)["SnapshotId"]
    snapshots = AwsSnapshots(ec2, REGION)
    created = ec2.describe_snapshots(SnapshotIds=[ours])["Snapshots"][0]["StartTime"]

    assert snapshots.leftover(timedelta(hours=24), created + timedelta(hours=23)) == []
    leftover = snapshots.leftover(timedelta(hours=24), created + timedelta(hours=25))
    assert [one.id for one in leftover] == [ours]
    snapshots.delete(leftover[0])
    assert [one["SnapshotId"] for one in ec2.describe_snapshots(SnapshotIds=[foreign])["Snapshots"]] == [foreign]


def test_a_block_that_was_never_written_costs_nothing(image):
    ebs = EbsOfImage(image)
    disk = CachedSource(EbsBlocks(ebs, "snap-1"))

    assert disk.read(200 * MIB, 1000) == bytes(1000)
    assert ebs.asked == []


def test_equal_blocks_are_fetched_once_and_those_of_one_read_side_by_side(image):
    ebs = EbsOfImage(image)
    with ThreadPoolExecutor(4) as pool:
        disk = CachedSource(EbsBlocks(ebs, "snap-1"), pool=pool)
        first = disk.read(100, 3 * BLOCK_BYTES)
        assert disk.read(100, 3 * BLOCK_BYTES) == first == image[100 : 100 + 3 * BLOCK_BYTES]

    assert sorted(ebs.asked) == sorted(set(ebs.asked))


def test_a_spent_budget_is_a_gap(image):
    disk = CachedSource(EbsBlocks(EbsOfImage(image), "snap-1"), Budget(bytes=2 * BLOCK_BYTES))

    found = read_confined(Job(identity=IDENTITY, disks=[disk]))

    assert disk.counters.bytes_read <= 2 * BLOCK_BYTES
    assert "budget" in str((found.gaps, found.volumes, found.software))
    assert found.software is None or "packages" in found.software.unread or found.software.gaps


def test_requests_are_bounded_too(image):
    disk = CachedSource(EbsBlocks(EbsOfImage(image), "snap-1"), Budget(requests=2))

    with pytest.raises(BudgetSpent, match="requests"):  # noqa: PT012 - which read is refused depends on the holes
        for index in range(len(image) // BLOCK_BYTES):
            disk.read(index * BLOCK_BYTES, 1)


def test_a_block_that_is_not_answered_is_a_gap_that_names_it(image):
    found = read_confined(Job(identity=IDENTITY, disks=[CachedSource(EbsBlocks(EbsOfImage(image, True), "snap-1"))]))

    assert found.machine is None
    assert "of snap-1 was not read: connection reset" in found.volumes[0].reason


def test_a_wrong_checksum_is_refused(image):
    ebs = EbsOfImage(image)
    ebs.get_snapshot_block = lambda **_: {"BlockData": Body(b"x" * BLOCK_BYTES), "Checksum": "AAAA"}

    with pytest.raises(BlockUnread, match="checksum"):
        CachedSource(EbsBlocks(ebs, "snap-1")).read(0, 1)


def test_changed_blocks_are_listed_over_pages_and_every_call_counts():
    """Shapes of `ListChangedBlocks` and `ListSnapshotBlocks` (EBS direct APIs reference): GiB, pages by token."""

    class Ebs:
        def list_snapshot_blocks(self, SnapshotId, MaxResults):  # noqa: N803 - as boto3 names them
            assert SnapshotId == "snap-2"
            return {"VolumeSize": 8, "BlockSize": BLOCK_BYTES, "Blocks": [], "NextToken": "more"}

        def list_changed_blocks(self, FirstSnapshotId, SecondSnapshotId, MaxResults, NextToken=""):  # noqa: N803
            assert (FirstSnapshotId, SecondSnapshotId) == ("snap-1", "snap-2")
            if NextToken:
                return {"ChangedBlocks": [{"BlockIndex": 9, "SecondBlockToken": "new"}]}
            return {
                "ChangedBlocks": [{"BlockIndex": 3, "FirstBlockToken": "a", "SecondBlockToken": "b"}],
                "NextToken": "x",
            }

    assert changed(Ebs(), "snap-1", "snap-2") == Changed(8 << 30, frozenset({3, 9}), 3)
    assert changed(Ebs(), "snap-2", "snap-2") == Changed(8 << 30, frozenset(), 1)
