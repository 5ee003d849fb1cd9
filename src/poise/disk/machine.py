"""Which volume is the root of a machine, and what its `/etc/fstab` mounts where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from poise.disk.filesystem.absent import Absent
from poise.disk.filesystem.files import FileSystem
from poise.disk.machine_tree import MachineTree
from poise.disk.tree import FileKind, Tree, Unreadable, read
from poise.disk.volumes import Volume
from poise.model.errors import NotCollected

MOST_MOUNTS = 128
NO_ROOT = "no root of an operating system was found: no /etc/os-release and no Windows/System32 on any volume"
NO_FILES = frozenset({"swap", "tmpfs", "proc", "sysfs", "devpts", "devtmpfs", "cgroup", "cgroup2", "debugfs", "none"})
"""Types in `fstab` that keep nothing on a disk."""
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smbfs", "smb3", "glusterfs", "ceph", "fuse.sshfs", "efs", "lustre", "9p"})


@dataclass(frozen=True)
class Mount:
    """One line of `fstab`."""

    device: str
    path: str
    kind: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Machine:
    """A machine's files."""

    tree: Tree
    mounted: Mapping[str, str]
    """Name of a volume -> the path where it is mounted."""
    gaps: tuple[str, ...]
    """What of it could not be read."""


class NoRoot(NotCollected):
    """None of the volumes is the root of an operating system, or those that may be could not be read."""


def machine_of(volumes: Sequence[Volume]) -> Machine:
    """Return the machine whose root is among the volumes; raises :class:`NoRoot` if none is a root."""
    roots, doubts = _roots(volumes)
    if not roots:
        raise NoRoot("machine", "; ".join([NO_ROOT, *doubts]))
    root = roots[0]
    assert root.detected.files is not None
    mounts: dict[str, FileSystem] = {"": root.detected.files}
    mounted = {root.name: "/"}
    gaps = [*doubts, *(f"{other.name} holds another root: not read" for other in roots[1:])]
    alone = MachineTree({"": root.detected.files})
    names = _crypt_names(alone)
    for mount in _mounts(alone, gaps):
        volume = _volume_of(mount, volumes, names)
        if volume is root:
            continue
        if volume is not None and volume.detected.files:
            mounts[mount.path] = volume.detected.files
            mounted[volume.name] = mount.path
            continue
        reason = _why_absent(mount, volume)
        mounts[mount.path] = Absent(mount.path, reason)
        gaps.append(f"{mount.path} was not read: {reason}")
    return Machine(MachineTree(mounts), mounted, tuple(gaps))


def _roots(volumes: Sequence[Volume]) -> tuple[list[Volume], list[str]]:
    """Return the volumes that are roots, and why it could not be told of others."""
    found = []
    doubts = [f"{volume.name}: {volume.detected.doubt}" for volume in volumes if volume.detected.doubt]
    for volume in volumes:
        try:
            if volume.detected.files and is_root(volume.detected.files):
                found.append(volume)
        except Unreadable as problem:
            doubts.append(f"{volume.name}: {problem.reason}")
    return found, doubts


def is_root(files: FileSystem) -> bool:
    """Whether a file system is the root of Linux or the system drive of Windows; raises `Unreadable`."""
    tree = MachineTree({"": files})
    if tree.facts("/etc/os-release") or tree.facts("/usr/lib/os-release"):
        return True
    system = tree.facts("/Windows/System32")
    return system is not None and system.kind is FileKind.FOLDER


def _mounts(tree: Tree, gaps: list[str]) -> Iterator[Mount]:
    """Yield what `fstab` mounts from disks or the network; outer folders first."""
    found = []
    for fields in _lines(tree, "/etc/fstab", gaps):
        if len(fields) < 3 or not fields[1].startswith("/"):
            continue
        path = "/" + "/".join(part for part in fields[1].replace("\\040", " ").split("/") if part)
        options = tuple(fields[3].split(",")) if len(fields) > 3 else ()
        if fields[2] not in NO_FILES and path != "/" and not {"noauto", "bind", "rbind"} & set(options):
            found.append(Mount(fields[0], path, fields[2], options))
    if len(found) > MOST_MOUNTS:
        gaps.append(f"/etc/fstab has {len(found):,} mounts: {MOST_MOUNTS} of them are followed")
    yield from sorted(found, key=lambda mount: mount.path)[:MOST_MOUNTS]


def _lines(tree: Tree, path: str, gaps: list[str]) -> Iterator[list[str]]:
    try:
        content = read(tree, path, 1 << 20) or b""
    except Unreadable as problem:
        gaps.append(f"{path} was not read: {problem.reason}")
        return
    for line in content.decode("utf-8", "replace").splitlines():
        fields = line.split("#")[0].split() if line.lstrip().startswith("#") else line.split()
        if fields:
            yield fields


def _crypt_names(tree: Tree) -> dict[str, str]:
    """Return the mapped names of `crypttab` -> how the encrypted volume is named."""
    found = {}
    for fields in _lines(tree, "/etc/crypttab", []):
        if len(fields) >= 2:
            found[f"/dev/mapper/{fields[0]}".lower()] = _plain(fields[1]).replace("uuid=", "luks=")
    return found


def _volume_of(mount: Mount, volumes: Sequence[Volume], crypt_names: Mapping[str, str]) -> Volume | None:
    device = _plain(mount.device)
    device = crypt_names.get(device, device)
    return next((volume for volume in volumes if device in volume.devices), None)


def _plain(device: str) -> str:
    """Return a device as volumes name it: `UUID="A"` and `/dev/disk/by-uuid/A` are `uuid=a`."""
    text = device.replace('"', "").replace("\\040", " ").lower()
    for kind in ("uuid", "label", "partuuid"):
        by = f"/dev/disk/by-{kind}/"
        if text.startswith(by):
            return f"{kind}={text[len(by) :]}"
    return text


def _why_absent(mount: Mount, volume: Volume | None) -> str:
    if mount.kind in NETWORK:
        return f"it is a network share ({mount.kind})"
    if volume is None:
        return f"{mount.device} is on none of the disks"
    return f"{volume.name}: {volume.detected.reason}"
