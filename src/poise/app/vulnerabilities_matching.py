"""Matching as a connector: stored software in, vulnerabilities out, judged and kept like anything that is read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from poise.app.workspace import Workspace
from poise.model.host.software import Software
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Read, Scope
from poise.vulns.match import Matcher

SERVICE = "vulnerabilities"


class StoredSoftware:
    """Matches what one source has read of machines."""

    def __init__(self, workspace: Workspace, source: str, scopes: Sequence[str], matcher: Matcher) -> None:
        self._workspace = workspace
        self._source = source
        self._scopes = frozenset(scopes)
        self._matcher = matcher

    @property
    def source(self) -> str:
        """The source that read the software: its vulnerabilities belong to the same inventory."""
        return self._source

    def scopes(self) -> Sequence[Scope]:
        """Return the scopes of the machines."""
        stored = self._workspace.store.scans.scopes(self._workspace.viewer)
        found = {scope.id: scope for source, scope in stored if source == self._source and scope.id in self._scopes}
        return [msgspec.structs.replace(found[id], provider="host") for id in sorted(found)]

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return the one partition of a scope."""
        return (PartitionKey(self._source, "host", scope.id, SERVICE, "global"),)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return no calls: nothing outside is asked."""
        return (Read("vulns:Match", "", (Vulnerabilities.__name__,)),)

    def read(self, key: PartitionKey) -> Collected:
        """Match the machines of a scope."""
        machines = self._workspace.store.assets.load(key.source, (key.scope,), (Software.KIND,))
        found = tuple(self._matcher.match(one) for one in machines if isinstance(one, Software))
        problem = self._workspace.store.scans.listing_problems(key.source).get((Software.KIND, key.scope))
        state = ListingState.PARTIAL if problem else ListingState.COMPLETE
        listings = (Listing(Vulnerabilities.KIND, state, problem or ""),)
        return Collected(key, found, listings, (), self._workspace.clock())
