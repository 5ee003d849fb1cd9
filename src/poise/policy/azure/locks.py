"""What locks stop.

Source: Microsoft Learn, "Lock your Azure resources to protect your infrastructure": `CanNotDelete` stops deletion,
`ReadOnly` all changes and every operation that is sent as POST, such as listing the keys of a storage account. Locks
are inherited; they are for the management plane alone, and do not stop who may remove them. A lock on something inside
stops the deletion of the whole that it is in.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.policy.answer import Reason, Unread
from poise.policy.azure.assignments import Lock
from poise.policy.azure.scopes import Place
from poise.policy.residual import Form, Residual, Truth, all_of

OF_LOCKS = "microsoft.authorization/locks/"
DELETE_GROUP = "microsoft.resources/subscriptions/resourcegroups/delete"


def lock_votes(action: str, place: Place, locks: tuple[Lock, ...] | Unread) -> Iterator[tuple[Truth, Reason]]:
    """Yield the locks that stop a management action, given in lower case, at a place."""
    if action.startswith(OF_LOCKS) or action.endswith("/read"):
        return
    if isinstance(locks, Unread):
        leaf = Residual(Form.UNREAD, locks.input, locks.reason, "lock")
        yield leaf, Reason(f"{locks.input} not read: {locks.reason}", source=locks.input)
        return
    for lock in locks:
        reaches = place.is_below(lock.scope)
        if action == DELETE_GROUP and lock.scope.startswith(f"{place.scope}/"):
            reaches = True
        if stops(lock, action) and (truth := all_of((reaches,))) is not False:
            yield truth, Reason(f"a {lock.level} lock on {lock.scope}", source=lock.id)


def stops(lock: Lock, action: str) -> bool:
    """Say whether a lock stops a management action, given in lower case; locks of an unknown level stop nothing."""
    level = lock.level.lower()
    if level == "cannotdelete":
        return action.endswith("/delete")
    return level == "readonly" and not action.endswith("/read") and not action.startswith(OF_LOCKS)
