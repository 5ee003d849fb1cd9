"""Whether a caller may do something: all layers of AWS policies together.

Source: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access" and
"Cross-account policy evaluation logic". An explicit deny anywhere is final. Guardrails, boundary, session and
endpoint policies must each allow. In the own account the identity policy or the resource policy is enough,
across accounts both are needed; roles and KMS keys always need the resource side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import msgspec

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.aws.access_lists import acl_votes
from poise.policy.aws.buckets import AclLine
from poise.policy.aws.callers import Caller, CallerKind, Link, denies, links
from poise.policy.aws.context import Context, Value
from poise.policy.aws.document import Statement
from poise.policy.aws.guardrails import Levels, rcp_votes, scp_votes
from poise.policy.aws.key_grants import KeyGrant, grant_votes
from poise.policy.aws.matching import Question
from poise.policy.aws.outcome import answer_of
from poise.policy.aws.public_to_s3 import counts_as_public
from poise.policy.aws.sources import Source
from poise.policy.aws.votes import Sources, Votes, collect, collect_named
from poise.policy.residual import Truth, all_of, any_of, negate, unread

ASSUMING = (
    *("sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml"),
    *("sts:tagsession", "sts:setsourceidentity"),
)
"""Actions that the trust policy of a role decides."""
SOMEBODY_ELSE = "another account"
"""Stands for an owner that is not the caller's account."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A question: who does what to which asset."""

    caller: Caller
    action: str
    """Action, in any case."""
    resource: str
    """ARN of the asset; `*` for actions without resource types."""
    owner: str
    """Account of the asset; empty if it is not known."""
    context: Mapping[str, Value] = {}
    """Values of condition keys; None: known to be missing. What follows from the caller need not be said."""
    is_complete: bool = False
    """Whether every key that is not given is missing."""

    def question(self) -> Question:
        """Return the question to statements, with all that is known of the request."""
        known: dict[str, Value] = {"aws:resourceaccount": self.owner or None, **self.caller.facts()}
        region = self.resource.split(":", 5)[3:4]
        if region and region[0]:
            known["aws:requestedregion"] = region[0]
        known |= {key.lower(): value for key, value in self.context.items()}
        return Question.of(self.action, self.resource, Context.of(known, is_complete=self.is_complete))


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that decide. An input that was not read is given as `Unread`, never left out."""

    identity: Sources = ()
    """Policies of the caller and, for a user, of its groups."""
    boundary: Sources | None = None
    """Permissions boundary; None: it has none."""
    session: Sources | None = None
    """Session policies; None: none were passed."""
    scps: Levels = None
    """Service control policies of the caller's account; None: none act on it (also: management account)."""
    resource: Sources = ()
    """Policy of the asset: key policy of a key, trust policy of a role; empty: it has none."""
    rcps: Levels = None
    """Resource control policies of the asset's account; None: none act on it (also: management account)."""
    endpoint: Sources | None = None
    """Policy of the VPC endpoint on the way; None: there is none."""
    grants: tuple[KeyGrant, ...] | Unread = ()
    """Grants of a KMS key."""
    acl: tuple[AclLine, ...] | Unread = ()
    """Access list of a bucket; empty where lists are switched off or ignored."""
    restricts_public: bool | Unread = False
    """Whether `RestrictPublicBuckets` is on for the bucket, by its own flag or that of the account."""


def evaluate(request: Request, inputs: Inputs) -> Answer:
    """Answer whether the caller may do it."""
    if not request.owner and request.caller.has_identity:
        return _whoever_owns_it(request, inputs)
    question = request.question()
    case = _Case(request, inputs, question, _collect(request, inputs, question))
    deny = any_of(votes.deny for votes in case.votes.every())
    allow = all_of(case.needs())
    return answer_of(all_of((allow, negate(deny))), case.because(allow, deny))


def _whoever_owns_it(request: Request, inputs: Inputs) -> Answer:
    """Answer for an asset of which the owner is not known: own and foreign must agree."""
    own = evaluate(msgspec.structs.replace(request, owner=request.caller.account), inputs)
    foreign = evaluate(msgspec.structs.replace(request, owner=SOMEBODY_ELSE), inputs)
    if own.decision is foreign.decision:
        return own
    gap = Unread("owner", "it is not known which account owns the asset")
    return Answer(Decision.UNKNOWN, own.because, own.residual, (*own.unread, gap))


class _AllVotes(msgspec.Struct, frozen=True):
    """The votes of all layers that act."""

    identity: Votes
    boundary: Votes | None
    session: Votes | None
    scps: tuple[Votes, ...]
    rcps: tuple[Votes, ...]
    endpoint: Votes | None
    resource: Votes
    """Of the resource policy, for whatever names the caller."""
    linked: Mapping[Link, Truth]
    """Allows of the resource policy by how they name the caller."""
    grants: Votes
    acl: Votes

    def every(self) -> Iterator[Votes]:
        """Yield all layers."""
        single = (self.identity, self.boundary, self.session, self.endpoint, self.resource)
        beside = (self.grants, self.acl, *self.scps, *self.rcps)
        return (votes for votes in chain(single, beside) if votes is not None)


