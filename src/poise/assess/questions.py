"""Records what checks ask about neighbours, so that an unchanged answer need not be judged again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from poise.model.asset import Asset, content_hash
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.model.kinds import by_kind

A = TypeVar("A", bound=Asset)


class Question(msgspec.Struct, frozen=True, order=True):
    """One question to the inventory: all of a kind in a scope whose fields equal values, or one by its id."""

    kind: str
    scope: str
    equal: bytes
    """The compared fields and values, encoded; or the id of a `find`."""
    is_find: bool = False
    is_scopes: bool = False
    """Whether it is about where a kind is held: of no scope."""


class AnswerBook:
    """Digests of answers during one assessment: each question is answered once, each asset hashed once."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._digests: dict[Question, bytes] = {}
        self._hashes: dict[int, tuple[Asset, bytes]] = {}
        self.scopes: set[str] = set()
        """Scopes that any question was about."""

    def digest(self, question: Question) -> bytes:
        """Return the digest of the present answer to a question: which assets, and what they are."""
        if question not in self._digests:
            try:
                self._digests[question] = self._fresh(question)
            except NotCollected as gap:
                self._digests[question] = self.of_gap(gap)
        return self._digests[question]

    def _fresh(self, question: Question) -> bytes:
        if question.is_scopes:
            return self.of_scopes(self.inventory.scopes(by_kind()[question.kind]))
        return self.of_assets(self._answer(question))

    def remember(self, question: Question, answer: Iterable[Asset]) -> None:
        """Keep the digest of an answer that was just given."""
        if question not in self._digests:
            self._digests[question] = self.of_assets(answer)

    def of_assets(self, assets: Iterable[Asset]) -> bytes:
        """Digest a list of assets, whatever its order."""
        rows = sorted((asset.id.encode("utf-8", "surrogatepass"), self._hash(asset)) for asset in assets)
        return hashlib.sha256(b"".join(part for row in rows for part in row)).digest()

    @staticmethod
    def of_scopes(scopes: Iterable[str]) -> bytes:
        """Digest the places where a kind is held."""
        return hashlib.sha256("\n".join(("scopes", *scopes)).encode()).digest()

    @staticmethod
    def of_gap(gap: NotCollected) -> bytes:
        """Digest an answer that could not be given."""
        return hashlib.sha256(f"gap\n{gap.field}\n{gap.reason}".encode()).digest()

    def together(self, questions: Iterable[Question]) -> bytes:
        """Digest the present answers to several questions."""
        asked = sorted(questions)
        self.scopes.update(question.scope for question in asked if not question.is_scopes)
        return hashlib.sha256(b"".join(self.digest(question) for question in asked)).digest()

    def _answer(self, question: Question) -> Sequence[Asset]:
        kind = by_kind()[question.kind]
        if question.is_find:
            found = self.inventory.find(kind, question.scope, question.equal.decode())
            return () if found is None else (found,)
        equal: dict[str, Any] = msgspec.msgpack.decode(question.equal)
        return self.inventory.of(kind, question.scope, **equal)

    def _hash(self, asset: Asset) -> bytes:
        # Keyed by identity with the asset kept alive beside it: hashing 1,000 neighbours once, not per question.
        known = self._hashes.get(id(asset))
        if known is None:
            known = self._hashes[id(asset)] = (asset, content_hash(asset))
        return known[1]


class Listening:
    """An inventory that notes each question; given to checks of the second phase."""

    def __init__(self, book: AnswerBook) -> None:
        self._book = book
        self.asked: set[Question] = set()

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A]:
        """Answer and note; see :meth:`Inventory.of`."""
        question = Question(kind.KIND, scope, msgspec.msgpack.encode(equal, order="sorted"))
        self.asked.add(question)
        found = self._book.inventory.of(kind, scope, **equal)
        self._book.remember(question, found)
        return found

    def find(self, kind: type[A], scope: str, id: str) -> A | None:
        """Answer and note; see :meth:`Inventory.find`."""
        question = Question(kind.KIND, scope, id.encode(), is_find=True)
        self.asked.add(question)
        found = self._book.inventory.find(kind, scope, id)
        self._book.remember(question, () if found is None else (found,))
        return found

    def scopes(self, kind: type[Asset]) -> Sequence[str]:
        """Answer and note; see :meth:`Inventory.scopes`."""
        self.asked.add(Question(kind.KIND, "", b"", is_scopes=True))
        return self._book.inventory.scopes(kind)
