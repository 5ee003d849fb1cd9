"""Reads the records of a machine from a tree of its files.

Each fact has a reader of its own: one that fails makes its fact unread, with the reason, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from poise.disk.facts import accounts, boot, engines, identity, modes, modules, pam, settings, ssh_trust, upkeep
from poise.disk.facts.cron import read_cron
from poise.disk.facts.firewall import read_firewalls
from poise.disk.facts.kernel import read_kernel
from poise.disk.facts.limits import Limits
from poise.disk.facts.listeners import read_listeners
from poise.disk.facts.os_release import read_os
from poise.disk.facts.protection import read_protection
from poise.disk.facts.reading import Reading
from poise.disk.facts.secrets import read_secrets
from poise.disk.facts.services import read_services
from poise.disk.facts.software import read_packages, system_of
from poise.disk.facts.ssh_server import read_ssh_server
from poise.disk.facts.stored_images import stored_images
from poise.disk.facts.sudo import read_sudo
from poise.disk.facts.windows import read_windows
from poise.disk.tree import Tree, Unreadable
from poise.model.asset import replace
from poise.model.errors import BadInput
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software
from poise.model.host.system import Kernel

Reader = Callable[[Reading], Any]
READERS: Mapping[str, Reader] = {
    "os": read_os,
    "kernel": read_kernel,
    "instance_id": identity.read_instance_id,
    "machine_id": identity.read_machine_id,
    "architecture": identity.read_architecture,
    "hostname": identity.read_hostname,
    "users": accounts.read_users,
    "groups": accounts.read_groups,
    "login_rules": pam.read_login_rules,
    "pam": pam.read_pam,
    "sudo": read_sudo,
    "ssh_server": read_ssh_server,
    "authorized_keys": ssh_trust.read_authorized_keys,
    "private_keys": ssh_trust.read_private_keys,
    "known_hosts": ssh_trust.read_known_hosts,
    "sysctl": settings.read_sysctl,
    "cron": read_cron,
    "mounts": settings.read_mounts,
    "file_modes": modes.read_file_modes,
    "setuid_files": modes.read_setuid_files,
    "world_writable": modes.read_world_writable,
    "unowned": modes.read_unowned,
    "services": read_services,
    "listeners": read_listeners,
    "firewalls": read_firewalls,
    "audit": upkeep.read_audit,
    "time_sync": upkeep.read_time_sync,
    "logging": upkeep.read_logging,
    "boot": boot.read_boot,
    "access_control": boot.read_access_control,
    "kernel_modules": modules.read_kernel_modules,
    "banners": settings.read_banners,
    "shell_settings": settings.read_shell_settings,
    "updates": upkeep.read_updates,
    "engines": engines.read_engines,
    "container_images": engines.read_container_images,
    "containers": engines.read_containers,
    "protection": read_protection,
    "windows": read_windows,
}
"""Fact of a machine -> its reader."""
ON_WINDOWS = frozenset(("os", "architecture", "container_images", "protection", "windows"))
"""Facts that are read of a Windows machine."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine is called and where it belongs."""

    id: str
    """`host://name`, or the id of the image or cloud asset behind `host://`."""
    name: str
    """What people call it."""
    scope: str
    """Account, subscription, project or list of hosts that holds it."""
    region: str = "global"
    """Region of its cloud."""
    cloud_asset: str | None = None
    """Id of the cloud asset whose disk is read; None on premises."""
    tags: Mapping[str, str] = {}
    """Tags of its cloud asset."""


class MachineFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one reading gave."""

    machine: Machine
    """Its configuration."""
    software: Software
    """Its packages."""
    secrets: Secrets | None
    """Secrets in its files; None if they were not asked for."""
    images: tuple[Software, ...]
    """Packages of the container images in its store; ids are the machine's with `#image/` and the digest."""


def read_machine(
    tree: Tree, about: Identity, *, secret_key: bytes | None = None, limits: Limits | None = None
) -> MachineFacts:
    """Read everything about a machine; ``secret_key`` is the store's key for fingerprints of secrets.

    Without a key no file is searched for secrets. Nothing is raised for what the tree holds: what cannot be read is
    unread in the records, or listed in their ``gaps``.
    """
    reading = Reading(tree, limits or Limits())
    named: dict[str, Any] = {"id": about.id, "name": about.name, "scope": about.scope, "region": about.region}
    facts: dict[str, Any] = {"cloud_asset": about.cloud_asset}
    unread: dict[str, str] = {}
    family = system_of(reading).family
    for name, reader in READERS.items():
        if family == "windows" and name not in ON_WINDOWS:
            unread[name] = "not offered on Windows"
            continue
        try:
            facts[name] = reading.once(reader)
        except (Unreadable, BadInput) as problem:
            unread[name] = str(problem)
    software = _software(reading, named, about)
    images = tuple(_of_images(reading, about))
    secrets = _secrets(reading, named, about, secret_key) if secret_key else None
    machine = Machine(**named, tags=about.tags, unread=unread, **facts, gaps=reading.gaps)
    return MachineFacts(machine=machine, software=software, secrets=secrets, images=images)


def _software(reading: Reading, named: dict[str, Any], about: Identity) -> Software:
    packages = read_packages(reading)
    try:
        kernel = reading.once(read_kernel)
    except Unreadable as problem:
        reading.miss("kernel", problem.reason)
        kernel = Kernel(release="", known_by="", installed=())
    return Software(
        **(named | {"id": f"{about.id}#software"}),
        tags=about.tags,
        machine=about.id,
        os=system_of(reading),
        kernel=kernel.release,
        kernels=kernel.installed,
        packages=packages,
        gaps=reading.gaps,
    )


def _of_images(reading: Reading, about: Identity) -> Iterator[Software]:
    """Yield the software of each image in the machine's store."""
    for image, tree in stored_images(reading):
        inner = msgspec.structs.replace(about, id=f"{about.id}#image/{image.id}")
        name = image.names[0] if image.names else image.id
        named = {"id": inner.id, "name": name, "scope": about.scope, "region": about.region}
        yield replace(_software(Reading(tree, reading.limits), named, inner), id=inner.id, machine=about.id)


def _secrets(reading: Reading, named: dict[str, Any], about: Identity, key: bytes) -> Secrets:
    found, files, size = read_secrets(reading, key)
    return Secrets(
        **(named | {"id": f"{about.id}#secrets"}),
        tags=about.tags,
        machine=about.id,
        found=tuple(found),
        files_scanned=files,
        bytes_scanned=size,
        gaps=reading.gaps,
    )
