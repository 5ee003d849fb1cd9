"""Judges assets: runs the checks of their kind, skips what has not changed, and never lets one check stop it.

A verdict is decided by the asset's facts, the answers of its neighbours, the code and the parameters. The
digest of all these is the judging key; while it is the same, and time has not passed ``next_change_at``, the
stored verdicts stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import structlog

from poise.assess.questions import AnswerBook, Listening, Question
from poise.assess.rules import Run, Settings, by_kind
from poise.model.asset import Asset, content_hash
from poise.model.check import Check, Example
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory, ListInventory
from poise.model.judged import Judged, Phase, StoredKey
from poise.model.kinds import scope_kinds
from poise.model.verdict import State, Verdict, unknown

Unlisted = Mapping[tuple[str, str], str]
"""(kind, scope) -> why the kind could not be listed completely."""
log = structlog.get_logger()


@dataclass
class Judge:
    """Judges assets with one set of checks, at one moment.

    ``code`` is the digest of the sources that decide verdicts. ``crashes`` counts checks that failed, by id.
    """

    checks: Iterable[Check]
    now: datetime
    settings: Settings = field(default_factory=Settings)
    code: bytes = b""
    inventory: Inventory | None = None
    unlisted: Unlisted = field(default_factory=dict)
    crashes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.checks = tuple(self.checks)
        self._rules = by_kind(self.checks)
        self._bound: dict[tuple[str, Phase, str], tuple[tuple[str, Run], ...]] = {}
        self._salts: dict[tuple[str, str], bytes] = {}
        self._book = AnswerBook(self.inventory or ListInventory())
        self._ear = Listening(self._book)

    def own(self, asset: Asset, stored: StoredKey | None = None, content: bytes | None = None) -> Judged | None:
        """Judge an asset by itself; None if the stored verdicts still stand.

        ``content`` is the asset's content hash, where the caller has it already.
        """
        key = self._key(asset, content or content_hash(asset), b"")
        if stored is not None and stored.key == key and self._still_holds(stored):
            return None
        runs = self._runs(asset, Phase.OWN)
        return _judged(asset, key, {id: self._run(id, run, asset) for id, run in runs})

    def neighbours(self, asset: Asset, stored: StoredKey | None = None, content: bytes | None = None) -> Judged | None:
        """Judge an asset by its neighbours; None if the stored verdicts still stand.

        On the asset that stands for a scope, every check of a kind that could not be listed there is `unknown`.
        """
        content = content or content_hash(asset)
        missing = self._missing(asset)
        if stored is not None and self._still_holds(stored):
            questions = _decoded(stored.questions)
            if stored.key == self._key(asset, content, self._book.together(questions) + _digest(missing)):
                return None
        self._ear.asked = asked = set[Question]()
        runs = self._runs(asset, Phase.NEIGHBOURS)
        verdicts = {id: self._run(id, run, asset) for id, run in runs} | missing
        key = self._key(asset, content, self._book.together(asked) + _digest(missing))
        return _judged(asset, key, verdicts, msgspec.msgpack.encode(sorted(asked)))

    def has_rules(self, kind: str, phase: Phase) -> bool:
        """Whether any check judges this kind in this phase."""
        return (kind, phase) in self._rules

    @property
    def asked_scopes(self) -> frozenset[str]:
        """Scopes that a check has asked about, in this pass or when a verdict that still stands was given."""
        return frozenset(self._book.scopes)

    def decided(self, scope: str) -> bytes:
        """Digest all that decides verdicts in a scope besides its assets: code, checks, parameters, failed listings."""
        values = [(check.id, check.digest, self.settings.values(check, scope)) for check in self.checks]
        missing = sorted((kind, reason) for (kind, where), reason in self.unlisted.items() if where == scope)
        return hashlib.sha256(self.code + msgspec.msgpack.encode((values, missing), order="sorted")).digest()

    def _missing(self, asset: Asset) -> dict[str, Verdict]:
        if asset.KIND not in scope_kinds(asset.PROVIDER):
            return {}
        return {
            check.id: unknown(f"{kind} could not be listed: {reason}")
            for (kind, scope), reason in self.unlisted.items()
            if scope == asset.scope
            for check in self.checks
            if kind == check.asset.KIND
        }

    def _runs(self, asset: Asset, phase: Phase) -> tuple[tuple[str, Run], ...]:
        place = (asset.KIND, phase, asset.scope)
        if place not in self._bound:
            rules = self._rules.get(place[:2], ())
            bound = ((rule.check.id, rule.bound(asset.scope, self.settings, self.now, self._ear)) for rule in rules)
            self._bound[place] = tuple(bound)
        return self._bound[place]

    def _run(self, id: str, run: Run, asset: Asset) -> Verdict:
        try:
            return run(asset)
        except NotCollected as gap:
            return unknown(f"{gap.field} was not read: {gap.reason}")
        except Exception as crash:  # noqa: BLE001 - any fault in one rule is that rule's `unknown`, shown and counted
            self.crashes[id] = self.crashes.get(id, 0) + 1
            log.warning("check failed", check=id, asset=asset.id, error=type(crash).__name__)
            return unknown(f"the check failed: {type(crash).__name__}: {crash}")

    def _still_holds(self, stored: StoredKey) -> bool:
        return stored.next_change_at is None or self.now < stored.next_change_at

    def _key(self, asset: Asset, content: bytes, answers: bytes) -> bytes:
        return hashlib.sha256(content + self._salt(asset) + answers).digest()

    def _salt(self, asset: Asset) -> bytes:
        place = (asset.KIND, asset.scope)
        if place not in self._salts:
            rules = [rule for (kind, _), group in self._rules.items() if kind == asset.KIND for rule in group]
            checks = [rule.check for rule in rules]
            values = [(check.id, check.digest, self.settings.values(check, asset.scope)) for check in checks]
            encoded = msgspec.msgpack.encode(values, order="sorted")
            self._salts[place] = hashlib.sha256(self.code + encoded).digest()
        return self._salts[place]


def judge_example(check: Check, example: Example) -> Verdict:
    """Judge the asset of an example among its neighbours; the tests of checks and the docs use this."""
    asset = example.asset
    incomplete = {(kind, asset.scope): reason for kind, reason in example.unlisted.items()}
    judge = Judge(
        [check],
        now=example.now,
        settings=Settings({check.id: example.parameters}),
        inventory=ListInventory((asset, *example.others), incomplete),
    )
    results = (judge.own(asset), judge.neighbours(asset))
    return next(j.verdicts[check.id] for j in results if j is not None and check.id in j.verdicts)


def _judged(asset: Asset, key: bytes, verdicts: dict[str, Verdict], questions: bytes | None = None) -> Judged:
    moments = [v.next_change_at for v in verdicts.values() if v.next_change_at is not None]
    return Judged(asset.id, key, verdicts, questions, min(moments, default=None))


def _decoded(questions: bytes | None) -> list[Question]:
    return msgspec.msgpack.decode(questions, type=list[Question]) if questions else []


def _digest(verdicts: Mapping[str, Verdict]) -> bytes:
    return hashlib.sha256(repr(sorted((id, v.reason) for id, v in verdicts.items())).encode()).digest()


def count(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Count verdicts by state; every state is there."""
    totals = dict.fromkeys((s.value for s in State), 0)
    for verdict in verdicts:
        totals[verdict.state] += 1
    return totals
