"""Whether a principal may do something in the directory (Entra): directory roles with their scopes, and application
permissions.

Source: Microsoft Learn, "Overview of role-based access control in Microsoft Entra ID" (namespace/entity/property
set/action; `allProperties`, `allTasks`, `allEntities` take in the others), "Assign Microsoft Entra roles at different
scopes" (tenant, administrative unit, object), "Restricted management administrative units" (roles on the tenant, the
object or another unit do not reach their members, permissions of applications neither), "Group management permissions
for custom roles" and "Application registration permissions for custom roles" (subtypes such as `groups.security`),
Microsoft Graph permissions reference. Directory roles and Azure roles are two systems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.azure.sign_in import DIRECTORY, SignIn
from poise.policy.memberships import Circle, Memberships
from poise.policy.outcome import answer_from
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, condition, negate

TENANT = "/"
UNIT = "/administrativeunits/"
SELF, OWNER = "$ResourceIsSelf", "$SubjectIsOwner"
OF_GROUPS = "microsoft.directory/groups"
READ = "read"


class DirectoryEntry(msgspec.Struct, frozen=True):
    """An entry of a directory role: actions, and on which objects."""

    actions: frozenset[str]
    """In lower case."""
    excluded: frozenset[str]
    condition: str = ""
    """`$ResourceIsSelf`, `$SubjectIsOwner`, or empty."""


class DirectoryRole(msgspec.Struct, frozen=True):
    """A directory role."""

    id: str
    name: str
    entries: tuple[DirectoryEntry, ...]
    is_enabled: bool = True

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> DirectoryRole:
        """Read a `unifiedRoleDefinition` as Graph returns it."""
        entries = tuple(
            DirectoryEntry(
                frozenset(text.lower() for text in _texts(one.get("allowedResourceActions"))),
                frozenset(text.lower() for text in _texts(one.get("excludedResourceActions"))),
                str(one.get("condition") or ""),
            )
            for one in document.get("rolePermissions") or ()
            if isinstance(one, Mapping)
        )
        identity = str(document.get("templateId") or document.get("id") or "").lower()
        return cls(
            identity, str(document.get("displayName") or identity), entries, document.get("isEnabled") is not False
        )


class DirectoryAssignment(msgspec.Struct, frozen=True):
    """A directory role given to a principal on a scope."""

    id: str
    principal: str
    role: str
    scope: str
    """`/`, `/administrativeUnits/...` or `/` and the id of an object, in lower case."""
    is_eligible: bool = False

    @classmethod
    def of(cls, document: Mapping[str, Any], *, is_eligible: bool = False) -> DirectoryAssignment:
        """Read a `unifiedRoleAssignment`, or an instance of an eligibility schedule, as Graph returns it."""
        return cls(
            str(document.get("id") or ""),
            str(document.get("principalId") or "").lower(),
            str(document.get("roleDefinitionId") or "").lower(),
            str(document.get("directoryScopeId") or TENANT).lower(),
            is_eligible,
        )


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is acted on: an object of the directory; without id, the tenant itself."""

    id: str = ""
    units: tuple[str, ...] | Unread = ()
    """Administrative units that it is in."""
    restricted_units: tuple[str, ...] = ()
    """Those of them under restricted management: a role must be given on one of these to reach it."""
    owners: frozenset[str] | Unread = frozenset()
    subtypes: frozenset[str] | Unread = frozenset()
    """Narrower kinds that it is of, as actions name them, in lower case: `groups.security`."""
    is_guarded: bool | Unread = False
    """Whether it is a group for role assignment: rights on other groups do not reach it."""

    @property
    def is_restricted(self) -> bool:
        """Whether a unit under restricted management holds it."""
        return bool(self.restricted_units)


