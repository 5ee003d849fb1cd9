"""Principals of AWS as the engine of permissions takes them, sorted into classes that get the same answers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

import structlog

from poise.graph.estate import Estate
from poise.graph.judging import Pointer
from poise.model.asset import Asset
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamGroup, IamRole, IamUser
from poise.model.errors import BadInput
from poise.policy.answer import Answer, Unread
from poise.policy.aws.document import Statement, parse
from poise.policy.aws.entitlements import RESOURCE_CONTROL, Side, ask, guardrails_of, side_of
from poise.policy.aws.escalation import is_out_of_question
from poise.policy.aws.guardrails import Levels
from poise.policy.aws.holdings import Holding
from poise.policy.aws.principals import Who
from poise.policy.aws.sources import Source

log = structlog.get_logger()
NOTHING: Mapping[str, str] = MappingProxyType({})
OF_THE_CALLER = ("aws:principal", "aws:username", "aws:userid")
OF_THE_ASSET = ("aws:resource", "s3:existingobjecttag", "ec2:resourcetag", "iam:resourcetag", "kms:resourcealiases")
SINGLE = (Who.PRINCIPAL, Who.CANONICAL, Who.DELETED, Who.MALFORMED)
"""Principals of a statement that are not whole accounts, services, providers or everyone."""
POLICY_FIELDS = {"IamRole": "trust_policy"}
"""Field that holds the resource policy of a kind, where it is not `policy`."""


class Actor:
    """A user or role of the estate."""

    def __init__(self, principal: IamUser | IamRole, estate: Estate) -> None:
        self.principal = principal
        self.id = principal.id
        self.scope = principal.scope
        self.side: Side = side_of(principal, estate.inventory)
        self._estate = estate
        self._naming: dict[str, bool] = {}

    @cached_property
    def limits(self) -> tuple[Source, ...]:
        """Every document of its own that decides: identity policies, boundary, guardrails."""
        boundary = self.side.boundary if isinstance(self.side.boundary, tuple) else ()
        levels = self.side.scps if isinstance(self.side.scps, tuple) else ()
        return (*self.side.identity, *boundary, *(source for level in levels for source in level))

    @cached_property
    def group(self) -> Hashable:
        """What actors share that get the same answers about an asset whose policy names none of them."""
        if any(_is_personal(statement) for source in self.limits for statement in source.policy.statements):
            return self.id
        side = self.side
        layers = (side.identity, side.boundary, *(side.scps if isinstance(side.scps, tuple) else (side.scps,)))
        return self.scope, tuple(map(_same, layers)), side.caller.is_service_linked, side.caller.kind

    def may_ask(self, action: str) -> bool:
        """Say whether some statement of its own is about an action."""
        return not is_out_of_question(self.side.caller, action, self.side.identity)

    def about(self, action: str) -> tuple[Statement, ...]:
        """Return the statements of all that decides on its side about an action."""
        return tuple(one for source in self.limits for one in source.policy.about(action.lower()))

    def names_assets(self, action: str) -> bool:
        """Say whether a statement about an action tells assets of one kind, account and region apart."""
        if action not in self._naming:
            self._naming[action] = any(names_assets(one) for one in self.about(action))
        return self._naming[action]

    def granting(self, action: str) -> tuple[Statement, ...]:
        """Return the statements of its identity policies that may allow an action."""
        return tuple(
            one for source in self.side.identity for one in source.policy.about(action.lower()) if one.is_allow
        )

    @cached_property
    def is_readable(self) -> bool:
        """Whether every document on its side was read and can be understood."""
        return all(source.policy.is_readable for source in self.limits)

    @cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """Name of a document -> the asset and field that it stands in."""
        owners: list[IamUser | IamRole | IamGroup] = [self.principal]
        if isinstance(self.principal, IamUser) and "groups" not in self.principal.unread:
            wanted = set(self.principal.groups)
            groups = self._estate.once("groups by scope", lambda: _groups(self._estate))
            owners += [one for one in groups.get(self.scope, ()) if one.name in wanted]
        return {
            f"{owner.name}/{name}": (owner.id, "inline_policies")
            for owner in owners
            if "inline_policies" not in owner.unread
            for name in owner.inline_policies
        }

    def pointer(self, holding: Holding | None = None) -> Pointer:
        """Return what finds the facts behind a reason."""
        if holding is None:
            return Pointer(self.places, self.id)
        asset = holding.asset
        field = POLICY_FIELDS.get(type(asset).__name__, "policy")
        more = {holding.policy_name: (asset.id, field), f"access list of {asset.name}": (asset.id, "acl")}
        return Pointer(self.places | more, self.id)


class Held:
    """An asset with what decides on its side."""

    def __init__(self, asset: Asset, estate: Estate) -> None:
        self.asset = asset
        self.holding = Holding(asset, estate.inventory)
        self.guardrails: Levels = estate.once(
            f"guardrails of {asset.scope}",
            lambda: guardrails_of(asset.scope, estate.inventory, RESOURCE_CONTROL),
        )

    @cached_property
    def tells_callers_apart(self) -> bool:
        """Whether its own rules treat callers of one account differently, by name or by who they are."""
        holding = self.holding
        if holding.grants:
            return True
        statements = parse(holding.document).statements if holding.document is not None else ()
        return any(_names_callers(one) for one in statements)

    def group(self, action: str) -> Hashable | None:
        """Return what assets share that get the same answers from callers of their account; None if it stands alone."""
        sources = self.holding.policy_for(action, is_inside=True)
        lines = self.holding.lines_for(is_inside=True)
        grants = self.holding.grants_for(action)
        if isinstance(sources, Unread) or isinstance(lines, Unread) or isinstance(grants, Unread) or grants:
            return None
        statements = [one for source in sources for one in source.policy.statements]
        if any(names_assets(one) for one in statements):
            return None
        asset = self.asset
        policies = tuple(id(source.policy) for source in sources)
        return type(asset), asset.scope, asset.region, policies, lines


class Asking:
    """Asks whether actors may do something to assets; what one of a class was told holds for all of it."""

    def __init__(self, estate: Estate) -> None:
        self._known: dict[Hashable, Answer] = {}
        self.estate = estate
        self.questions = 0

    def answer(self, actor: Actor, action: str, held: Held, context: Mapping[str, str] = NOTHING) -> Answer:
        """Answer one question; ``context`` tells more of the request."""
        key = (*self._key(actor, action, held), *sorted(context.items()))
        if key not in self._known:
            self._known[key] = self._ask(actor, action, held, context)
        return self._known[key]

    def _key(self, actor: Actor, action: str, held: Held) -> tuple[Hashable, ...]:
        """Return what all questions share that get the same answer as this one."""
        of_assets = None if actor.names_assets(action) else held.group(action)
        who: Hashable = actor.id if held.tells_callers_apart else actor.group
        return who, action, held.asset.id if of_assets is None else of_assets

    def _ask(self, actor: Actor, action: str, held: Held, context: Mapping[str, str] = NOTHING) -> Answer:
        self.questions += 1
        return ask(actor.side, action, held.holding, held.guardrails, context=context)


def actors_of(estate: Estate) -> tuple[Actor, ...]:
    """Return every user and role of an estate, made once."""
    return estate.once("actors", lambda: tuple(_actors(estate)))


def _actors(estate: Estate) -> Iterator[Actor]:
    """Yield each principal whose id can be understood; of one that cannot, an export's, nothing is told."""
    for principal in _principals(estate):
        try:
            yield Actor(principal, estate)
        except BadInput as problem:
            log.warning("principal left out of the graph", asset=principal.id, reason=problem.what)


