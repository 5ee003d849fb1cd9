"""One call of Azure: where it goes, which version answers, which permission it needs."""

from __future__ import annotations

import msgspec

from poise.model.listing import Read


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A read-only call. Its name is the operation id of Microsoft's published API description."""

    service: str
    """Service group, as partitions name it: `storage`."""
    name: str
    """Operation id: `StorageAccounts_List`."""
    path: str
    """Path below the parent, which is the subscription where a service does not say another."""
    version: str
    """`api-version` whose documentation the records follow; empty where the path tells it, as that of Graph does."""
    permission: str
    """Action of the least role that may call it: `Microsoft.Storage/storageAccounts/read`."""

    method: str = "GET"
    """`POST` for the few questions that the API takes in no other way, though they change nothing."""
    query: tuple[tuple[str, str], ...] = ()
    """More of the question, such as `$select`."""

    @property
    def call(self) -> str:
        """The call as gaps and reads name it."""
        return f"{self.service}:{self.name}"

    def feeds(self, *feeds: str) -> Read:
        """Return what the call is read for; see :class:`Read`."""
        return Read(self.call, self.permission, feeds)
