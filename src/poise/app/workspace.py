"""An open store with everything that judging and showing need: the object that every door holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from poise.app.code_digest import code_digest
from poise.app.covering import apply_exemptions
from poise.app.custom import WRITTEN
from poise.app.kept_standards import with_kept
from poise.app.standards import Standards
from poise.assess.engine import Judge, Unlisted
from poise.assess.rules import Settings
from poise.attackpaths.choices import Choices as PathChoices
from poise.checks import catalog
from poise.model.check import Check
from poise.model.inventory import Inventory
from poise.model.judged import CheckFacts
from poise.model.listings import ScopeFilter
from poise.notify.delivery import Delivery
from poise.score.cloud import CloudRules
from poise.score.risk_rules import RiskRules
from poise.score.secure import Mitigated, Weighing
from poise.standards.library import control_of
from poise.store import KEPT_DAYS, Store, default_path

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Choices:
    """How scores and risks are computed, where it is left to whoever runs Poise."""

    mitigated: Mitigated = Mitigated.HEALTHY
    """What an asset counts as whose finding is exempted as mitigated."""
    weighing: Weighing = Weighing.ASSETS
    """What a scope weighs beside others in the secure score."""
    risk: RiskRules = field(default_factory=RiskRules)
    """Points and thresholds of risk levels."""
    cloud: CloudRules | None = None
    """How the risk-based score is computed; None takes what was saved in the store."""
    retention_days: int = KEPT_DAYS
    """How long history is kept."""
    paths: PathChoices = field(default_factory=PathChoices)
    """Trusted networks and assumed breaches of the search for attack paths."""
    own_checks: Mapping[str, Check] = field(default_factory=dict)
    """The tenant's checks that are written as files, by id."""


@dataclass
class Workspace:
    """An open store, the checks, and what was set."""

    store: Store
    checks: Mapping[str, Check]
    settings: Settings = field(default_factory=Settings)
    clock: Clock = utc_now
    viewer: ScopeFilter = None
    """Scopes that whoever asks may see; None for all."""
    standards: Standards = field(default_factory=Standards)
    """The standards that there are, and where each holds."""
    choices: Choices = field(default_factory=Choices)
    delivery: Delivery = field(default_factory=Delivery)
    """How messages leave."""
    kept: Mapping[str, Check] = field(default_factory=dict)
    """The checks that the store keeps, watched queries and those in CEL, as far as is known: see :func:`learn`."""

    def judge(self, inventory: Inventory | None = None, unlisted: Unlisted | None = None) -> Judge:
        """Return a judge of this moment."""
        return Judge(
            self.checks.values(),
            self.clock(),
            settings=self.settings,
            code=code_digest(),
            inventory=inventory,
            unlisted=unlisted or {},
        )


@contextmanager
def open_workspace(
    db: str | Path | None = None,
    settings: Settings | None = None,
    clock: Clock = utc_now,
    choices: Choices | None = None,
) -> Iterator[Workspace]:
    """Open a store (the default one if None), create or upgrade it, and let expiries take effect."""
    checks = {id: check for id, check in catalog.load().items() if not check.is_retired}
    checks |= (choices or Choices()).own_checks
    with Store.open(db or default_path(), clock=clock) as store:
        kept = kept_checks(store)
        checks |= kept
        store.adopt(check_facts(checks))
        standards = with_kept(store, Standards())
        catch_up(store, checks, standards)
        store.forget((choices or Choices()).retention_days)
        chosen = choices or Choices()
        given = settings or Settings()
        yield Workspace(store, checks, given, clock, standards=standards, choices=chosen, kept=kept)


def watched_checks(store: Store) -> dict[str, Check]:
    """Return the checks of the watched queries, which know nothing yet."""
    watched = [saved for saved in store.saved_queries.all() if saved.watch]
    if not watched:
        return {}
    from poise.assess.custom.watched import checks

    return {check.id: check for saved in watched for check in checks(saved)}


def kept_checks(store: Store) -> dict[str, Check]:
    """Return the tenant's checks that the store keeps: watched queries, which know nothing yet, and those in CEL."""
    if store.kept.get(WRITTEN) is None:
        return watched_checks(store)
    from poise.app.custom.written import written_checks

    return {**written_checks(store), **watched_checks(store)}


def learn(workspace: Workspace) -> None:
    """Take over what is kept by now, here or by another process; two looks into the store if nothing changed."""
    kept = kept_checks(workspace.store)
    if _said(kept) == _said(workspace.kept):
        return
    others = {id: check for id, check in workspace.checks.items() if workspace.kept.get(id) is not check}
    workspace.checks, workspace.kept = {**others, **kept}, kept
    workspace.store.adopt(check_facts(workspace.checks))


def _said(checks: Mapping[str, Check]) -> dict[str, tuple[object, ...]]:
    return {id: (one.title, one.severity, one.fix, one.risk, one.digest) for id, one in checks.items()}


def catch_up(store: Store, checks: Mapping[str, Check], standards: Standards | None = None) -> None:
    """Let take effect what ended while nobody looked; where an exemption ends, another one may cover its findings."""
    if store.effects.catch_up() or store.exemptions.has_ended() or store.governance.is_unsettled():
        apply_exemptions(store, checks, standards)


def check_facts(checks: Mapping[str, Check]) -> dict[str, CheckFacts]:
    """Return what the store needs to know of each check."""
    controls = control_of()
    return {
        id: CheckFacts(check.severity, controls.get(id), check.is_preview, check.formerly)
        for id, check in checks.items()
    }
