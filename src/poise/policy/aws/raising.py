"""Ways in which a principal that is no administrator can make itself one, with the permissions that it has.

Five kinds: it widens its own rights, it takes over another principal that is an administrator, it widens one that it
can become, it hands an administrator's role to something that it starts, or it replaces the code of a function that has
one. Every permission of a way must be there after denies and boundary; a role must trust the service that it is handed
to. Other workloads that run already are the business of attack paths.

Sources: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; each service's page on its role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TypeVar

import msgspec

from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.iam import IamGroup, IamRole, IamUser
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Answer, Decision
from poise.policy.aws.context import Value
from poise.policy.aws.demands import names_service, trusted_principals
from poise.policy.aws.escalation import PASS_ROLE, catalogue
from poise.policy.aws.principal import (
    Principal,
    PrincipalDocuments,
    attached_to,
    documents_of,
    groups_of,
    is_service_linked,
    partition_of,
)

T = TypeVar("T", IamUser, IamRole, IamGroup)


class Passing(msgspec.Struct, frozen=True):
    """How a role is handed to something that the principal starts."""

    actions: tuple[str, ...]
    """What starts it, beside iam:PassRole."""
    service: str
    """The service that then acts as the role."""


PROVABLE = frozenset(
    {
        "a role that trusts the service",
        "an instance profile with a stronger role",
        "a cluster, or the permission to make one",
        "a stream or queue that the role can read",
    }
)
"""Preconditions of the catalogue that records prove, or that an administrator's role meets by itself."""


@cache
def passing() -> tuple[Passing, ...]:
    """Return the rows of the escalation catalogue that hand a role to something new, one for each service."""
    return tuple(
        Passing(tuple(action for action in row.actions if action.lower() != PASS_ROLE), service)
        for row in catalogue()
        if row.passes_to and set(row.needs) <= PROVABLE and not any(":Update" in action for action in row.actions)
        for service in row.trusted or row.passes_to
    )


REWRITING = ("lambda:UpdateFunctionCode",)
"""What replaces what a function runs; the function is called by whoever calls it today."""


class Way(msgspec.Struct, frozen=True):
    """One way to administrator rights."""

    actions: tuple[str, ...]
    """The permissions that it takes."""
    through: str
    """ARN of what is changed, taken over or handed out."""
    condition: str = ""
    """Where it is open; empty if it is always."""
    gap: str = ""
    """Why it is not known whether it is open; empty if it is known."""

    def __str__(self) -> str:
        where = f", where {self.condition}" if self.condition else ""
        return f"{' + '.join(self.actions)} on {self.through}{where}"


def ways(principal: IamUser | IamRole, documents: PrincipalDocuments, inventory: Inventory) -> Iterator[Way]:
    """Yield the ways that are open, and with a ``gap`` those that may be.

    ``documents`` are the principal's own; raises :class:`NotCollected` if its groups or policies were not read.
    """
    search = _Search(principal, documents, inventory)
    yield from search.widening()
    yield from search.taking_over()
    yield from search.raising()
    yield from search.passing()
    yield from search.rewriting()


