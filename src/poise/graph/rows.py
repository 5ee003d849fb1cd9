"""How rows of the escalation catalogue of AWS are bound to assets: what each action is asked on, and what is won.

Which row is bound how stands in :mod:`poise.graph.row_table`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

import msgspec

from poise.graph.estate import Estate, read
from poise.graph.sides import Actor, account_node
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import Ec2Instance
from poise.model.aws.iam import IamGroup, IamOidcProvider, IamPolicy, IamRole, IamSamlProvider, IamUser
from poise.model.aws.rds import RdsInstance
from poise.model.graph import Capability, Evidence
from poise.policy.answer import Answer, Decision
from poise.policy.aws.document import parse
from poise.policy.aws.escalation import PASS_ROLE, Escalation
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.grants import is_admin
from poise.policy.aws.passing import can_pass
from poise.policy.aws.principal import is_service_linked
from poise.policy.aws.required_resources import resources_for
from poise.policy.aws.sources import Source
from poise.policy.outcome import all_answers, answer_of, truth_of
from poise.policy.residual import any_of

CREDENTIALS, ADMIN = Capability.CREDENTIALS, Capability.ADMIN


class Way(msgspec.Struct, frozen=True):
    """One row on one asset."""

    target: str
    """What is won."""
    capability: Capability
    """What it is good for."""
    answer: Answer
    """Whether all actions are allowed."""
    evidence: tuple[Evidence, ...]
    """The statements behind it."""
    key: Answer | None = None
    """Whether the key lets it be used, where one is in the way; a key that was not read leaves it unknown."""

    @property
    def whole(self) -> Answer:
        """Whether all actions are allowed and the key lets it be used."""
        return self.answer if self.key is None else all_answers((self.answer, self.key))


Bound = Callable[[Estate, Actor, Escalation], Iterator[Way]]


class Asker:
    """Asks the actions of a row for one actor, each once for each asset."""

    def __init__(self, estate: Estate, actor: Actor) -> None:
        self.actor = actor
        side = actor.side
        self.inputs = Inputs(identity=side.identity, boundary=side.boundary, session=side.session, scps=side.scps)
        self._known: dict[Hashable, Answer] = {}
        self._shared: dict[Hashable, Answer] = estate.once("answers of classes", dict)

    def may(self, action: str, resource: str = "*") -> Answer:
        """Return whether the actor may do an action on an asset of its account; `*` asks whether on some."""
        key, known = self._place(action, resource)
        if key not in known:
            caller = self.actor.side.caller
            request = Request(
                caller=caller, action=action, resource=resource, owner=caller.account, context=self._context(action)
            )
            known[key] = evaluate(request, self.inputs)
        return known[key]

    def _place(self, action: str, resource: str) -> tuple[Hashable, dict[Hashable, Answer]]:
        """Return where an answer is kept: with those of the actor's class where no statement tells assets apart."""
        if self.actor.names_assets(action):
            return (action, resource), self._known
        return (self.actor.group, action, ":".join(resource.split(":", 5)[3:4])), self._shared

    def _context(self, action: str) -> dict[str, str]:
        """Return what is known of a request that widens somebody: it attaches the policy that matters."""
        name = action.lower()
        if name.startswith("iam:attach"):
            partition = self.actor.id.split(":", 2)[1]
            return {"iam:PolicyARN": f"arn:{partition}:iam::aws:policy/AdministratorAccess"}
        return {}

    def way(self, target: str, capability: Capability, answers: Sequence[Answer]) -> Way:
        """Put a way together."""
        answer = all_answers(answers)
        return Way(target, capability, answer, self.actor.pointer().evidence(answer.because))


def asker_of(estate: Estate, actor: Actor) -> Asker:
    """Return what asks for an actor, made once."""
    return estate.once(f"asker {actor.id}", lambda: Asker(estate, actor))


