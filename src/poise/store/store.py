"""The open store: its parts under one name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

from poise.model.judged import Scoring
from poise.model.listings import FindingFilter, FindingRow, ScopeFilter
from poise.store import migrate, stream, upkeep, withdrawing
from poise.store.assets import Assets
from poise.store.attestations import Attestations
from poise.store.audit import AuditLog
from poise.store.channels import Channels
from poise.store.core import Core
from poise.store.database import Clock, Database, utc_now
from poise.store.due import Due
from poise.store.effects import Effects
from poise.store.exemptions import Exemptions
from poise.store.exploring import Exploring
from poise.store.findings import Findings
from poise.store.governance import Governance
from poise.store.graph import GraphRows
from poise.store.groups import Groups
from poise.store.history import History
from poise.store.inventory import StoreInventory
from poise.store.kept import KeptSettings
from poise.store.marks import Marks
from poise.store.moments import Moments
from poise.store.owning import Owning
from poise.store.partitions import Partitions
from poise.store.paths import Paths
from poise.store.saved_queries import SavedQueries
from poise.store.scans import Scans
from poise.store.scores import Scores
from poise.store.standing import Standing
from poise.store.verdicts import Verdicts


class Store:
    """An open store. Make it with :meth:`open`, and use it as a context manager."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.scans = Scans(core)
        self.partitions = Partitions(core)
        self.verdicts = Verdicts(core)
        self.standing = Standing(core)
        self.effects = Effects(core)
        self.exemptions = Exemptions(core)
        self.findings = Findings(core)
        self.governance = Governance(core)
        self.channels = Channels(core)
        self.due = Due(core)
        self.assets = Assets(core)
        self.scores = Scores(core)
        self.history = History(core)
        self.moments = Moments(core)
        self.audit = AuditLog(core)
        self.attestations = Attestations(core)
        self.kept = KeptSettings(core)
        self.marks = Marks(core)
        self.groups = Groups(core)
        self.owning = Owning(core)
        self.paths = Paths(core)
        self.graph = GraphRows(core)
        self.exploring = Exploring(core)
        self.saved_queries = SavedQueries(core)

    @classmethod
    def open(cls, url: str | Path, scoring: Scoring | None = None, clock: Clock = utc_now) -> Store:
        """Open a store, made or upgraded if need be.

        ``scoring`` are the facts of all checks; None takes those that the store was last opened with.
        Raises :class:`StoreError`, :class:`StoreTooNew`, :class:`StoreBusy`.
        """
        database = Database(url, clock)
        try:
            migrate.upgrade(database)
            return cls(Core(database, scoring))
        except BaseException:
            database.close()
            raise

    def adopt(self, scoring: Scoring) -> None:
        """Take the facts of checks from now on; where they are new, everything is counted again."""
        self._core.adopt(scoring)

    @property
    def place(self) -> str:
        """The file or address, without a password."""
        return self._core.database.place

    def now(self) -> datetime:
        """Return the time of the store's clock."""
        return self._core.database.clock()

    def inventory(self, source: str) -> StoreInventory:
        """Return the inventory of what one source has read."""
        return StoreInventory(self.assets, self.scans, source)

    def all_verdicts(self, viewer: ScopeFilter, wanted: FindingFilter) -> Iterator[FindingRow]:
        """Yield every present verdict that is wanted, of any state, asset by asset."""
        return stream.all_verdicts(self._core, viewer, wanted)

    def secret_key(self) -> bytes:
        """Return the store's own key, under which secrets that were seen are told apart (HMAC)."""
        return upkeep.secret_key(self._core.database)

    def backup(self, path: str | Path) -> None:
        """Copy the store into a new file, while others go on working."""
        upkeep.backup(self._core.database, Path(path))

    def purge(self, scope: str) -> int:
        """Remove a scope with all its history; return the number of assets removed."""
        return upkeep.purge(self._core, scope)

    def withdraw(self, checks: Collection[str]) -> int:
        """End what checks said that are checks no more, by their ids; return of how many assets."""
        return withdrawing.withdraw(self._core, checks)

    def retire(self, scope: str) -> int:
        """Remove what a scope holds now and keep its past; return the number of assets."""
        return upkeep.retire(self._core, scope)

    def forget(self, days: int) -> bool:
        """Remove history that ended longer ago than ``days``, at most once a day."""
        return upkeep.forget(self._core, days)

    def gc(self, days: int = upkeep.KEPT_DAYS) -> None:
        """Remove history that ended longer ago than ``days``, and give the room back."""
        upkeep.collect_garbage(self._core, days)

    def recount(self) -> bool:
        """Count every roll-up again; return whether they were right."""
        return upkeep.recount(self._core)

    def close(self) -> None:
        """Close it."""
        self._core.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def upgrade(url: str | Path) -> bool:
    """Create or upgrade a store; return whether there was anything to do."""
    database = Database(url)
    try:
        return migrate.upgrade(database)
    finally:
        database.close()