class DirectoryInputs(msgspec.Struct, frozen=True, kw_only=True):
    """What decides in the directory. An input that was not read is given as `Unread`. Ids are in lower case."""

    assignments: tuple[DirectoryAssignment, ...] | Unread
    roles: Mapping[str, DirectoryRole] | Unread
    """By template id, which is also the id of built-in roles."""
    groups: Memberships = {}
    """Direct groups; only groups that are for role assignment count, others cannot hold roles."""
    eligible_groups: Memberships = {}
    """Groups of that kind that a principal may activate its membership in."""
    app_roles: Mapping[str, frozenset[str]] | Unread = {}
    """Application -> permissions granted to it, by :func:`permission_of`."""
    sign_in: SignIn | None = None
    """What the directory asks of sign-ins; None where that is not asked about."""


def permission_of(api: str, name: str) -> str:
    """Return a permission as inputs hold it: its name alone for Microsoft Graph, else with the API's application id.

    Other APIs have permissions of the same names, which mean something else.
    """
    return name if api.lower() == DIRECTORY else f"{api.lower()}/{name}"


def group_subtypes(types: Iterable[str], security_enabled: bool | None) -> frozenset[str]:
    """Return the subtypes of a group; a Microsoft 365 group is no security group for these, whatever it is used for."""
    kinds = {one.lower() for one in types}
    base = "groups.unified" if "unified" in kinds else "groups.security" if security_enabled else ""
    found = {base, "" if "dynamicmembership" in kinds else f"{base}.assignedmembership"} if base else set()
    return frozenset(found - {""})


def application_subtypes(audience: str | None) -> frozenset[str]:
    """Return the subtypes of an application, of its `signInAudience`."""
    return frozenset({"applications.myorganization"} if audience == "AzureADMyOrg" else ())


def can_in_directory(principal: str, action: str, target: Target, inputs: DirectoryInputs) -> Answer:
    """Answer whether a principal may do an action such as `microsoft.directory/applications/credentials/update`."""
    who, asked = principal.lower(), action.lower()
    circle = Circle(who, inputs.groups, inputs.eligible_groups)
    votes = list(_votes(circle, who, asked, target, inputs))
    truth = any_of(vote for vote, _ in votes)
    if truth is False:
        return Answer(Decision.DENY, (Reason(f"no directory role of the principal allows {action} there"),))
    kept_back = () if inputs.sign_in is None else inputs.sign_in.blocks(who, circle, DIRECTORY)
    return answer_from(all_of((truth, *(negate(vote) for vote, _ in kept_back))), votes, kept_back)


def holds_app_role(application: str, permission: str, inputs: DirectoryInputs) -> Answer:
    """Answer whether an application was granted a permission of an API; signed-in users are another matter.

    ``permission`` is one of Microsoft Graph, or of another API in the form of :func:`permission_of`.
    """
    if isinstance(inputs.app_roles, Unread):
        return Answer(Decision.UNKNOWN, unread=(inputs.app_roles,))
    granted = {one.lower() for one in inputs.app_roles.get(application.lower(), ())}
    if permission.lower() in granted:
        return Answer(Decision.ALLOW, (Reason(f"permission {permission} is granted to the application"),))
    return Answer(Decision.DENY, (Reason(f"permission {permission} is not granted to the application"),))


def takes_in(wide: str, narrow: str) -> bool:
    """Say whether an action of a role takes in another; both in lower case."""
    return wide == narrow or _parts_take_in(wide.split("/"), narrow.split("/"))


def _parts_take_in(wide: list[str], narrow: list[str]) -> bool:
    if len(wide) < 3 or len(narrow) < 3 or wide[0] != narrow[0]:
        return False
    if wide[1] not in (narrow[1], "allentities") or wide[-1] not in (narrow[-1], "alltasks"):
        return False
    middle, other = wide[2:-1], narrow[2:-1]
    return middle == ["allproperties"] or middle == other


