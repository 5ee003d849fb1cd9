"""What the judge of policies answers, in one form for all clouds.

An :class:`Answer` says whether a principal may do something; an :class:`Exposure` says who outside may reach
an asset. Both name the statements that decided, so that each can be opened down to the document.
"""

from __future__ import annotations

import enum

import msgspec

from poise.policy.residual import Residual


class Decision(enum.StrEnum):
    """The four answers to: may this principal do this?"""

    ALLOW = "allow"
    DENY = "deny"
    CONDITIONAL = "conditional"
    """Allowed where the residual condition holds."""
    UNKNOWN = "unknown"
    """An input that could turn the answer was not read, or cannot be understood."""


class Level(enum.StrEnum):
    """How far an asset is open."""

    PUBLIC = "public"
    """Anyone: no account of the owner, organization or trusted network is needed."""
    RESTRICTED = "restricted"
    """Somebody outside of the account, but not anyone; the grants say who."""
    PRIVATE = "private"
    """Nobody outside of the account."""
    UNKNOWN = "unknown"
    """It cannot be said: an input was not read or cannot be understood."""


class Audience(enum.StrEnum):
    """Who a grant reaches."""

    ANYONE = "anyone"
    ACCOUNT = "account"
    SERVICE = "service"
    FEDERATED = "federated"
    CANONICAL = "canonical"
    """A canonical user id, whose account cannot be told from the id."""
    NETWORK = "network"
    """Anyone inside a stated network, organization or source."""
    UNCLEAR = "unclear"
    """A grant that cannot be understood."""


class Reason(msgspec.Struct, frozen=True):
    """One thing that decided."""

    text: str
    """What it says, as a person reads it."""
    statement: int | None = None
    """Position of the statement in its document, from 0."""
    sid: str = ""
    """Its own name."""
    source: str = ""
    """The document, guardrail or setting that it stands in."""


class Unread(msgspec.Struct, frozen=True):
    """An input that was not read and could turn the answer."""

    input: str
    reason: str


class Answer(msgspec.Struct, frozen=True):
    """Whether something is allowed, why, and under which condition."""

    decision: Decision
    because: tuple[Reason, ...] = ()
    residual: Residual | None = None
    """The condition that is left over, for `conditional` and `unknown`."""
    unread: tuple[Unread, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether it is allowed at least under some condition: `allow` or `conditional`."""
        return self.decision in (Decision.ALLOW, Decision.CONDITIONAL)


class Grant(msgspec.Struct, frozen=True):
    """One grant that reaches somebody outside of the account."""

    audience: Audience
    who: str
    """Account id, service, provider or network; `*` for anyone."""
    actions: tuple[str, ...]
    """Action patterns as written; `NotAction` ones with a leading `!`."""
    because: Reason
    confined_by: tuple[str, ...] = ()
    """Condition keys that narrow it."""


class Exposure(msgspec.Struct, frozen=True):
    """How far an asset is open, and which grants make it so."""

    level: Level
    because: tuple[Reason, ...] = ()
    grants: tuple[Grant, ...] = ()
    """Every grant to somebody outside, also below the level."""
    residual: str = ""
    """Condition under which the level holds, as a person reads it; empty if it holds always."""

    @property
    def actions(self) -> tuple[str, ...]:
        """What the grants of the decisive level allow."""
        wanted = Audience.ANYONE if self.level is Level.PUBLIC else None
        chosen = [g.actions for g in self.grants if wanted is None or g.audience is wanted]
        return tuple(dict.fromkeys(action for actions in chosen for action in actions))

    @property
    def is_public(self) -> bool:
        """Whether anyone gets in."""
        return self.level is Level.PUBLIC

    def of(self, audience: Audience) -> tuple[Grant, ...]:
        """Return the grants to one kind of audience."""
        return tuple(grant for grant in self.grants if grant.audience is audience)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Foreign accounts that are named, sorted."""
        return tuple(sorted({grant.who for grant in self.of(Audience.ACCOUNT)}))

    @property
    def unconfined_services(self) -> tuple[str, ...]:
        """Services that may act for any of their customers: no source condition (confused deputy)."""
        return tuple(sorted({g.who for g in self.of(Audience.SERVICE) if not g.confined_by}))
