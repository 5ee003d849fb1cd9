"""What judges of permissions share: who acts, on what, and how a cloud is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import msgspec

from poise.model.asset import Asset, Document
from poise.policy.answer import Answer, Reason
from poise.policy.aws import entitlements as aws

EVERYONE = "everyone"
Groups = Mapping[type[Asset], tuple[tuple[str, str], ...]]


class Actor(msgspec.Struct, frozen=True, eq=False):
    """Who acts, as a judge takes it."""

    id: str
    name: str
    kind: str
    """`user`, `role`, `account`, `service`, `identity provider`, `everyone`, `principal`."""
    scope: str
    """Account of its own; empty where it has none, or it is not known."""
    side: aws.Side | None = None
    is_asset: bool = False
    """Whether it has a page of its own."""


ANYBODY = Actor(EVERYONE, EVERYONE, EVERYONE, "")


class Target(msgspec.Struct, frozen=True, eq=False):
    """What is acted on."""

    asset: Asset
    source: str
    """The source that read it."""
    part: str = ""
    """ARN of a part of it, such as one object of a bucket; empty for all of it."""

    @property
    def label(self) -> str:
        """What sentences call it."""
        return self.part.rpartition(":")[2] or self.asset.name


class Judge(Protocol):
    """Answers for one cloud."""

    groups: Groups

    def actor(self, text: str) -> Actor:
        """Return who is meant. Raises :class:`UsageError`, with near names."""
        ...

    def actors(self, target: Target) -> Iterator[Actor]:
        """Yield everybody who may come into question, outsiders first."""
        ...

    def answer(self, actor: Actor, action: str, target: Target) -> Answer:
        """Answer one question."""
        ...

    def through(self, actor: Actor, endpoint: str) -> Actor:
        """Return the same actor as it asks through a private end point. Raises :class:`UsageError`."""
        ...

    def statement(self, actor: Actor, target: Target, reason: Reason) -> Any:
        """Return the statement, role assignment or access policy that a reason points at; None if at none."""
        ...


def statement_of(document: Document | None, reason: Reason) -> Any:
    """Return the statement of a document that a reason points at."""
    if not isinstance(document, Mapping) or reason.statement is None:
        return None
    written = next((value for name, value in document.items() if str(name).lower() == "statement"), None)
    statements = written if isinstance(written, list | tuple) else [written]
    return statements[reason.statement] if reason.statement < len(statements) else None
