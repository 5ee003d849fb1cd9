"""Azure machines: snapshots made, opened, read, closed and deleted, whatever Azure answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from poise.disk.sandbox import Job, read_confined
from poise.disk.source.arm import ArmCalls
from poise.disk.source.aws_snapshots import EXCLUDE, TAG
from poise.disk.source.azure_snapshots import AzureSnapshots
from poise.disk.source.block import BlockUnread, Excluded
from poise.disk.target import AzureTarget
from tests.disk import machines
from tests.disk.machines import IDENTITY, PACKAGES
from tests.disk.source.azure_stand_in import DATA, DISK, MACHINE, SUBSCRIPTION, TOKEN, Azure, serving

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> bytes:
    root = machines.write_machine(tmp_path_factory.mktemp("root"))
    return machines.ext(root, tmp_path_factory.mktemp("disk") / "disk.img").read_bytes()


@pytest.fixture
def azure(image):
    with serving(Azure({DISK: image, DATA: bytes(1 << 20)})) as served:
        yield served


@pytest.fixture
def naps():
    return []


@pytest.fixture
def client():
    with httpx.Client() as opened:
        yield opened


@pytest.fixture
def snapshots(azure, client, naps):
    return AzureSnapshots(ArmCalls(client, azure.url, lambda: TOKEN, naps.append), lambda: NOW)


def target(snapshots, client):
    machine = snapshots.machine(MACHINE)
    return AzureTarget(identity=IDENTITY, client=client, snapshots=snapshots, machine=machine, label="abcd")


@pytest.mark.parametrize("has_status", [True, False], ids=["azure-asyncoperation", "location"])
def test_a_machine_is_read_and_nothing_is_left(azure, snapshots, client, has_status):
    azure.has_status = has_status
    with target(snapshots, client).opened() as disks:
        held = list(azure.snapshots.values())
        found = read_confined(Job(identity=IDENTITY, disks=disks))

    assert machines.packages(found) == PACKAGES
    assert [one["tags"][TAG] for one in held] == ["abcd", "abcd"]
    assert [one["properties"]["incremental"] for one in held] == [True, True]
    assert azure.snapshots == {}


def test_waiting_follows_what_azure_asks_for(azure, snapshots, client, naps):
    azure.throttled = 2
    with target(snapshots, client).opened():
        pass

    assert naps
    assert set(naps) == {0.0}
    assert azure.snapshots == {}


def test_throttling_without_end_is_told_and_not_waited_out(azure, snapshots, client):
    azure.throttled = 100
    with pytest.raises(BlockUnread, match="status 429, OperationNotAllowed"):
        snapshots.machine(MACHINE)
    assert len(azure.calls) < 10


@pytest.mark.parametrize("call", ["PUT snapshots", "POST beginGetAccess"])
def test_a_denied_call_names_the_reason_and_leaves_nothing_open(azure, snapshots, client, call):
    found = target(snapshots, client)
    azure.denied = {call}
    with pytest.raises(BlockUnread, match="status 403, AuthorizationFailed"), found.opened():
        pass
    assert not any(one["open"] for one in azure.snapshots.values())


def test_a_failed_operation_names_its_code(azure, snapshots, client):
    found = target(snapshots, client)
    azure.fails = True
    with pytest.raises(BlockUnread, match="ended as failed: DiskBusy"), found.opened():
        pass


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError()])
def test_snapshots_are_closed_and_deleted_whatever_happens(azure, snapshots, client, fault):
    with pytest.raises(type(fault)), target(snapshots, client).opened():
        raise fault
    assert azure.snapshots == {}


def test_a_snapshot_that_cannot_be_deleted_is_logged_and_found_by_the_janitor(azure, snapshots, client, capsys):
    found = target(snapshots, client)
    azure.denied = {"DELETE snapshots"}
    with found.opened():
        pass
    for one in azure.snapshots.values():
        one["properties"]["timeCreated"] = "2029-12-30T00:00:00+00:00"
    azure.denied = set()

    assert "a snapshot was not deleted" in capsys.readouterr().out
    assert snapshots.leftover(SUBSCRIPTION.split("/")[2], timedelta(days=3)) == []
    left = snapshots.leftover(SUBSCRIPTION.split("/")[2], timedelta(days=1))
    assert left == list(azure.snapshots)
    for one in left:
        snapshots.delete(one)
    assert azure.snapshots == {}


def test_an_excluded_machine_or_disk_is_not_touched(azure, snapshots, client):
    azure.tags = {DATA: {EXCLUDE: "yes"}}
    plan = target(snapshots, client).plan()
    assert [(row.size_gib, row.action, row.reason) for row in plan] == [
        (30, "make a snapshot, read and delete it", ""),
        (30, "none", "excluded by its tag"),
    ]
    with target(snapshots, client).opened() as disks:
        assert len(disks) == 1
    azure.tags = {MACHINE: {EXCLUDE: "yes"}}
    azure.calls.clear()
    with pytest.raises(Excluded), target(snapshots, client).opened():
        pass
    assert not any(call.startswith("PUT") for call in azure.calls)


def test_two_disks_with_long_names_alike_get_snapshots_of_their_own(azure, image, snapshots, client):
    with target(snapshots, client).opened():
        names = [one.rsplit("/", 1)[-1] for one in azure.snapshots]
    assert len(set(names)) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) for name in names)


def test_the_token_does_not_follow_azure_elsewhere(azure, client, naps):
    calls = ArmCalls(client, azure.url, lambda: TOKEN, naps.append)
    with pytest.raises(BlockUnread, match=r"leads to elsewhere\.example"):
        calls.call("GET", "https://elsewhere.example/steal")


def test_a_machine_in_an_unknown_form_is_a_gap(azure, snapshots, monkeypatch):
    monkeypatch.setattr(azure, "machine", lambda: {"id": MACHINE, "properties": {}})
    with pytest.raises(BlockUnread, match="unknown form"):
        snapshots.machine(MACHINE)