def passing(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Yield the roles that can be handed to a service of the row that they trust."""
    asker = asker_of(estate, actor)
    others = [asker.may(action) for action in row.actions if action.lower() != PASS_ROLE]
    if any(one.decision is Decision.DENY for one in others):
        return
    trusted = row.trusted or row.passes_to
    for role in _roles_for(estate, actor.scope, frozenset(trusted)):
        if "ec2.amazonaws.com" in trusted and not (
            read(role, "instance_profiles") or "instance_profiles" in role.unread
        ):
            continue
        trust = (Source.of(f"trust policy of {role.name}", role.trust_policy),)
        passed = [can_pass(actor.side.caller, role.id, one, asker.inputs, trust) for one in trusted]
        proof = Evidence(asset=role.id, field="trust_policy", says=f"it lets {' or '.join(trusted)} take it")
        way = asker.way(role.id, CREDENTIALS, [some_of(passed), *others])
        yield msgspec.structs.replace(way, evidence=(*way.evidence, proof))


def _roles_for(estate: Estate, scope: str, services: frozenset[str]) -> Sequence[IamRole]:
    """Return the roles of an account whose trust names one of some services."""
    by_service = estate.once(f"roles by service {scope}", lambda: _by_service(estate, scope))
    found = {role.id: role for service in services for role in by_service.get(service, ())}
    return [found[id] for id in sorted(found)]


def _by_service(estate: Estate, scope: str) -> dict[str, list[IamRole]]:
    found: dict[str, list[IamRole]] = {}
    for role in estate.of(IamRole):
        if role.scope != scope or "trust_policy" in role.unread or _is_linked(role):
            continue
        statements = [one for one in parse(role.trust_policy).statements if one.is_allow and one.principals]
        names = {m.text for one in statements for m in (one.principals.members if one.principals else ())}
        for name in names:
            found.setdefault(name, []).append(role)
    return found


def some_of(answers: Sequence[Answer]) -> Answer:
    """Return whether one of several things is allowed."""
    best = next((one for one in answers if one.decision is Decision.ALLOW), None)
    if best is not None or len(answers) == 1:
        return best or answers[0]
    reasons = tuple(dict.fromkeys(reason for one in answers for reason in one.because))
    return answer_of(any_of(map(truth_of, answers)), reasons)


def _is_linked(role: IamRole) -> bool:
    return "path" not in role.unread and is_service_linked(role)


def on(kind: type[Ec2Instance | LambdaFunction | RdsInstance], capability: Capability) -> Bound:
    """Bind every action of a row to the assets of a kind in the account."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for asset in estate.of(kind):
            if asset.scope == actor.scope and not _is_gone(asset):
                asked = [(action, one) for action in row.actions for one in resources_for(action, asset.id)]
                yield asker.way(asset.id, capability, [asker.may(*one) for one in asked])

    return bound


def _is_gone(asset: object) -> bool:
    return isinstance(asset, Ec2Instance) and read(asset, "state") in ("terminated", "shutting-down")


def on_user(fits: Callable[[IamUser], bool | None]) -> Bound:
    """Bind every action of a row to the users of the account that fit; None: it was not read."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for user in estate.of(IamUser):
            if user.scope == actor.scope and fits(user) is not False:
                yield asker.way(user.id, CREDENTIALS, [asker.may(action, user.id) for action in row.actions])

    return bound


def on_role(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind every action of a row to the roles of the account; what widens a role must be left by its boundary."""
    asker = asker_of(estate, actor)
    for role in estate.of(IamRole):
        if role.scope == actor.scope and not _is_linked(role):
            yield asker.way(role.id, CREDENTIALS, [asker.may(action, role.id) for action in row.actions])


def on_itself(kind: type[IamUser | IamRole]) -> Bound:
    """Bind a row to the principal itself, if it is of a kind: it then administers its account, unless bounded."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        if isinstance(actor.principal, kind) and not is_bounded(actor):
            yield from _itself(estate, actor, row, [actor.id])

    return bound


def on_its_groups(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind a row to the groups that a user is in."""
    user = actor.principal
    if isinstance(user, IamUser) and not is_bounded(actor):
        names = set(read(user, "groups") or ())
        mine = [one.id for one in estate.of(IamGroup) if one.scope == user.scope and one.name in names]
        yield from _itself(estate, actor, row, mine)


def on_its_policies(fits: Callable[[IamPolicy], bool]) -> Bound:
    """Bind a row to customer managed policies that are attached to the principal or to its groups."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        if is_bounded(actor):
            return
        attached = {source.name for source in actor.side.identity}
        mine = [
            one.id
            for one in estate.of(IamPolicy)
            if one.id in attached and read(one, "owner") not in ("aws", None) and fits(one)
        ]
        yield from _itself(estate, actor, row, mine)

    return bound


def is_bounded(actor: Actor) -> bool:
    """Say whether a boundary holds a principal whatever it gives itself; one not read makes answers unknown."""
    boundary = actor.side.boundary
    if not isinstance(boundary, tuple) or not all(source.policy.is_readable for source in boundary):
        return False
    return is_admin(actor.side.documents[source.name] for source in boundary).decision is Decision.DENY


def on_group(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
    """Bind a row to the groups of the account: who joins has their rights."""
    asker = asker_of(estate, actor)
    if isinstance(actor.principal, IamUser):
        for group in estate.of(IamGroup):
            if group.scope == actor.scope:
                yield asker.way(group.id, CREDENTIALS, [asker.may(action, group.id) for action in row.actions])


def on_provider(kind: type[IamOidcProvider | IamSamlProvider]) -> Bound:
    """Bind a row to identity providers of the account: it wins the roles that trust them."""

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        asker = asker_of(estate, actor)
        for provider in estate.of(kind):
            if provider.scope != actor.scope:
                continue
            answers = [asker.may(action, provider.id) for action in row.actions]
            for role in _roles_for(estate, actor.scope, frozenset({provider.id})):
                yield asker.way(role.id, CREDENTIALS, answers)

    return bound


def _itself(estate: Estate, actor: Actor, row: Escalation, resources: Sequence[str]) -> Iterator[Way]:
    asker = asker_of(estate, actor)
    account = account_node(estate, actor.scope, actor.id)
    for resource in resources:
        yield asker.way(account, ADMIN, [asker.may(action, resource) for action in row.actions])
