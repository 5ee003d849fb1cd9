"""Who can take over programs, groups and the directory of Entra: owners, directory roles, permissions of applications.

Only groups and programs that hold rights are targets; owners of groups are told beside their members. A managed
identity takes no credentials, whatever one's role; nor does a service principal whose application locks them.
Permissions of programs do not reach a group for role assignment, nor one under restricted management. Rows about
passwords of users are not bound: whom a role may reset hangs on the roles of the other.

Source: Microsoft Learn, "Overview of Microsoft Entra app ownership", "Configure app instance property lock", "Use
Microsoft Entra groups to manage role assignments".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from poise.graph.edges.entra_groups import takes_members
from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.judging import Pointer, is_blind, standing
from poise.model.asset import Asset
from poise.model.azure.authorization import RoleAssignment
from poise.model.azure.entra import EntraGroup, EntraTenant
from poise.model.azure.entra_applications import AppRoleAssignment, EntraApplication, EntraServicePrincipal
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleEligibility
from poise.model.azure.privileged import RoleEligibility
from poise.model.graph import Capability, Edge, EdgeKind, EdgeState, Evidence
from poise.policy.answer import Answer, Decision
from poise.policy.azure.directory import DirectoryInputs, Target, can_in_directory, holds_app_role
from poise.policy.azure.gathering import directory_inputs, target_of

APP_SECRET = "microsoft.directory/applications/credentials/update"  # noqa: S105 - an action
PROGRAM_SECRET = "microsoft.directory/servicePrincipals/credentials/update"  # noqa: S105 - an action
MEMBERS = "microsoft.directory/groups/members/update"
GUARDED_MEMBERS = "microsoft.directory/groupsAssignableToRoles/members/update"
ROLES = "microsoft.directory/roleAssignments/allProperties/allTasks"
TO_TENANT = {
    "graph_grant_directory_role": "RoleManagement.ReadWrite.Directory",
    "graph_grant_app_role": "AppRoleAssignment.ReadWrite.All",
}
"""Row -> the permission of Microsoft Graph that gives its holder the directory."""
ADDS_SECRET = "graph_add_secret"  # noqa: S105 - a row
GRANTS = TO_TENANT | {
    "graph_add_member_group": "Group.ReadWrite.All",
    "graph_add_member": "GroupMember.ReadWrite.All",
    "graph_write_directory": "Directory.ReadWrite.All",
    ADDS_SECRET: "Application.ReadWrite.All",
}
"""Row -> the permission of Microsoft Graph that it needs: the last adds secrets, those before it members of groups."""
UNLOCKED = "its application, in another tenant, does not lock credentials"
LOCKS = frozenset({"allProperties", "credentialsWithUsageVerify"})
"""Locked properties that keep secrets from being added to a service principal."""
HOLDINGS = (RoleAssignment, RoleEligibility, DirectoryRoleAssignment, DirectoryRoleEligibility, AppRoleAssignment)
A = TypeVar("A", bound=Asset)
Aim = tuple[str, str, str]
"""Row, action, and the object of the directory that the action is about."""


def find(estate: Estate) -> Found:
    """Yield an edge for each principal and each thing of the directory that it can take over."""
    for tenant in estate.of(EntraTenant):
        directory = _Directory(estate, tenant)
        yield from directory.owners()
        yield from directory.roles()
        yield from directory.permissions()
        yield from directory.of_other_apis()


class _Directory:
    """One directory, with what is worth taking over."""

    def __init__(self, estate: Estate, tenant: EntraTenant) -> None:
        self._estate = estate
        self._tenant = tenant
        self._inputs = directory_inputs(tenant.scope, estate.inventory)
        held = {str(read(one, "principal_id")).lower() for kind in HOLDINGS for one in estate.of(kind)}
        self._groups = [one for one in self._of(EntraGroup) if one.id in held]
        self._programs = [one for one in self._of(EntraServicePrincipal) if one.id in held and _takes_secrets(one)]
        self._applications = {read(one, "app_id"): one for one in self._of(EntraApplication)}

    def owners(self) -> Iterator[Edge]:
        """Yield what owners of programs may do: add a secret."""
        for program in self._programs:
            application = self._applications.get(read(program, "app_id"))
            if application is not None:
                yield from self._owned(application, program, "add_application_secret")
            if not _is_locked(application):
                yield from self._owned(program, program, "add_service_principal_secret", application is None)

    def roles(self) -> Iterator[Edge]:
        """Yield what holders of directory roles may do, each for what it holds itself."""
        if not isinstance(self._inputs.assignments, tuple):
            return
        aims = [*self._aims(), ("assign_directory_role", ROLES, "")]
        targets = {id: target_of(id, self._tenant.scope, self._estate.inventory) for _, _, id in aims if id}
        for holder in sorted({one.principal for one in self._inputs.assignments}):
            own = tuple(one for one in self._inputs.assignments if one.principal == holder)
            inputs = msgspec.structs.replace(self._inputs, assignments=own, groups={}, eligible_groups={})
            yield from self._of_holder(holder, inputs, aims, targets)

    def permissions(self) -> Iterator[Edge]:
        """Yield what programs may do by permissions of Microsoft Graph: take the directory, a program, a group."""
        for holder in self._of(EntraServicePrincipal):
            for row, permission in GRANTS.items():
                answer = holds_app_role(holder.id, permission, self._inputs)
                if answer.decision is not Decision.DENY:
                    for goal in self._within_reach(row):
                        if goal != holder.id:
                            yield from self._granted(holder.id, goal, row, answer)

    def of_other_apis(self) -> Iterator[Edge]:
        """Yield which programs hold a permission of another API than Microsoft Graph."""
        for api in self._of(EntraServicePrincipal):
            named = {one.id: one.value or one.id for one in read(api, "published_roles") or ()}
            for held in read(api, "assigned_roles") or ():
                if held.principal_type == "ServicePrincipal":
                    role = named.get(held.role_id, held.role_id)
                    proof = Evidence(asset=api.id, field="assigned_roles", says=f"it holds {role} of {api.name}")
                    yield Edge(
                        source=held.principal_id,
                        target=api.id,
                        kind=EdgeKind.HAS_PERMISSION,
                        actions=(role,),
                        evidence=(proof,),
                    )

    def _within_reach(self, row: str) -> list[str]:
        """Return what a permission of Microsoft Graph reaches, units under restricted management left out."""
        if row in TO_TENANT:
            return [self._tenant.id]
        if row == ADDS_SECRET:
            return [one.id for one in self._programs]
        open_groups = [one for one in self._groups if not read(one, "role_assignable") and takes_members(one)]
        targets = [target_of(one.id, self._tenant.scope, self._estate.inventory) for one in open_groups]
        return [one.id for one in targets if not one.is_restricted]

    def _granted(self, holder: str, goal: str, row: str, answer: Answer) -> Iterator[Edge]:
        """Yield the edge; whether a program of another tenant takes secrets is told there alone."""
        program = next((one for one in self._programs if one.id == goal), None) if row == ADDS_SECRET else None
        is_foreign = program is not None and self._applications.get(read(program, "app_id")) is None
        for edge in self._edge(holder, goal, row, answer):
            open_lock = {"state": EdgeState.CONDITIONAL, "condition": UNLOCKED}
            yield msgspec.structs.replace(edge, **open_lock) if is_foreign else edge

    def _of_holder(
        self, holder: str, inputs: DirectoryInputs, aims: list[Aim], targets: dict[str, Target]
    ) -> Iterator[Edge]:
        for row, action, id in aims:
            goal = self._end_of(row, id)
            if goal != holder:
                answer = can_in_directory(holder, action, targets.get(id, Target()), inputs)
                yield from self._edge(holder, goal, row, answer)

    def _aims(self) -> Iterator[Aim]:
        for group in self._groups:
            if takes_members(group):
                guarded = read(group, "role_assignable")
                row = "add_assignable_group_member" if guarded else "add_group_member"
                yield row, GUARDED_MEMBERS if guarded else MEMBERS, group.id
        for program in self._programs:
            application = self._applications.get(read(program, "app_id"))
            if application is not None:
                yield "add_application_secret", APP_SECRET, application.id
            if application is not None and not _is_locked(application):
                yield "add_service_principal_secret", PROGRAM_SECRET, program.id

    def _end_of(self, row: str, id: str) -> str:
        """Return whose rights are won: those of the application's service principal, of the group, of the tenant."""
        if not id:
            return self._tenant.id
        if row != "add_application_secret":
            return id
        app_id = next(app for app, one in self._applications.items() if one.id == id)
        return next(one.id for one in self._programs if read(one, "app_id") == app_id)

    def _edge(self, source: str, target: str, row: str, answer: Answer) -> Iterator[Edge]:
        stands = None if is_blind(answer) else standing(answer)
        if stands is not None:
            yield Edge(
                source=source,
                target=target,
                kind=EdgeKind.CAN_ESCALATE_TO,
                state=stands.state,
                condition=stands.condition,
                capability=_won(target, self._tenant.id),
                rule=row,
                evidence=Pointer({}, source).evidence(answer.because),
            )

    def _owned(
        self,
        owned: EntraApplication | EntraServicePrincipal,
        target: EntraServicePrincipal,
        row: str,
        is_foreign: bool = False,
    ) -> Iterator[Edge]:
        for owner in read(owned, "owners") or ():
            yield Edge(
                source=owner,
                target=target.id,
                kind=EdgeKind.CAN_ESCALATE_TO,
                state=EdgeState.CONDITIONAL if is_foreign else EdgeState.CERTAIN,
                condition=UNLOCKED if is_foreign else "",
                capability=Capability.CREDENTIALS,
                rule=row,
                evidence=(Evidence(asset=owned.id, field="owners", says=f"{owner} owns {owned.name}"),),
            )

    def _of(self, kind: type[A]) -> list[A]:
        return [one for one in self._estate.of(kind) if one.scope == self._tenant.scope]


def _won(target: str, tenant: str) -> Capability:
    return Capability.ADMIN if target == tenant else Capability.CREDENTIALS


def _takes_secrets(program: EntraServicePrincipal) -> bool:
    """Say whether somebody could sign in as a program with a secret that they add."""
    return read(program, "principal_type") != "ManagedIdentity" and read(program, "enabled") is not False


def _is_locked(application: EntraApplication | None) -> bool:
    return application is not None and bool(LOCKS & set(read(application, "instance_lock") or ()))


FAMILY = Family(Width.PROVIDER, find, "azure")
