"""The Azure connectors: one reads live subscriptions, one reads folders of recorded answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from poise.collect.azure import services
from poise.collect.azure.entra.tenant import ORGANIZATION
from poise.collect.azure.reading.folder import FolderReader, subscriptions_in, tenants_in
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.azure.reading.settings import AzureSettings
from poise.collect.azure.services import Service
from poise.collect.azure.subscriptions import (
    ANCESTORS,
    ANCESTORS_QUERY,
    SUBSCRIPTIONS_GET,
    SUBSCRIPTIONS_LIST,
    ancestors_by_subscription,
)
from poise.collect.connector import EXPECTED_OF_EXPORTS, gather
from poise.collect.facts import EXPECTED
from poise.model.asset import Json
from poise.model.errors import NotRead, UsageError
from poise.model.listing import Collected, PartitionKey, Read, Scope

if TYPE_CHECKING:
    from poise.collect.azure.reading.live import ArmClient


@dataclass(frozen=True, kw_only=True)
class AzureChoice:
    """Which subscriptions and services to read."""

    subscriptions: tuple[str, ...] = ()
    """Ids or names of subscriptions; empty for all that can be seen."""
    services: tuple[str, ...] = ()
    """Service modules to read; empty for all."""


def _partitions(
    source: str, scope: Scope, of_scope: Mapping[str, Service], chosen: tuple[str, ...] = ()
) -> tuple[PartitionKey, ...]:
    every = services.load() | services.of_tenants()
    for name in chosen:
        if name not in every:
            raise UsageError(f"There is no Azure service {name!r}.", f"It is one of {', '.join(every)}.")
    names = (name for name in of_scope if not chosen or name in chosen)
    return tuple(PartitionKey(source, "azure", scope.id, name, "global") for name in names)


def _read(key: PartitionKey, reader: AzureReader, read_at: datetime, expected: frozenset[str] = EXPECTED) -> Collected:
    service = _service(key)
    return gather(key, service.collect(reader), service.READS, read_at, expected)


def _service(key: PartitionKey) -> Service:
    return services.load().get(key.service) or services.of_tenants()[key.service]


@dataclass
class LiveAzure:
    """Reads live subscriptions; see :class:`Connector`."""

    choice: AzureChoice
    settings: AzureSettings
    clock: Callable[[], datetime]
    threads: int = 8
    source: str = "azure"
    _tenants: tuple[str, ...] = ()

    def scopes(self) -> Sequence[Scope]:
        """Return the chosen subscriptions that the credentials can see, with the management groups above them."""
        try:
            seen = list(self._client.pages(SUBSCRIPTIONS_LIST, ""))
        except NotRead as problem:
            raise UsageError(
                f"The subscriptions cannot be read: {problem.reason}.",
                "Check the end point, and that you have the role Reader somewhere.",
            ) from problem
        chosen = [item for item in seen if self._is_chosen(item)]
        if not chosen:
            raise UsageError("There is no such subscription to read.", "`az account list` names those you can see.")
        above = self._ancestors([str(item["subscriptionId"]).lower() for item in chosen])
        self._tenants = self._readable(dict.fromkeys(str(item.get("tenantId")).lower() for item in chosen))
        return (*(_scope(item, above) for item in chosen), *map(_tenant, self._tenants))

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition per service."""
        of_scope = services.of_tenants() if scope.id in self._tenants else services.load()
        return _partitions(self.source, scope, of_scope, self.choice.services)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return _service(key).READS

    def read(self, key: PartitionKey) -> Collected:
        """Read one service of one subscription."""
        from poise.collect.azure.reading.live import LiveReader

        if key.service in services.of_tenants():
            reader = LiveReader(self._graph, key.scope, self._pool, home="")
        else:
            reader = LiveReader(self._client, key.scope, self._pool)
        return _read(key, reader, self.clock())

    def close(self) -> None:
        """Stop the threads and close the connections."""
        opened = vars(self)
        if "_pool" in opened:
            self._pool.shutdown(wait=False, cancel_futures=True)
        for name in ("_client", "_graph"):
            if name in opened:
                opened[name].close()

    @cached_property
    def _client(self) -> ArmClient:
        # Imported when a live scan begins: reading a folder needs no SDK.
        from poise.collect.azure.reading.live import ArmClient, credential_of

        return ArmClient(self.settings, credential_of(self.settings))

    @cached_property
    def _graph(self) -> ArmClient:
        from poise.collect.azure.reading.live import ArmClient, credential_of

        return ArmClient(self.settings.of_graph(), credential_of(self.settings))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads, thread_name_prefix="azure")

    def _is_chosen(self, item: Json) -> bool:
        wanted = {word.lower() for word in self.choice.subscriptions}
        return not wanted or bool(wanted & {str(item.get(k)).lower() for k in ("subscriptionId", "displayName")})

    def _readable(self, trusted: Iterable[str]) -> tuple[str, ...]:
        """Return the tenants whose directory the credentials belong to: that of others cannot be asked for."""
        if not self.settings.graph_url or self._leaves_directory_out():
            return ()
        try:
            own = {str(item.get("id")).lower() for item in self._graph.pages(ORGANIZATION, "")}
        except NotRead:
            # The partitions of the tenant tell why. Of several, which is the own one is not known.
            return tuple(trusted) if len(tuple(trusted)) == 1 else ()
        return tuple(tenant for tenant in trusted if tenant in own)

    def _leaves_directory_out(self) -> bool:
        return bool(self.choice.services) and not set(self.choice.services) & set(services.of_tenants())

    def _ancestors(self, subscriptions: list[str]) -> dict[str, list[str]]:
        """Return the management groups above each subscription; the partition of each tells why if it is unread."""
        try:
            return ancestors_by_subscription(self._client.query(ANCESTORS, ANCESTORS_QUERY, subscriptions))
        except NotRead:
            return {}


