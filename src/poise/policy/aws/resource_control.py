"""What resource control policies of an organization leave of the exposure of an asset.

Source: Organizations User Guide, "Resource control policies": they act on requests to the assets of member accounts,
whoever calls, also by access lists and grants; all they can do beside `RCPFullAWSAccess` is deny. Only some services
know them (:data:`poise.policy.aws.guardrails.RESOURCE_CONTROLLED`): the exposure of an asset of another one must not be
asked of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level, Reason, Unread
from poise.policy.aws.document import Statement
from poise.policy.aws.organization import RESOURCE_CONTROL, fellows_of, guardrails_of_account
from poise.policy.aws.positions import Position
from poise.policy.aws.sources import Source


class Control(msgspec.Struct, frozen=True):
    """The resource control policies that act on an asset, and who is inside of their organization."""

    denies: tuple[Statement, ...] = ()
    organization: str = ""
    """Its id; empty if there is none, or its accounts were not read."""
    members: frozenset[str] = frozenset()
    """The accounts of the organization."""

    def position(self, account: str) -> Position:
        """Return where a caller of an account stands: outside of the organization it has none, or another one."""
        if not self.organization or account in self.members:
            return Position(account)
        return Position(account, facts=(("aws:principalorgid", None),))


NOBODY = Control()
"""No resource control policy acts."""


def controlled(judge: Callable[[Control], Exposure], account: str, inventory: Inventory) -> Exposure:
    """Return an exposure as the resource control policies of the owner leave it.

    ``judge`` returns the exposure under given ones. Policies that were not read take nothing away, and are named among
    the reasons: what the asset itself lets in is a fact also without them.
    """
    found = judge(NOBODY)
    if found.level is Level.PRIVATE:
        return found
    levels = guardrails_of_account(account, inventory, RESOURCE_CONTROL).levels
    if levels is None:
        return found
    unread = levels.reason if isinstance(levels, Unread) else _problems(levels)
    if unread:
        text = f"{RESOURCE_CONTROL}, which may keep callers out, were not read: {unread}"
        found = msgspec.structs.replace(found, because=(*found.because, Reason(text, source=RESOURCE_CONTROL)))
    if isinstance(levels, Unread):
        return found
    denies = tuple(s for level in levels for one in level for s in one.policy.statements if s.is_deny)
    return _lowered(found, judge(Control(denies, *fellows_of(account, inventory)))) if denies else found


def _lowered(found: Exposure, left: Exposure) -> Exposure:
    """Return what is left, and why it is less; the same grants with the same level are what was found."""
    if left.level is found.level and left.grants == found.grants:
        return found
    reason = Reason(f"{RESOURCE_CONTROL} of the organization keep callers out whom it lets in", source=RESOURCE_CONTROL)
    return msgspec.structs.replace(left, because=(reason, *left.because))


def _problems(levels: Iterable[Iterable[Source]]) -> str:
    texts = (text for level in levels for one in level if not one.policy.is_readable for text in one.policy.problems)
    return "; ".join(texts)