class _Case(msgspec.Struct, frozen=True):
    """One question with the votes on it."""

    request: Request
    inputs: Inputs
    question: Question
    votes: _AllVotes

    def needs(self) -> Iterator[Truth]:
        """Yield what must all hold, denies left aside."""
        yield from (votes.allow for votes in (*self.votes.scps, *self.votes.rcps))
        yield _allowed_by(self.votes.endpoint)
        yield self._granted()

    def because(self, allow: Truth, deny: Truth) -> tuple[Reason, ...]:
        """Return what decided."""
        every = tuple(self.votes.every())
        denied = tuple(r for votes in every for about, r in votes.denies)
        if deny is True:
            return tuple(r for votes in every for about, r in votes.denies if about is True)
        if allow is False:
            return tuple(self._missing()) or (Reason(f"nothing grants {self.question.shown}"),)
        granted = tuple(r for votes in every for _, r in votes.allows)
        if self.request.caller.kind is CallerKind.ROOT:
            granted = (Reason("the root user holds every permission of its account"), *granted)
        return granted + denied if deny is not False else granted

    def _granted(self) -> Truth:
        caller = self.request.caller
        beside = any_of((self.votes.grants.allow, self.votes.acl.allow))
        direct = any_of((self.votes.linked.get(Link.DIRECT, False), beside))
        if not caller.has_identity:
            return direct
        by_role, by_account = (self.votes.linked.get(link, False) for link in (Link.ROLE, Link.ACCOUNT))
        limits = all_of((_allowed_by(self.votes.boundary), _allowed_by(self.votes.session)))
        identity = all_of((self._identity(), limits))
        if self.request.owner != caller.account:
            return all_of((identity, any_of((direct, by_role, by_account))))
        final = any_of((direct, all_of((by_role, limits))))
        if self.needs_resource_side():
            return any_of((final, all_of((by_account, identity))))
        return any_of((final, identity))

    def _identity(self) -> Truth:
        caller = self.request.caller
        if caller.kind is CallerKind.ROOT:
            return True
        if caller.kind is CallerKind.FEDERATED_USER and self.votes.session is None:
            return False
        return self.votes.identity.allow

    def needs_resource_side(self) -> bool:
        """Say whether the policy of the asset must allow even in the own account: roles and keys."""
        if self.question.action in ASSUMING:
            return True
        return self.question.action.startswith("kms:") and ":kms:" in self.question.resource

    def _missing(self) -> Iterator[Reason]:
        """Yield the layers that do not allow."""
        action = self.question.shown
        for votes in (
            *self.votes.scps,
            *self.votes.rcps,
            self.votes.boundary,
            self.votes.session,
            self.votes.endpoint,
        ):
            if votes is not None and votes.allow is False:
                yield Reason(f"no statement of the {votes.name} allows {action}", source=votes.name)
        if self.request.caller.has_identity and self._identity() is False:
            yield Reason(f"no statement of the identity policies allows {action}", source="identity policies")
        crosses = self.request.owner != self.request.caller.account
        if (crosses or self.needs_resource_side()) and self.votes.resource.allow is False:
            text = f"no statement of the resource policy allows {action} to the caller"
            yield Reason(text, source="resource policy")


def _collect(request: Request, inputs: Inputs, question: Question) -> _AllVotes:
    def names(statement: Statement, as_deny: bool) -> Truth:
        return denies(statement, request.caller) if as_deny else any_of(links(statement, request.caller).values())

    def optional(name: str, sources: Sources | None) -> Votes | None:
        return None if sources is None else collect(name, sources, question)

    has_identity = request.caller.has_identity
    endpoint = inputs.endpoint
    return _AllVotes(
        identity=collect("identity policies", inputs.identity if has_identity else (), question),
        boundary=optional("permissions boundary", inputs.boundary if has_identity else None),
        session=optional("session policies", inputs.session if has_identity else None),
        scps=scp_votes(inputs.scps, request.caller, question),
        rcps=rcp_votes(inputs.rcps, request.caller, question),
        endpoint=None if endpoint is None else collect_named("endpoint policy", endpoint, question, names),
        resource=collect_named("resource policy", inputs.resource, question, names),
        linked=_linked(inputs, request, question),
        grants=grant_votes(inputs.grants, request.caller, question),
        acl=acl_votes(inputs.acl, request.caller, question),
    )


def _linked(inputs: Inputs, request: Request, question: Question) -> Mapping[Link, Truth]:
    """Sort the allows of the resource policy by how they name the caller, as far as a public one counts."""
    sources, caller = inputs.resource, request.caller
    if not sources:
        return {}
    admits = _admits_outsiders(inputs, request)
    found: dict[Link, Truth] = {}
    for link in Link:

        def names(statement: Statement, as_deny: bool, link: Link = link) -> Truth:
            return False if as_deny else links(statement, caller).get(link, False)

        found[link] = all_of((admits, collect_named("resource policy", sources, question, names).allow))
    return found


def _admits_outsiders(inputs: Inputs, request: Request) -> Truth:
    """Say whether a resource policy acts for the caller: a restricted public one only inside and for services."""
    inside = request.caller.account == request.owner or request.caller.kind is CallerKind.SERVICE
    if inside or inputs.restricts_public is False or isinstance(inputs.resource, Unread):
        return True
    if not any(counts_as_public(source.policy) for source in inputs.resource):
        return True
    shut = inputs.restricts_public
    return False if shut is True else unread(shut.input, shut.reason)


def _allowed_by(votes: Votes | None) -> Truth:
    return True if votes is None else votes.allow


def named(name: str, document: object) -> tuple[Source, ...]:
    """Return the one document of a layer, parsed, or nothing for None."""
    return () if document is None else (Source.of(name, document),)