class _Search:
    """Looks for the ways of one principal."""

    def __init__(self, principal: IamUser | IamRole, documents: PrincipalDocuments, inventory: Inventory) -> None:
        self.principal = principal
        self.documents = documents
        self.inventory = inventory

    def widening(self) -> Iterator[Way]:
        """Yield how it gives itself more; a boundary that is no administrator's holds whatever it adds."""
        bounds = self.documents.boundary
        if bounds is not None and PrincipalDocuments({"": bounds}, None).is_admin().decision is Decision.DENY:
            return
        known = self._administrator_policy() | {"iam:PermissionsBoundary": self.principal.permissions_boundary}
        kind = "User" if isinstance(self.principal, IamUser) else "Role"
        yield from self._open((f"iam:Put{kind}Policy",), self.principal.id, known)
        yield from self._open((f"iam:Attach{kind}Policy",), self.principal.id, known)
        for group in groups_of(self.principal, self.inventory) if isinstance(self.principal, IamUser) else ():
            yield from self._open(("iam:PutGroupPolicy",), group.id)
            yield from self._open(("iam:AttachGroupPolicy",), group.id, known)
            yield from self._versions(group)
        yield from self._versions(self.principal)

    def _administrator_policy(self) -> dict[str, Value]:
        """Conditions often name the policies that may be attached: this is the one that matters."""
        return {"iam:PolicyARN": f"arn:{partition_of(self.principal.id)}:iam::aws:policy/AdministratorAccess"}

    def _versions(self, holder: Principal) -> Iterator[Way]:
        for policy in attached_to(holder, self.inventory):
            if policy.owner == "aws":
                continue
            yield from self._open(("iam:CreatePolicyVersion",), policy.id)
            others = (PrincipalDocuments({"": one}, None).is_admin() for one in policy.other_versions.values())
            if any(answer.is_possible for answer in others):
                yield from self._open(("iam:SetDefaultPolicyVersion",), policy.id)

    def taking_over(self) -> Iterator[Way]:
        """Yield how it becomes another principal that is an administrator."""
        if isinstance(self.principal, IamUser):
            yield from self._of_admins(IamGroup, self._add_to_group, "iam:AddUserToGroup")
        signing_in = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
        yield from self._of_admins(IamUser, self._as_user, *signing_in)
        yield from self._of_admins(IamRole, self._rewrite_trust, "iam:UpdateAssumeRolePolicy")

    def _add_to_group(self, group: IamGroup) -> Iterator[Way]:
        yield from self._open(("iam:AddUserToGroup",), group.id)

    def _rewrite_trust(self, role: IamRole) -> Iterator[Way]:
        yield from self._open(("iam:UpdateAssumeRolePolicy",), role.id)

    def _as_user(self, user: IamUser) -> Iterator[Way]:
        # A second key needs a free place; a password can be made once and then be changed (IAM API reference).
        full = "access_keys" not in user.unread and len(user.access_keys) > 1
        making = ("iam:DeleteAccessKey", "iam:CreateAccessKey") if full else ("iam:CreateAccessKey",)
        yield from self._open(making, user.id)
        unread = "has_password" in user.unread
        if unread or not user.has_password:
            yield from self._open(("iam:CreateLoginProfile",), user.id)
        if unread or (user.has_password and ("has_mfa" in user.unread or not user.has_mfa)):
            yield from self._open(("iam:UpdateLoginProfile",), user.id)

    def raising(self) -> Iterator[Way]:
        """Yield how it widens a principal that it can become; one example of each tells enough."""
        for widening in ("iam:PutRolePolicy", "iam:AttachRolePolicy"):
            yield from self._first(IamRole, partial(self._raise_role, widening), widening)
        for widening in ("iam:PutUserPolicy", "iam:AttachUserPolicy"):
            yield from self._first(IamUser, partial(self._raise_user, widening), widening, "iam:CreateAccessKey")

    def _raise_role(self, widening: str, role: IamRole) -> Iterator[Way]:
        becoming = self._becoming(role)
        if becoming is not None and role.permissions_boundary is None and not is_service_linked(role):
            yield from self._open((widening, *becoming), role.id, self._administrator_policy())

    def _raise_user(self, widening: str, user: IamUser) -> Iterator[Way]:
        if user.permissions_boundary is None:
            yield from self._open((widening, "iam:CreateAccessKey"), user.id, self._administrator_policy())

    def _becoming(self, role: IamRole) -> tuple[str, ...] | None:
        """Return what it takes to assume a role of the account: nothing if the trust names the principal itself."""
        trusted = trusted_principals(role.trust_policy)
        if self.principal.id in trusted:
            return ()
        if self.principal.scope in trusted and self._may("sts:AssumeRole", role.id):
            return ("sts:AssumeRole",)
        return ("iam:UpdateAssumeRolePolicy",) if self._may("iam:UpdateAssumeRolePolicy", role.id) else None

    def _first(self, kind: type[T], find: Callable[[T], Iterator[Way]], *actions: str) -> Iterator[Way]:
        if not all(self._may(action, "*") for action in actions):
            return
        try:
            others = (other for other in self.inventory.of(kind, self.principal.scope) if other.id != self.principal.id)
            found = [way for other in others for way in find(other)]
        except NotCollected as gap:
            yield Way(actions, kind.KIND, gap=gap.reason)
            return
        yield from sorted(found, key=lambda way: bool(way.gap))[:1]

    def passing(self) -> Iterator[Way]:
        """Yield how it hands an administrator's role to something that it starts."""
        starts = [how for how in passing() if all(self._may(action, "*") for action in how.actions)]
        if not starts:
            return

        def hand_out(role: IamRole) -> Iterator[Way]:
            for how in starts:
                if names_service(role.trust_policy, how.service) and _can_hold(role, how.service):
                    to_service: dict[str, Value] = {"iam:PassedToService": how.service}
                    for way in self._open(("iam:PassRole",), role.id, to_service):
                        yield msgspec.structs.replace(way, actions=(*way.actions, *how.actions))

        yield from self._of_admins(IamRole, hand_out, "iam:PassRole")

    def rewriting(self) -> Iterator[Way]:
        """Yield how it replaces the code of a function that runs as an administrator: no role has to be passed."""
        for action in REWRITING:
            if not self._may(action, "*"):
                continue
            try:
                functions = self.inventory.of(LambdaFunction, self.principal.scope)
            except NotCollected as gap:
                yield Way((action,), LambdaFunction.KIND, gap=gap.reason)
                continue
            for function in functions:
                yield from self._rewrite(action, function)

    def _rewrite(self, action: str, function: LambdaFunction) -> Iterator[Way]:
        found = tuple(self._open((action,), function.id))
        if not found:
            return
        try:
            role = self.inventory.find(IamRole, self.principal.scope, function.role)
        except NotCollected as gap:
            yield Way((action,), function.id, gap=gap.reason)
            return
        if role is not None:
            yield from self._of_admin(role, lambda _: iter(found))

    def _of_admins(self, kind: type[T], find: Callable[[T], Iterator[Way]], *actions: str) -> Iterator[Way]:
        """Look at the other administrators of a kind, if one of the actions is allowed on anything at all."""
        if not any(self._may(action, "*") for action in actions):
            return
        try:
            others: Sequence[T] = self.inventory.of(kind, self.principal.scope)
        except NotCollected as gap:
            yield Way(actions, kind.KIND, gap=gap.reason)
            return
        for other in others:
            yield from self._of_admin(other, find)

    def _of_admin(self, other: T, find: Callable[[T], Iterator[Way]]) -> Iterator[Way]:
        if other.id == self.principal.id or (isinstance(other, IamRole) and is_service_linked(other)):
            return
        try:
            found = tuple(find(other))
            answer = documents_of(other, self.inventory).is_admin() if found else None
        except NotCollected as gap:
            yield Way((), other.id, gap=gap.reason)
            return
        if answer is None or answer.decision is Decision.DENY:
            return
        doubt = "; ".join(reason.text for reason in answer.because) if answer.decision is Decision.UNKNOWN else ""
        yield from (msgspec.structs.replace(way, gap=way.gap or doubt) for way in found)

    def _may(self, action: str, resource: str) -> bool:
        return self.documents.allows(action, resource).decision is not Decision.DENY

    def _open(self, actions: tuple[str, ...], arn: str, known: Mapping[str, Value] | None = None) -> Iterator[Way]:
        answers = [self.documents.allows(action, arn, known) for action in actions]
        if not any(answer.decision is Decision.DENY for answer in answers):
            yield Way(actions, arn, _residuals(answers), _gaps(answers))


def _can_hold(role: IamRole, service: str) -> bool:
    """A machine takes its role from an instance profile."""
    return service != "ec2.amazonaws.com" or bool(role.instance_profiles)


def _residuals(answers: Iterable[Answer]) -> str:
    found = (str(answer.residual) for answer in answers if answer.residual is not None)
    return " and ".join(dict.fromkeys(found))


def _gaps(answers: Iterable[Answer]) -> str:
    return "; ".join(f"{gap.input}: {gap.reason}" for answer in answers for gap in answer.unread)
