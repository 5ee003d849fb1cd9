"""Reads the records of a machine from a tree of its files.

Each fact has a reader of its own: one that fails makes its fact unread, with the reason, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from poise.disk.facts import accounts
from poise.disk.facts.kernel import read_kernel
from poise.disk.facts.limits import Limits
from poise.disk.facts.os_release import read_os
from poise.disk.facts.reading import Reading
from poise.disk.facts.software import read_packages, system_of
from poise.disk.tree import Tree, Unreadable
from poise.model.errors import BadInput
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software

Reader = Callable[[Reading], Any]
READERS: Mapping[str, Reader] = {
    "os": read_os,
    "kernel": read_kernel,
    "users": accounts.read_users,
    "groups": accounts.read_groups,
}
"""Fact of a machine -> its reader."""


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


def read_machine(
    tree: Tree, identity: Identity, *, secret_key: bytes | None = None, limits: Limits | None = None
) -> MachineFacts:
    """Read everything about a machine; ``secret_key`` is the store's key for fingerprints of secrets.

    Without a key no file is searched for secrets. Nothing is raised for what the tree holds: what cannot be read is
    unread in the records, or listed in their ``gaps``.
    """
    reading = Reading(tree, limits or Limits())
    named = {"id": identity.id, "name": identity.name, "scope": identity.scope, "region": identity.region}
    software = _software(reading, named, identity)
    facts: dict[str, Any] = {"cloud_asset": identity.cloud_asset}
    unread: dict[str, str] = {}
    for name, reader in READERS.items():
        try:
            facts[name] = reading.once(reader)
        except (Unreadable, BadInput) as problem:
            unread[name] = str(problem)
    facts["gaps"] = reading.gaps
    unread |= {name: "no reader of this fact" for name in Machine.FACTS if name not in facts and name not in unread}
    machine = Machine(**named, tags=identity.tags, unread=unread, **facts)
    return MachineFacts(machine=machine, software=software, secrets=None)


def _software(reading: Reading, named: Mapping[str, str], identity: Identity) -> Software:
    packages = read_packages(reading)
    kernel = reading.once(read_kernel)
    return Software(
        **(dict(named) | {"id": f"{identity.id}#software"}),
        tags=identity.tags,
        machine=identity.id,
        os=system_of(reading),
        kernel=kernel.release,
        kernels=kernel.installed,
        packages=packages,
        gaps=reading.gaps,
    )
