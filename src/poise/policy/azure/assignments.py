"""Role assignments, deny assignments, classic administrators and locks, read from what ARM returns.

Source: Microsoft Learn, "Understand Azure deny assignments", REST reference of Microsoft.Authorization
(roleAssignments, roleEligibilityScheduleInstances, roleAssignmentScheduleInstances, denyAssignments,
classicAdministrators, locks).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from poise.model.azure.authorization import RoleAssignment
from poise.model.azure.locks import ManagementLock
from poise.model.azure.privileged import RoleEligibility
from poise.policy.azure.conditions import NEVER_READ, Condition, parse_condition
from poise.policy.azure.definitions import Entry, entries_of, guid_of
from poise.policy.azure.scopes import normal

EVERYBODY = "00000000-0000-0000-0000-000000000000"
"""Principal of a deny assignment that is about all principals."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A role given to a principal on a scope, or one that it may activate."""

    id: str
    principal: str
    """Object id in lower case."""
    role: str
    """The role's own id, in lower case."""
    scope: str
    """As scopes are compared."""
    may_be_group: bool = True
    """Whether the principal is a group, or that is not told."""
    condition: Condition | None = None
    is_eligible: bool = False
    """Whether it must be activated first (Privileged Identity Management)."""
    needs_approval: bool | None = None
    """Whether somebody else must approve its activation; None if that was not read."""
    starts: datetime | None = None
    """None: it has begun."""
    ends: datetime | None = None
    """None: it does not end."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Assignment:
        """Read a role assignment, or an instance of an assignment or eligibility schedule, as ARM returns it."""
        fields = _fields(document)
        return cls(
            id=str(document.get("id") or document.get("name") or ""),
            principal=str(fields.get("principalId") or "").lower(),
            role=guid_of(str(fields.get("roleDefinitionId") or "")),
            scope=normal(str(fields.get("scope") or "/")),
            may_be_group=_may_be_group(fields.get("principalType")),
            condition=_condition(fields.get("condition")),
            is_eligible="roleeligibility" in str(document.get("type") or document.get("id") or "").lower(),
            starts=_moment(fields.get("startDateTime")),
            ends=_moment(fields.get("endDateTime")),
        )

    @classmethod
    def of_record(cls, record: RoleAssignment) -> Assignment:
        """Make it of the record of an asset."""
        return cls(
            id=record.id,
            principal=record.principal_id.lower(),
            role=guid_of(record.role_definition),
            scope=normal(record.assigned_at),
            may_be_group=_may_be_group(record.principal_type),
            condition=_condition(record.condition),
        )

    @classmethod
    def of_eligibility(cls, record: RoleEligibility, *, needs_approval: bool | None = None) -> Assignment:
        """Make it of the record of a role that may be activated: what is listed has begun."""
        return cls(
            id=record.id,
            principal=record.principal_id.lower(),
            role=guid_of(record.role_definition),
            scope=normal(record.assigned_at),
            may_be_group=_may_be_group(record.principal_type),
            condition=_condition(record.condition),
            is_eligible=True,
            needs_approval=needs_approval,
            ends=_moment(record.ends),
        )


class DenyAssignment(msgspec.Struct, frozen=True, kw_only=True):
    """Actions that are taken from principals on a scope, whatever their roles."""

    id: str
    name: str
    scope: str
    principals: frozenset[str]
    excluded: frozenset[str]
    entries: tuple[Entry, ...]
    no_groups: frozenset[str] = frozenset()
    """Those of both that are known to be no groups."""
    stops_at_scope: bool = False
    """Whether nothing below the scope is meant."""
    is_enforced: bool = True
    """Whether it denies; one whose effect is `Audit` only writes down."""
    condition: Condition | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> DenyAssignment:
        """Read a deny assignment as ARM returns it."""
        fields = _fields(document)
        identity = str(document.get("id") or "")
        return cls(
            id=identity,
            name=str(fields.get("denyAssignmentName") or document.get("name") or identity),
            scope=normal(str(fields.get("scope") or "/")),
            principals=_ids(fields.get("principals")),
            excluded=_ids(fields.get("excludePrincipals")),
            entries=tuple(entries_of(fields.get("permissions"))),
            no_groups=_no_groups(fields.get("principals")) | _no_groups(fields.get("excludePrincipals")),
            stops_at_scope=bool(fields.get("doNotApplyToChildScopes")),
            condition=_condition(fields.get("condition")),
            is_enforced=str(fields.get("denyAssignmentEffect") or "Enforced").lower() != "audit",
        )


class ClassicAdministrator(msgspec.Struct, frozen=True):
    """A service or co-administrator of a subscription, from before role assignments."""

    principal: str
    """Object id in lower case."""
    role: str
    """`ServiceAdministrator` or `CoAdministrator`."""
    scope: str
    """The subscription, as scopes are compared."""


class Lock(msgspec.Struct, frozen=True):
    """A lock on a scope and everything below it."""

    id: str
    scope: str
    level: str
    """`CanNotDelete` or `ReadOnly`."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Lock:
        """Read a lock as ARM returns it: it lies on what its id begins with."""
        identity = str(document.get("id") or "")
        scope = identity.lower().rpartition("/providers/microsoft.authorization/locks/")[0]
        return cls(identity, normal(scope), str(_fields(document).get("level") or ""))

    @classmethod
    def of_record(cls, record: ManagementLock) -> Lock:
        """Make it of the record of an asset."""
        return cls(record.id, normal(record.locked), record.level)


Index = Mapping[str, tuple[Assignment, ...]]
"""Assignments by principal."""


def by_principal(assignments: Iterable[Assignment]) -> Index:
    """Sort assignments by principal, once for all questions."""
    found: dict[str, list[Assignment]] = {}
    for one in assignments:
        found.setdefault(one.principal, []).append(one)
    return {principal: tuple(ones) for principal, ones in found.items()}


def _fields(document: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = document.get("properties")
    return inner if isinstance(inner, Mapping) else document


def _may_be_group(kind: Any) -> bool:
    return kind is None or str(kind).lower() in ("", "group", "foreigngroup")


def _condition(written: Any) -> Condition | None:
    if written is None or written == "":
        return None
    return parse_condition(written) if isinstance(written, str) else NEVER_READ


def _no_groups(principals: Any) -> frozenset[str]:
    ones = principals if isinstance(principals, (list, tuple)) else ()
    named = [one for one in ones if isinstance(one, Mapping) and not _may_be_group(one.get("type"))]
    return _ids(named)


def _ids(principals: Any) -> frozenset[str]:
    ones = principals if isinstance(principals, (list, tuple)) else ()
    return frozenset(str(one.get("id") or "").lower() for one in ones if isinstance(one, Mapping))


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