def asking_of(estate: Estate) -> Asking:
    """Return what asks questions about an estate, made once."""
    return estate.once("asking", lambda: Asking(estate))


def held_of(estate: Estate, asset: Asset) -> Held:
    """Return an asset with what decides on its side, made once."""
    return estate.once(f"held {asset.id}", lambda: Held(asset, estate))


def account_node(estate: Estate, account: str, arn: str = "") -> str:
    """Return the id of the node of an account: its asset, or its root where it is not in the estate."""
    homes = estate.once("accounts", lambda: {one.scope: one.id for one in estate.of(AwsAccount)})
    partition = arn.split(":", 2)[1] if arn.startswith("arn:") else "aws"
    return homes.get(account, f"arn:{partition}:iam::{account}:root")


def _principals(estate: Estate) -> Iterator[IamUser | IamRole]:
    yield from estate.of(IamUser)
    yield from estate.of(IamRole)


def _groups(estate: Estate) -> dict[str, list[IamGroup]]:
    found: dict[str, list[IamGroup]] = {}
    for one in estate.of(IamGroup):
        found.setdefault(one.scope, []).append(one)
    return found


def _same(layer: tuple[Source, ...] | Unread | None) -> Hashable:
    """Return what is equal for layers that decide alike: equal documents are one object, gaps are their texts."""
    if layer is None or isinstance(layer, Unread):
        return repr(layer)
    return tuple(
        id(one.policy) if one.policy.is_readable else (one.name, tuple(map(str, one.policy.problems))) for one in layer
    )


def _is_personal(statement: Statement) -> bool:
    """Say whether a statement tells principals of one account apart."""
    texts: Iterable[str] = (*(statement.resources or ()), *(statement.not_resources or ()))
    if any("${" in text for text in texts):
        return True
    return any(
        one.key.startswith(OF_THE_CALLER) or any("${" in value for value in one.values) for one in statement.conditions
    )


def _names_callers(statement: Statement) -> bool:
    named = statement.principals.members if statement.principals is not None else ()
    if statement.not_principals is not None or any(one.who in SINGLE for one in named):
        return True
    return _is_personal(statement)


def names_assets(statement: Statement) -> bool:
    """Say whether a statement tells assets of one kind, account and region apart."""
    if statement.not_resources is not None:
        return True
    if any(text != "*" for text in statement.resources or ()):
        return True
    return any(
        one.key.startswith(OF_THE_ASSET) or any("${" in value for value in one.values) for one in statement.conditions
    )
