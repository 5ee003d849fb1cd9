"""The Azure connectors: one reads live subscriptions, one reads folders of recorded answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from poise.collect.azure import services
from poise.collect.azure.reading.folder import FolderReader, subscriptions_in
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.azure.reading.settings import AzureSettings
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


def _partitions(source: str, scope: Scope, chosen: tuple[str, ...] = ()) -> tuple[PartitionKey, ...]:
    for name in chosen:
        if name not in services.load():
            raise UsageError(f"There is no Azure service {name!r}.", f"It is one of {', '.join(services.load())}.")
    names = (name for name in services.load() if not chosen or name in chosen)
    return tuple(PartitionKey(source, "azure", scope.id, name, "global") for name in names)


def _read(key: PartitionKey, reader: AzureReader, read_at: datetime, expected: frozenset[str] = EXPECTED) -> Collected:
    service = services.load()[key.service]
    return gather(key, service.collect(reader), service.READS, read_at, expected)


@dataclass
class LiveAzure:
    """Reads live subscriptions; see :class:`Connector`."""

    choice: AzureChoice
    settings: AzureSettings
    clock: Callable[[], datetime]
    threads: int = 8
    source: str = "azure"

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
        return tuple(_scope(item, above) for item in chosen)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition per service."""
        return _partitions(self.source, scope, self.choice.services)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return services.load()[key.service].READS

    def read(self, key: PartitionKey) -> Collected:
        """Read one service of one subscription."""
        from poise.collect.azure.reading.live import LiveReader

        return _read(key, LiveReader(self._client, key.scope, self._pool), self.clock())

    def close(self) -> None:
        """Stop the threads and close the connections."""
        opened = vars(self)
        if "_pool" in opened:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if "_client" in opened:
            self._client.close()

    @cached_property
    def _client(self) -> ArmClient:
        # Imported when a live scan begins: reading a folder needs no SDK.
        from poise.collect.azure.reading.live import ArmClient, credential_of

        return ArmClient(self.settings, credential_of(self.settings))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads, thread_name_prefix="azure")

    def _is_chosen(self, item: Json) -> bool:
        wanted = {word.lower() for word in self.choice.subscriptions}
        return not wanted or bool(wanted & {str(item.get(k)).lower() for k in ("subscriptionId", "displayName")})

    def _ancestors(self, subscriptions: list[str]) -> dict[str, list[str]]:
        """Return the management groups above each subscription; the partition of each tells why if it is unread."""
        try:
            return ancestors_by_subscription(self._client.query(ANCESTORS, ANCESTORS_QUERY, subscriptions))
        except NotRead:
            return {}


def _scope(item: Json, above: dict[str, list[str]]) -> Scope:
    id = str(item["subscriptionId"]).lower()
    return Scope(id, "azure", str(item.get("displayName") or id), tuple(above.get(id, ())))


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
        return bool(subscriptions_in(root))

    def scopes(self) -> Sequence[Scope]:
        """Return the subscriptions that the folder is about."""
        if not self._readers:
            raise UsageError(f"{self.root} holds no folder of a subscription.", "See the page on scanning files.")
        return tuple(self._scope(reader) for reader in self._readers.values())

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition per service."""
        return _partitions(self.source, scope)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return the calls of the service."""
        return services.load()[key.service].READS

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
            for id, folder in subscriptions_in(self.root).items()
        }
