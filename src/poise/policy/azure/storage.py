"""The ways to the data of a storage account: roles, account keys, signatures, nobody asked.

Source: Microsoft Learn, "Authorize access to data in Azure Storage", "Prevent Shared Key authorization", "Overview:
Remediating anonymous read access". Keys reach all data whatever the data roles; a ReadOnly lock stops listing them.
The network rules of the account are another gate.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

import msgspec

from poise.policy.answer import Answer, Decision, Exposure, Level, Reason
from poise.policy.azure.permissions import Inputs, Request, evaluate

LIST_KEYS = "Microsoft.Storage/storageAccounts/listkeys/action"
SIGN_ACCOUNT = "Microsoft.Storage/storageAccounts/listAccountSas/action"
SIGN_SERVICE = "Microsoft.Storage/storageAccounts/listServiceSas/action"
DELEGATION_KEY = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"


class Way(enum.StrEnum):
    """A way to the data."""

    ROLE = "role"
    """A data role, with a token of the principal."""
    ACCOUNT_KEY = "account key"
    """The keys of the account are listed: everything in it."""
    SIGNATURE = "access signature"
    """The account is asked to sign with its keys: everything that the signature says."""


class Reached(msgspec.Struct, frozen=True):
    """A way to the data, and whether it is open."""

    way: Way
    answer: Answer


def ways_to_data(request: Request, inputs: Inputs, *, shared_keys: bool) -> Iterator[Reached]:
    """Yield every way by which a principal can, or may, do a data action of a storage account.

    ``request`` is about the data action; its scope is the account or what lies in it. ``shared_keys`` is the
    account's `allowSharedKeyAccess`, which counts as yes where it was never set.
    """
    answer = evaluate(request, inputs)
    if answer.decision is not Decision.DENY:
        yield Reached(Way.ROLE, answer)
    if not shared_keys:
        return
    account = account_of(request.scope)
    for way, actions in ((Way.ACCOUNT_KEY, (LIST_KEYS,)), (Way.SIGNATURE, (SIGN_ACCOUNT, SIGN_SERVICE))):
        for action in actions:
            asked = Request(principal=request.principal, action=action, scope=account, is_data=False, at=request.at)
            answer = evaluate(asked, inputs)
            if answer.decision is not Decision.DENY:
                yield Reached(way, answer)


def account_of(scope: str) -> str:
    """Return the id of the account that something lies in."""
    parts = scope.rstrip("/").split("/")
    lower = [part.lower() for part in parts]
    return "/".join(parts[: lower.index("storageaccounts") + 2]) if "storageaccounts" in lower else scope


def anonymous_exposure(container_access: str | None, account_permits: bool | None) -> Exposure:
    """Return how far a container is open to callers without any credentials.

    ``container_access`` is `Blob`, `Container`, `None` or null; ``account_permits`` is the account's
    `allowBlobPublicAccess`, where null permits it in the API version that is read.
    """
    access = (container_access or "None").lower()
    if access not in ("blob", "container"):
        return Exposure(Level.PRIVATE, (Reason("the container asks everybody for credentials"),))
    if account_permits is False:
        return Exposure(Level.PRIVATE, (Reason("the account forbids anonymous access whatever its containers say"),))
    what = "blobs can be read by name" if access == "blob" else "blobs can be listed and read"
    return Exposure(Level.PUBLIC, (Reason(f"{what} without credentials"),))
