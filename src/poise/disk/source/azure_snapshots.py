"""Snapshots of Azure managed disks: made and tagged, opened by a signature of short life, always closed and deleted.

Source: Compute REST reference, "Snapshots" (create, begin-get-access, end-get-access, delete).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from poise.disk.source.aws_snapshots import EXCLUDE, TAG
from poise.disk.source.block import BlockUnread
from poise.model.listing import Read

API = "2024-03-02"
"""Version of `Microsoft.Compute/disks` and `snapshots`."""
MACHINES_API = "2024-07-01"
READS = (
    Read("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachines/read", ("Machine",)),
    Read("Microsoft.Compute/disks", "Microsoft.Compute/disks/read", ("Machine",)),
    Read("Microsoft.Compute/disks", "Microsoft.Compute/disks/beginGetAccess/action", ("Machine",)),
    Read("Microsoft.Compute/snapshots", "Microsoft.Compute/snapshots/read", ("Machine",)),
    Read("Microsoft.Compute/snapshots", "Microsoft.Compute/snapshots/write", ("Machine",)),
    Read("Microsoft.Compute/snapshots", "Microsoft.Compute/snapshots/beginGetAccess/action", ("Machine",)),
    Read("Microsoft.Compute/snapshots", "Microsoft.Compute/snapshots/endGetAccess/action", ("Machine",)),
    Read("Microsoft.Compute/snapshots", "Microsoft.Compute/snapshots/delete", ("Machine",)),
)
"""What scanning the disks of a subscription calls."""
ACCESS_S = 3600
"""Life of a signature."""
log = structlog.get_logger()


class Arm(Protocol):
    """Azure Resource Manager, signed in. Long operations are waited for; raises `BlockUnread`."""

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Make a call; return its final answer."""
        ...


@dataclass(frozen=True)
class ManagedDisk:
    """A disk of a machine."""

    id: str
    size_gib: int
    tags: Mapping[str, str]

    @property
    def is_excluded(self) -> bool:
        """Whether its tag says that it is not to be touched."""
        return EXCLUDE in self.tags


@dataclass(frozen=True)
class VirtualMachine:
    """A machine and its disks, the system's first."""

    id: str
    name: str
    region: str
    tags: Mapping[str, str]
    disks: tuple[ManagedDisk, ...]

    @property
    def is_excluded(self) -> bool:
        """Whether its tag says that it is not to be touched."""
        return EXCLUDE in self.tags


@dataclass(frozen=True)
class AzureSnapshots:
    """Snapshots of the disks of one subscription."""

    arm: Arm
    clock: Callable[[], datetime]

    def machine(self, id: str) -> VirtualMachine:
        """Return a machine with its disks; raises `BlockUnread`."""
        found = self.arm.call("GET", f"{id}?api-version={MACHINES_API}")
        try:
            storage = found["properties"]["storageProfile"]
            disks = [storage["osDisk"], *storage.get("dataDisks", ())]
            managed = tuple(self._disk(disk["managedDisk"]["id"]) for disk in disks if disk.get("managedDisk"))
            machine = VirtualMachine(found["id"], found["name"], found["location"], found.get("tags") or {}, managed)
        except (KeyError, TypeError, AttributeError) as problem:
            raise BlockUnread(id, f"{id} is described in an unknown form: {problem}") from None
        if not managed:
            raise BlockUnread(id, f"{id} has no managed disk")
        return machine

    def _disk(self, id: str) -> ManagedDisk:
        found = self.arm.call("GET", f"{id}?api-version={API}")
        return ManagedDisk(id, int(found["properties"].get("diskSizeGB", 0)), found.get("tags") or {})

    @contextmanager
    def opened(self, disk: str, region: str, label: str) -> Iterator[str]:
        """Make a snapshot of a disk and yield its address with a signature; close and delete it in the end."""
        group = disk.split("/providers/")[0]
        # Names of disks may differ in their last letters alone, and 80 characters are allowed.
        name = f"poise-{label}-{hashlib.sha256(disk.lower().encode()).hexdigest()[:16]}"
        snapshot = f"{group}/providers/Microsoft.Compute/snapshots/{name}"
        body = {
            "location": region,
            "tags": {TAG: label, "poise:made": self.clock().isoformat()},
            "properties": {
                "creationData": {"createOption": "Copy", "sourceResourceId": disk},
                "incremental": True,
                "publicNetworkAccess": "Enabled",
                "networkAccessPolicy": "AllowAll",
            },
        }
        try:
            self.arm.call("PUT", f"{snapshot}?api-version={API}", body)
            wanted = {"access": "Read", "durationInSeconds": ACCESS_S}
            answer = self.arm.call("POST", f"{snapshot}/beginGetAccess?api-version={API}", wanted)
            yield _address(answer, disk)
        finally:
            self._remove(snapshot)

    def leftover(self, subscription: str, older_than: timedelta) -> list[str]:
        """Return the ids of snapshots of ours that no scan can still be using."""
        path: str | None = f"/subscriptions/{subscription}/providers/Microsoft.Compute/snapshots?api-version={API}"
        found = []
        while path:
            page = self.arm.call("GET", path)
            found += [one for one in page.get("value", ()) if TAG in (one.get("tags") or {})]
            path = page.get("nextLink")
        ends = self.clock() - older_than
        return [one["id"] for one in found if _made(one) < ends]

    def delete(self, snapshot: str) -> None:
        """Delete a snapshot of ours; raises `BlockUnread`."""
        self.arm.call("POST", f"{snapshot}/endGetAccess?api-version={API}")
        self.arm.call("DELETE", f"{snapshot}?api-version={API}")

    def _remove(self, snapshot: str) -> None:
        try:
            self.delete(snapshot)
        except BlockUnread as problem:
            # The janitor finds it by its tag; what was read stays read.
            log.error("a snapshot was not deleted", snapshot=snapshot, reason=problem.reason)


def _address(answer: Mapping[str, Any], disk: str) -> str:
    """Return the signed address of an answer: itself, or the output of the operation that gave it."""
    output = (answer.get("properties") or {}).get("output") or {}
    address = answer.get("accessSAS") or output.get("accessSAS")
    if not isinstance(address, str):
        raise BlockUnread(disk, f"no access to the snapshot of {disk} was given")
    return address


def _made(snapshot: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(snapshot["properties"]["timeCreated"])
    except (KeyError, TypeError, ValueError):
        raise BlockUnread("azure", "Azure does not say when a snapshot was made") from None
