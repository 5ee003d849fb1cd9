"""What became of reading the disks of a machine: also of those that were not read, with the reason."""

from poise.model.asset import Asset, Part, asset_kind


class VolumeFacts(Part, frozen=True, kw_only=True):
    """A volume that was found on a disk, read or not."""

    name: str
    """`disk 1, partition 2`, `vg/root`."""
    container: str
    """Format of the image around it: `raw`, `vhd`, `vhdx`, `vmdk`, `qcow2`."""
    kind: str
    """What it holds: `ext4`, `xfs`, `btrfs`, `swap`; empty if that is not known."""
    size_bytes: int
    """Its length."""
    uuid: str
    """Id of its file system; empty for none."""
    label: str
    """Label of its file system; empty for none."""
    mounted_at: str
    """Where the machine mounts it; empty if it does not, or it was not read."""
    needs_recovery: bool | None
    """Whether its journal was not replayed: files changed in the last seconds may be stale. None: not known."""
    reason: str
    """Why it was not read; empty if it could be."""


class ScanCost(Part, frozen=True, kw_only=True):
    """What reading a machine has cost, and what it might have cost at most."""

    seconds: float
    """Seconds on the clock, snapshots included."""
    most_seconds: float
    """Seconds after which the reading process would have been ended."""
    bytes_read: int
    """Bytes that were fetched from its disks; 0 for a folder, which is read in place."""
    most_bytes: int
    """Bytes that might have been; 0 if no disk was opened."""
    requests: int
    """Calls to the store of blocks."""
    most_requests: int
    """Calls that might have been made; 0 if no disk was opened."""
    blocks_read: int
    """Blocks that were fetched, each counted as often as it was."""
    memory_bytes: int
    """Most memory that the reading process held; 0 if none ran to its end."""
    most_memory_bytes: int
    """Memory that it might have held."""


@asset_kind("DiskScan", "host")
class DiskScan(Asset):
    """The latest try to read the disks of a machine; its id is the machine's with `#disk_scan` behind."""

    machine: str
    """Id of the machine."""
    cloud_asset: str | None
    """Id of the asset of the cloud that the machine is; None if it is in none."""
    state: str
    """`read`, `partly_read`, `not_read`, or `excluded` if its tag says that it is not to be touched."""
    reasons: tuple[str, ...]
    """Why it was not read, or what of it was not."""
    volumes: tuple[VolumeFacts, ...]
    """Every volume of its disks."""
    snapshots: tuple[str, ...]
    """Ids of the snapshots that were read and may still be there; none where it was read in another way."""
    sizes: tuple[int, ...]
    """Bytes of each of these."""
    blocks: tuple[str, ...]
    """Numbers of the blocks that were asked for of each: `0-3,17`."""
    reader: str
    """Digest of the code and the options that read it."""
    cost: ScanCost
    """Blocks, bytes, time and memory that it took, and the budgets of each."""
    unchanged_since: tuple[str, ...]
    """Snapshots whose facts were used again, since no block of them had changed; none if disks were read."""
