"""Reads hosts over SSH, each as one partition; a host that cannot be reached is a gap and named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from poise.collect.connector import gather
from poise.collect.facts import Found, Piece
from poise.collect.host.hosts_file import Host, HostList
from poise.collect.host.remote_tree import RemoteTree
from poise.collect.host.session import CALL, Session, Ssh
from poise.disk.facts import Limits, MachineFacts, read_machine
from poise.disk.facts.machine import Identity
from poise.model.asset import Asset
from poise.model.errors import BadInput, NotRead
from poise.model.host.estate import Hosts, NotScanned
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Read, Scope

SERVICE = "hosts"
"""Service group of the list itself; each host is a service group of its own name."""
READS = (
    Read(CALL, "a login that may read", ("Machine", "Software", "Secrets")),
    Read("ssh:find", "sudo, for what only root may see", ("Machine.setuid_files", "Machine.world_writable")),
    Read("ssh:read", "sudo, for what only root may see", ("Machine.users", "Software.packages")),
)


@dataclass
class SshHosts:
    """Reads a list of hosts; see :class:`~poise.collect.connector.Connector`."""

    hosts: HostList
    clock: Callable[[], datetime]
    ssh: Ssh = field(default_factory=Ssh)
    secret_key: bytes | None = None
    """Key for fingerprints of secrets; None does not search for any."""
    limits: Limits = field(default_factory=Limits)
    _results: dict[str, MachineFacts | NotRead] = field(default_factory=dict, init=False)
    _locks: dict[str, threading.Lock] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._by_title = {host.title: host for host in self.hosts.hosts}
        self._locks = {title: threading.Lock() for title in self._by_title}

    @property
    def source(self) -> str:
        """The door."""
        return "ssh"

    def scopes(self) -> Sequence[Scope]:
        """Return the list as one scope."""
        return (Scope(f"host://{self.hosts.name}", "host", self.hosts.name),)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return each host, and the list itself."""
        services = (*self._by_title, f"{SERVICE}:{self.hosts.name}")
        return tuple(PartitionKey(self.source, "host", scope.id, service, "global") for service in services)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return what is asked of each host."""
        return READS if key.service in self._by_title else ()

    def read(self, key: PartitionKey) -> Collected:
        """Read a host, or the list."""
        pieces = self._machine(key.service) if key.service in self._by_title else self._list(key)
        return gather(key, pieces, READS, self.clock())

    def _machine(self, title: str) -> list[Piece]:
        result = self._result(title)
        if isinstance(result, NotRead):
            listings = [Listing(k.KIND, ListingState.PARTIAL, result.reason) for k in (Machine, Software)]
            return [result, *listings]
        assets: list[Asset] = [result.machine, result.software, *result.images]
        complete = [Machine.KIND, Software.KIND]
        if result.secrets is not None:
            assets.append(result.secrets)
            complete.append(Secrets.KIND)
        return [*(Found(asset, {}) for asset in assets), *(Listing(k, ListingState.COMPLETE) for k in complete)]

    def _list(self, key: PartitionKey) -> list[Piece]:
        failed = [
            NotScanned(machine=self._id(title), reason=result.reason)
            for title in self._by_title
            if isinstance(result := self._result(title), NotRead)
        ]
        found = Hosts(
            id=key.scope,
            name=self.hosts.name,
            scope=key.scope,
            region="global",
            tags={},
            machines=tuple(self._id(title) for title in self._by_title),
            not_scanned=tuple(failed),
        )
        return [Found(found, {}), Listing(Hosts.KIND, ListingState.COMPLETE)]

    def _result(self, title: str) -> MachineFacts | NotRead:
        """Read a host once, whoever asks first."""
        with self._locks[title]:
            if title not in self._results:
                self._results[title] = self._read(self._by_title[title])
            return self._results[title]

    def _read(self, host: Host) -> MachineFacts | NotRead:
        try:
            with Session(host, self.ssh) as session:
                identity = Identity(
                    id=self._id(host.title), name=host.title, scope=f"host://{self.hosts.name}", tags=host.tags
                )
                tree = RemoteTree(session)
                return read_machine(tree, identity, secret_key=self.secret_key, limits=self.limits)
        except NotRead as problem:
            return problem
        except BadInput as problem:
            return NotRead(CALL, "malformed", f"{host.title}: {problem.what}")

    def _id(self, title: str) -> str:
        return f"host://{self.hosts.name}/{title}"
