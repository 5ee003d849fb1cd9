"""What a user or role may do to an asset, from the records of both: the inputs of the engine, gathered.

A :class:`Side` of the caller holds its policies, boundary and the guardrails of its account; a :class:`Holding` of the
asset its resource policy, access list, grants and the guardrails of its account. Both are kept, so that asking again
costs the evaluation alone. An account that is known to be in an organization whose policies were not read has
guardrails that were not read; one that is known to be in none has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import msgspec

from poise.model.asset import Document
from poise.model.aws.iam import IamGroup, IamPolicy, IamRole, IamUser
from poise.model.aws.vpc import VpcEndpoint
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.document import Policy
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.guardrails import Levels
from poise.policy.aws.holdings import Holding
from poise.policy.aws.organization import RESOURCE_CONTROL, SERVICE_CONTROL, guardrails_of_account
from poise.policy.aws.outcome import all_answers
from poise.policy.aws.principal import is_service_linked
from poise.policy.aws.required_resources import resources_for
from poise.policy.aws.sources import Source
from poise.policy.aws.votes import Sources
from poise.policy.lookups import known

__all__ = ["RESOURCE_CONTROL", "SERVICE_CONTROL", "Side", "ask", "guardrails_of", "root_of", "side_of"]
SESSION = "session policies"
BOUNDARY = "permissions boundary"
OVER_TLS = {"aws:SecureTransport": "true"}
"""Questions are asked over TLS, as every client asks unless it is told not to."""
SHUT = "the bucket policy is public, but the public access block keeps everybody outside of the account out"
CHOSEN_BY_CALLER = "whoever starts a session may narrow it, and no record tells"


class Side(msgspec.Struct, frozen=True, eq=False):
    """A caller with all that decides on its own side."""

    caller: Caller
    identity: tuple[Source, ...] = ()
    boundary: Sources | None = None
    session: Sources | None = None
    scps: Levels = None
    documents: Mapping[str, Document] = {}
    """Source of a reason -> the document that it points into."""
    endpoint: Sources | None = None
    """Policy of the VPC end point that it asks through; None if it asks through none."""
    context: Mapping[str, str] = {}
    """Condition keys that follow from the way it asks."""

    def through(self, endpoint: VpcEndpoint) -> Side:
        """Return the same caller as it asks through a VPC end point, whose policy must allow too."""
        name = f"end point policy of {endpoint.name}"
        document = known(lambda: endpoint.policy, name)
        sources: Sources | None = None
        if document is not None:
            sources = document if isinstance(document, Unread) else (Source.of(name, document),)
        there = {"aws:SourceVpce": endpoint.id.rpartition("/")[2]}
        vpc = known(lambda: endpoint.vpc, name)
        if not isinstance(vpc, Unread):
            there["aws:SourceVpc"] = vpc.rpartition("/")[2]
        shown = {name: document} if isinstance(document, dict) else {}
        return msgspec.structs.replace(self, endpoint=sources, context=there, documents={**self.documents, **shown})


def ask(
    side: Side,
    action: str,
    holding: Holding,
    guardrails: Levels,
    resource: str = "",
    *,
    context: Mapping[str, str] = MappingProxyType({}),
) -> Answer:
    """Answer whether a caller may do something to an asset, on everything that the action is authorized on.

    ``guardrails`` are those of the asset's account; ``resource`` is a part of the asset (an object of a bucket), all
    of it if not given; ``context`` tells more of the request.
    """
    asked = resources_for(action, resource or holding.resource_of(action))
    answers = [_ask(side, action, holding, guardrails, (one, context)) for one in asked]
    if len(answers) == 1:
        return answers[0]
    return all_answers(
        _beside(one, answer) if one.endswith("*") else answer for one, answer in zip(asked, answers, strict=True)
    )


def _beside(resource: str, answer: Answer) -> Answer:
    """Say in the reasons of a denial which resource it is about, beside the asset that was asked for."""
    if answer.decision is not Decision.DENY:
        return answer
    told = (msgspec.structs.replace(one, text=f"{one.text} on {resource}, which it takes") for one in answer.because)
    return msgspec.structs.replace(answer, because=tuple(told))


def _ask(side: Side, action: str, holding: Holding, guardrails: Levels, on: tuple[str, Mapping[str, str]]) -> Answer:
    resource, context = on
    request = Request(
        caller=side.caller,
        action=action,
        resource=resource,
        owner=holding.owner or side.caller.account,
        context=OVER_TLS
        | ({"kms:CallerAccount": side.caller.account} if side.caller.account else {})
        | dict(side.context)
        | dict(context),
    )
    is_inside = side.caller.account == request.owner
    inputs = Inputs(
        identity=side.identity,
        boundary=side.boundary,
        session=side.session,
        scps=side.scps,
        resource=holding.policy_for(action, is_inside=is_inside),
        rcps=guardrails,
        endpoint=side.endpoint,
        grants=holding.grants_for(action),
        acl=holding.lines_for(is_inside=is_inside),
        restricts_public=holding.restricts_public,
    )
    answer = evaluate(request, inputs)
    return answer if is_inside or inputs.restricts_public is not True else _or_shut(answer, request, inputs)


def _or_shut(answer: Answer, request: Request, inputs: Inputs) -> Answer:
    """Say of a denial from outside that a flag shuts a public policy, if nothing else denies it."""
    unblocked = msgspec.structs.replace(inputs, restricts_public=False)
    if answer.decision is not Decision.DENY or evaluate(request, unblocked).decision is Decision.DENY:
        return answer
    return Answer(Decision.DENY, (Reason(SHUT, source="public access block"),))


def side_of(principal: IamUser | IamRole, inventory: Inventory, session: str = "") -> Side:
    """Gather what decides on the side of a user or role; ``session`` is the ARN of a session of the role."""
    named = list(_identity(principal, inventory))
    bound = _boundary(principal, inventory)
    linked = isinstance(principal, IamRole) and _is_linked(principal)
    caller = Caller.of(session or principal.id, role=principal.id if session else "", is_service_linked=linked)
    documents = {name: document for name, document, _ in (*named, *bound) if document is not None}
    guardrails = guardrails_of_account(principal.scope, inventory, SERVICE_CONTROL)
    return Side(
        caller=caller,
        identity=tuple(_source(*part) for part in named),
        boundary=tuple(_source(*part) for part in bound) or None,
        session=Unread(SESSION, CHOSEN_BY_CALLER) if session else None,
        scps=guardrails.levels,
        documents=documents | dict(guardrails.documents),
    )


def root_of(account: str, inventory: Inventory, partition: str = "aws") -> Side:
    """Return the side of the root user of an account."""
    caller = Caller.of(f"arn:{partition}:iam::{account}:root")
    guardrails = guardrails_of_account(account, inventory, SERVICE_CONTROL)
    return Side(caller=caller, scps=guardrails.levels, documents=guardrails.documents)


def guardrails_of(account: str, inventory: Inventory, name: str) -> Levels:
    """Return what is known of the guardrails of an account: none, those of each level, or that they were not read."""
    return guardrails_of_account(account, inventory, name).levels


Part = tuple[str, Document | None, str]
"""Name of a document, the document, or why it was not read."""


def _identity(principal: IamUser | IamRole, inventory: Inventory) -> Iterator[Part]:
    yield from _own(principal, inventory)
    if not isinstance(principal, IamUser):
        return
    names = _read(lambda: principal.groups)
    if isinstance(names, str):
        yield f"groups of {principal.name}", None, names
        return
    for name in names:
        group = _read(partial(_group, principal.scope, name, inventory))
        if isinstance(group, str):
            yield f"group {name}", None, group
        else:
            yield from _own(group, inventory)


def _own(owner: IamUser | IamRole | IamGroup, inventory: Inventory) -> Iterator[Part]:
    """Yield the policies that are part of an owner, or attached to it."""
    inline = _read(lambda: owner.inline_policies)
    if isinstance(inline, str):
        yield f"inline policies of {owner.name}", None, inline
    else:
        yield from ((f"{owner.name}/{name}", document, "") for name, document in inline.items())
    attached = _read(lambda: owner.attached_policies)
    if isinstance(attached, str):
        yield f"attached policies of {owner.name}", None, attached
    else:
        yield from (_managed(arn, owner.scope, inventory) for arn in attached)


def _boundary(principal: IamUser | IamRole, inventory: Inventory) -> Iterable[Part]:
    arn = _read(lambda: principal.permissions_boundary or "")
    if principal.unread.get("permissions_boundary"):
        return [(BOUNDARY, None, arn)]
    if not arn:
        return []
    name, document, reason = _managed(arn, principal.scope, inventory)
    return [(f"{BOUNDARY} {name}", document, reason)]


def _managed(arn: str, scope: str, inventory: Inventory) -> Part:
    def document() -> Document:
        policy = inventory.find(IamPolicy, scope, arn)
        if policy is None:
            raise NotCollected("document", "it is not among the policies that were read")
        return policy.document

    found = _read(document)
    return (arn, None, found) if isinstance(found, str) else (arn, found, "")


def _group(scope: str, name: str, inventory: Inventory) -> IamGroup:
    found = inventory.of(IamGroup, scope, name=name)
    if not found:
        raise NotCollected("groups", "it is not among the groups that were read")
    return found[0]


def _is_linked(role: IamRole) -> bool:
    return "path" not in role.unread and is_service_linked(role)


def _source(name: str, document: Document | None, reason: str) -> Source:
    """Return a document as the engine takes it; one that was not read may allow or deny anything."""
    if document is None:
        return Source(name, Policy((), "", (reason,), is_readable=False))
    return Source.of(name, document)


def _read(get: Callable[[], Any]) -> Any:
    """Return what is read, or the reason why it was not as a text."""
    try:
        return get()
    except NotCollected as gap:
        return gap.reason