def _votes(
    circle: Circle, who: str, action: str, target: Target, inputs: DirectoryInputs
) -> Iterator[tuple[Truth, Reason]]:
    for gap in (inputs.assignments, inputs.roles):
        if isinstance(gap, Unread):
            yield Residual(Form.UNREAD, gap.input, gap.reason), Reason(f"{gap.input} not read: {gap.reason}")
            return
    assert not isinstance(inputs.assignments, Unread)
    assert not isinstance(inputs.roles, Unread)
    for one in inputs.assignments:
        truth = all_of((circle.holds(one.principal), _is_in_scope(one.scope, target)))
        if truth is False:
            continue
        role = inputs.roles.get(one.role)
        gives = _unknown_role(one.role) if role is None else _gives(role, who, action, target)
        name = one.role if role is None else role.name
        needed = condition(f"directory role {name} is activated", ("activation", one.id)) if one.is_eligible else True
        if (vote := all_of((truth, gives, needed))) is not False:
            yield vote, Reason(f"directory role {name} on {one.scope}", sid=one.role, source=one.id)


def _is_in_scope(scope: str, target: Target) -> Truth:
    if scope.startswith(UNIT):
        unit = scope.removeprefix(UNIT)
        if isinstance(target.units, Unread):
            return Residual(Form.UNREAD, f"{target.units.input} ({scope})", target.units.reason)
        reaching = target.restricted_units if target.is_restricted else target.units
        return unit in {one.lower() for one in reaching}
    if scope != TENANT and (not target.id or scope.lstrip("/") != target.id.lower()):
        return False
    if target.id and isinstance(target.units, Unread):
        return negate(Residual(Form.UNREAD, f"{target.units.input} ({target.id})", target.units.reason, "deny"))
    return not target.is_restricted


def _gives(role: DirectoryRole, who: str, action: str, target: Target) -> Truth:
    if not role.is_enabled:
        return False
    return any_of(
        all_of((_is_meant(entry.condition, who, target), _covers(entry, action, target))) for entry in role.entries
    )


def _covers(entry: DirectoryEntry, action: str, target: Target) -> Truth:
    covered = any_of(_reaches(one, action, target) for one in sorted(entry.actions))
    return all_of((covered, negate(any_of(_reaches(one, action, target) for one in sorted(entry.excluded)))))


def _reaches(one: str, action: str, target: Target) -> Truth:
    """Say whether an action of a role takes in another, of objects of its subtype alone."""
    namespace, _, rest = one.partition("/")
    entity, slash, tail = rest.partition("/")
    base, dot, _ = entity.partition(".")
    if takes_in(one, action):
        narrowed: Truth = True
    elif dot and takes_in(f"{namespace}/{base}{slash}{tail}", action):
        narrowed = _is_of(entity, target)
    else:
        return False
    changes_group = f"{namespace}/{base}" == OF_GROUPS and not action.endswith(f"/{READ}")
    return all_of((narrowed, negate(_is_guarded(target)) if changes_group else True))


def _is_of(subtype: str, target: Target) -> Truth:
    if isinstance(target.subtypes, Unread):
        return Residual(Form.UNREAD, f"{target.subtypes.input} ({subtype})", target.subtypes.reason)
    return subtype in target.subtypes


def _is_guarded(target: Target) -> Truth:
    told = target.is_guarded
    return Residual(Form.UNREAD, told.input, told.reason, "deny") if isinstance(told, Unread) else told


def _is_meant(about: str, who: str, target: Target) -> Truth:
    """Say whether an entry is about the target: all objects, the principal itself, or what it owns."""
    if not about:
        return True
    if about == SELF:
        return target.id.lower() == who
    if about != OWNER:
        return Residual(Form.UNREAD, f"condition {about[:80]!r}", "it is not one that is known")
    if isinstance(target.owners, Unread):
        return Residual(Form.UNREAD, target.owners.input, target.owners.reason)
    return who in {one.lower() for one in target.owners}


def _unknown_role(role: str) -> Residual:
    return Residual(Form.UNREAD, f"directory role {role}", "it is not among those that were read")


def _texts(value: Any) -> Iterable[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []
