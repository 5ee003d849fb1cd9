"""Gives every finding of a scope its risk, after the other passes; those that still stand are left out.

The risk of an asset's findings depends on the asset, on what its exposure asked the inventory, on its findings and
their severities, on the rules that are set, and on the code that decides. If one of these is another one, it is given
anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
import structlog

from poise.app.code_digest import risk_digest
from poise.app.marked_rules import risk_rules_of
from poise.app.workspace import Workspace
from poise.assess.questions import AnswerBook, Listening, Question
from poise.model.asset import Asset, content_hash
from poise.model.inventory import Inventory
from poise.model.judged import Judged, OpenFinding, Phase, ScopePass, StoredKey
from poise.score.exploitability import exploit_of
from poise.score.exposure import exposure_of
from poise.score.risk import ORDER, Context, Reached, Width, grade, risk_of
from poise.score.risk_rules import RiskRules

log = structlog.get_logger()
Findings = Mapping[str, tuple[OpenFinding, ...]]
"""Asset id -> its open findings."""


def judge_risks(workspace: Workspace, scope: ScopePass) -> int:
    """Give the findings of a scope their risks; return of how many assets anew."""
    where = msgspec.structs.replace(scope, phase=Phase.RISK)
    store = workspace.store
    findings = store.verdicts.exceptions(where)
    problems = sorted(
        (k, why) for (k, at), why in store.scans.listing_problems(where.source).items() if at == where.scope
    )
    salt = risk_digest() + msgspec.json.encode(risk_rules_of(workspace), order="sorted")
    decided = hashlib.sha256(salt + msgspec.msgpack.encode((findings, problems), order="sorted")).digest()
    if store.standing.holds(where, decided):
        return 0
    judge = RiskJudge(risk_rules_of(workspace), store.inventory(where.source), hashlib.sha256(salt).digest())
    degrees: dict[str, int] = {}
    judged = list(_judged(workspace, where, judge, findings, degrees))
    store.verdicts.write(where, judged)
    store.marks.grade(where, degrees)
    if judge.asked_scopes <= {where.scope}:
        store.standing.record(where, decided)
    return len(judged)


def _judged(
    workspace: Workspace, where: ScopePass, judge: RiskJudge, findings: Findings, degrees: dict[str, int]
) -> Iterator[Judged]:
    """Yield the risks that changed; ``degrees`` takes how critical each asset is."""
    store = workspace.store
    stored = store.verdicts.keys(where)
    for asset in store.assets.load(where.source, (where.scope,)):
        found = grade(asset, judge.rules.criticality).degree
        degrees[asset.id] = 0 if found is None else ORDER.index(found) + 1
        mine = findings.get(asset.id)
        one = judge.risks(asset, mine, stored.get(asset.id)) if mine else None
        if one is not None:
            yield one


@dataclass
class RiskJudge:
    """Gives risks with one set of rules."""

    rules: RiskRules
    inventory: Inventory
    salt: bytes
    """Digest of rules and code."""
    crashes: int = 0
    _book: AnswerBook = field(init=False)
    _ear: Listening = field(init=False)

    def __post_init__(self) -> None:
        self._book = AnswerBook(self.inventory)
        self._ear = Listening(self._book)

    @property
    def asked_scopes(self) -> frozenset[str]:
        """Scopes that any exposure was asked about."""
        return frozenset(self._book.scopes)

    def risks(self, asset: Asset, findings: tuple[OpenFinding, ...], stored: StoredKey | None = None) -> Judged | None:
        """Return the risks of an asset's findings; None if the stored ones still stand."""
        if stored is not None and stored.key == self._key(asset, findings, _decoded(stored.questions)):
            return None
        self._ear.asked = asked = set[Question]()
        context = self._context(asset)
        risks = {one.check: risk_of(one.severity, context, self.rules) for one in findings}
        questions = sorted(asked)
        key = self._key(asset, findings, questions)
        return Judged(asset.id, key, {}, msgspec.msgpack.encode(questions), risks=risks)

    def _context(self, asset: Asset) -> Context:
        return Context(
            exposure=self._exposure(asset),
            exploit=exploit_of(asset),
            sensitivity=grade(asset, self.rules.sensitivity),
            criticality=grade(asset, self.rules.criticality),
        )

    def _exposure(self, asset: Asset) -> Reached | None:
        try:
            return exposure_of(asset, self._ear)
        except Exception as crash:  # noqa: BLE001 - any fault in one judgement is that asset's `unknown`, shown
            self.crashes += 1
            log.warning("exposure failed", asset=asset.id, error=type(crash).__name__)
            return Reached(Width.UNKNOWN, f"unknown: judging it failed: {type(crash).__name__}: {crash}")

    def _key(self, asset: Asset, findings: tuple[OpenFinding, ...], questions: list[Question]) -> bytes:
        answers = self._book.together(questions)
        return hashlib.sha256(self.salt + content_hash(asset) + msgspec.msgpack.encode(findings) + answers).digest()


def _decoded(questions: bytes | None) -> list[Question]:
    return msgspec.msgpack.decode(questions, type=list[Question]) if questions else []