def _scope(item: Json, above: dict[str, list[str]]) -> Scope:
    id = str(item["subscriptionId"]).lower()
    return Scope(id, "azure", str(item.get("displayName") or id), tuple(above.get(id, ())))


def _tenant(id: str) -> Scope:
    return Scope(id, "azure", f"directory {id}")


@dataclass
class AzureFolder:
    """Reads subscriptions from a folder of recorded answers; see :class:`Connector` and :class:`FolderReader`."""

    root: Path
    source: str
    clock: Callable[[], datetime]
    secret_key: bytes = b""
    used: set[Path] = field(default_factory=set)

    @staticmethod
    def recognises(root: Path) -> bool:
        """Tell whether a folder is laid out as this connector reads it."""
        return bool(subscriptions_in(root) or tenants_in(root))

    def scopes(self) -> Sequence[Scope]:
        """Return the subscriptions that the folder is about."""
        if not self._readers:
            raise UsageError(
                f"{self.root} holds no folder of a subscription or tenant.", "See the page on scanning files."
            )
        tenants = tenants_in(self.root)
        return tuple(_tenant(id) if id in tenants else self._scope(reader) for id, reader in self._readers.items())

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition per service."""
        of_scope = services.of_tenants() if scope.id in tenants_in(self.root) else services.load()
        return _partitions(self.source, scope, of_scope)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return _service(key).READS

    def read(self, key: PartitionKey) -> Collected:
        """Read one service of one subscription."""
        return _read(key, self._readers[key.scope], self.clock(), EXPECTED_OF_EXPORTS)

    def not_needed(self) -> list[Path]:
        """Return the files below the folder that no connector asked for, after reading."""
        return sorted(p for p in self.root.rglob("*") if p.is_file() and p not in self.used)

    def _scope(self, reader: FolderReader) -> Scope:
        try:
            name = reader.get(SUBSCRIPTIONS_GET).get("displayName")
            above = ancestors_by_subscription(reader.query(ANCESTORS, ANCESTORS_QUERY))
        except NotRead:
            name, above = None, {}
        id = reader.subscription
        return Scope(id, "azure", str(name or id), tuple(above.get(id, ())))

    @cached_property
    def _readers(self) -> dict[str, FolderReader]:
        return {
            id: FolderReader(folder, id, self.secret_key, self.used)
            for id, folder in (subscriptions_in(self.root) | tenants_in(self.root)).items()
        }
