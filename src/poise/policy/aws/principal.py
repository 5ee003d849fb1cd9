"""What a user, group or role may do: its own policies, those of its groups, and its boundary, taken together.

Source: IAM User Guide, "Policy evaluation logic". Guardrails of the organization are not among the inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from poise.model.asset import Document
from poise.model.aws.iam import IamGroup, IamPolicy, IamRole, IamUser
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Answer, Decision, Reason
from poise.policy.aws.context import Value
from poise.policy.aws.grants import allows, is_admin
from poise.policy.aws.outcome import all_answers, answer_of
from poise.policy.aws.sources import sources_of
from poise.policy.residual import any_of, unread

Principal = IamUser | IamGroup | IamRole
SERVICE_LINKED = "/aws-service-role/"
"""Path of roles that only their service can change or assume."""


class PrincipalDocuments(msgspec.Struct, frozen=True):
    """The policy documents that decide what a principal may do."""

    identity: Mapping[str, Document]
    """Where each stands (a policy's ARN, or the owner and name of an inline one) -> document."""
    boundary: Document | None
    """Document of the permissions boundary; None if nothing bounds the principal."""

    def allows(self, action: str, resource: str = "*", context: Mapping[str, Value] | None = None) -> Answer:
        """Say whether identity policies and boundary together allow an action; see :func:`grants.allows`."""
        own = allows(self.identity, action, resource, context)
        if self.boundary is None or own.decision is Decision.DENY:
            return own
        return all_answers((own, allows({"boundary": self.boundary}, action, resource, context)))

    def is_admin(self) -> Answer:
        """Say whether identity policies and boundary together make an administrator; see :func:`grants.is_admin`."""
        own = _admin(self.identity)
        if self.boundary is None or own.decision is Decision.DENY:
            return own
        return all_answers((own, _admin({"boundary": self.boundary})))


def documents_of(principal: Principal, inventory: Inventory) -> PrincipalDocuments:
    """Gather a principal's documents.

    Raises :class:`NotCollected` if a policy, group or boundary that it has was not read: what is missing may
    allow or deny anything.
    """
    identity = dict(_documents(principal, inventory))
    if isinstance(principal, IamUser):
        for group in groups_of(principal, inventory):
            identity |= _documents(group, inventory)
    boundary = None if isinstance(principal, IamGroup) else principal.permissions_boundary
    return PrincipalDocuments(identity, None if boundary is None else _managed(principal, boundary, inventory).document)


def groups_of(user: IamUser, inventory: Inventory) -> tuple[IamGroup, ...]:
    """Return the groups of a user. Raises :class:`NotCollected` if one was not read."""
    return tuple(_group(user, name, inventory) for name in user.groups)


def attached_to(principal: Principal, inventory: Inventory) -> tuple[IamPolicy, ...]:
    """Return the managed policies attached to a principal itself. Raises :class:`NotCollected`."""
    return tuple(_managed(principal, arn, inventory) for arn in principal.attached_policies)


def is_service_linked(role: IamRole) -> bool:
    """Whether the role belongs to a service, so that nobody here can change it."""
    return role.path.startswith(SERVICE_LINKED)


def partition_of(arn: str) -> str:
    """Return the partition of an ARN: `aws`, `aws-cn`, `aws-us-gov` ..."""
    return arn.split(":", 2)[1]


def _documents(principal: Principal, inventory: Inventory) -> Iterator[tuple[str, Document]]:
    for name, document in principal.inline_policies.items():
        yield f"{principal.name}/{name}", document
    for policy in attached_to(principal, inventory):
        yield policy.id, policy.document


def _managed(principal: Principal, arn: str, inventory: Inventory) -> IamPolicy:
    policy = inventory.find(IamPolicy, principal.scope, arn)
    if policy is None:
        raise NotCollected("attached_policies", f"the policy {arn} was not read")
    return policy


def _group(user: IamUser, name: str, inventory: Inventory) -> IamGroup:
    found = inventory.of(IamGroup, user.scope, name=name)
    if not found:
        raise NotCollected("groups", f"the group {name} was not read")
    return found[0]


def _admin(documents: Mapping[str, Document]) -> Answer:
    """Ask :func:`is_admin`; a no is not known where a statement that may allow cannot be understood."""
    answer = is_admin(documents)
    problems = [(source.name, problem) for source in sources_of(documents) for problem in source.policy.problems]
    if answer.decision is not Decision.DENY or not problems:
        return answer
    because = tuple(Reason(problem, source=name) for name, problem in problems)
    return answer_of(any_of(unread(name, problem) for name, problem in problems), because)
