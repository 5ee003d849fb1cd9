"""Who may do what in AWS: the stored records as the engine of permissions takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from poise.app import queries
from poise.app.judge import EVERYONE, Actor, Groups, Target, statement_of
from poise.app.naming import named
from poise.app.workspace import Workspace
from poise.model.asset import Asset
from poise.model.aws.iam import IamRole, IamUser
from poise.model.aws.kms import KmsKey
from poise.model.aws.vpc import VpcEndpoint
from poise.model.errors import BadInput, UsageError
from poise.model.inventory import Inventory
from poise.model.listings import AssetFilter
from poise.policy.answer import Answer, Reason, Unread
from poise.policy.aws import entitlements as aws
from poise.policy.aws.action_groups import ACTION_GROUPS
from poise.policy.aws.callers import Caller, CallerKind
from poise.policy.aws.data_keys import find_key, with_key
from poise.policy.aws.holdings import Holding
from poise.policy.aws.organization import Guardrails, guardrails_of_account
from poise.policy.aws.outsiders import everyone, outsiders

IDENTITIES = (IamUser.KIND, IamRole.KIND)
WORDS = {
    CallerKind.ROOT: "account",
    CallerKind.SERVICE: "service",
    CallerKind.IDENTITY_PROVIDER: "identity provider",
    CallerKind.ANONYMOUS: EVERYONE,
    CallerKind.USER: "user",
    CallerKind.ROLE: "role",
    CallerKind.FEDERATED_USER: "federated user",
}


class AwsJudge:
    """Answers for AWS."""

    groups: Groups = ACTION_GROUPS

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._inventories: dict[str, Inventory] = {}
        self._targets: dict[str, tuple[Holding, Guardrails]] = {}
        self._keys: dict[str, Holding] = {}

    def actor(self, text: str) -> Actor:
        """Return who is meant: a user or role by ARN or name, a session, an account, a service, everyone."""
        if text.lower() in (EVERYONE, "*", "anonymous"):
            return _outsider(everyone())
        if text.endswith(".amazonaws.com"):
            return _outsider(aws.Side(caller=Caller.service(text)))
        if text.startswith("arn:"):
            return self._by_arn(text)
        detail = named(self._workspace, text, IDENTITIES)
        return self._identity(detail.asset, detail.row.source)

    def actors(self, target: Target) -> Iterator[Actor]:
        """Yield everyone, whom the asset's policy names outside, the root user, then every user and role."""
        known = {scope.scope for scope in queries.coverage(self._workspace).scopes}
        holding, _ = self.holding(target)
        yield _outsider(everyone())
        yield from map(_outsider, outsiders(holding, known))
        yield self._root(target.asset.scope, target.source)
        wanted = AssetFilter(kinds=frozenset(IDENTITIES))
        for row, asset in self._workspace.store.assets.all(self._workspace.viewer, wanted):
            yield self._identity(asset, row.source)

    def answer(self, actor: Actor, action: str, target: Target) -> Answer:
        """Answer one question."""
        assert actor.side is not None
        holding, guardrails = self.holding(target)
        answer = aws.ask(actor.side, action, holding, guardrails.levels, target.part)
        return with_key(answer, target.asset, action, actor.side.caller, _Keys(self, actor.side, target))

    def through(self, actor: Actor, endpoint: str) -> Actor:
        """Return the same actor as it asks through a VPC end point."""
        assert actor.side is not None
        detail = named(self._workspace, endpoint, (VpcEndpoint.KIND,))
        assert isinstance(detail.asset, VpcEndpoint)
        return msgspec.structs.replace(actor, side=actor.side.through(detail.asset))

    def statement(self, actor: Actor, target: Target, reason: Reason) -> Any:
        """Return a statement of a policy of the caller, of the asset or of the asset's key."""
        holding, guardrails = self.holding(target)
        for one in (holding, self._keys.get(target.asset.id)):
            if one is not None and reason.source == one.policy_name:
                return statement_of(one.document, reason)
        own = {} if actor.side is None else actor.side.documents
        return statement_of(own.get(reason.source) or guardrails.documents.get(reason.source), reason)

    def _by_arn(self, arn: str) -> Actor:
        try:
            caller = Caller.of(arn)
        except BadInput as problem:
            raise UsageError(problem.what, problem.do) from problem
        if caller.kind is CallerKind.ROOT:
            return self._root(caller.account, "")
        if arn != caller.role and caller.kind is CallerKind.ROLE:
            detail = named(self._workspace, self._role_id(caller), IDENTITIES)
            return self._identity(detail.asset, detail.row.source, arn)
        detail = named(self._workspace, arn, IDENTITIES)
        return self._identity(detail.asset, detail.row.source)

    def _role_id(self, caller: Caller) -> str:
        """Return the ARN of the role of a session: the ARN of a session leaves the path of the role out."""
        name = caller.role.rpartition("/")[2]
        wanted = AssetFilter(kinds=frozenset({IamRole.KIND}), scopes=frozenset({caller.account}), name=name)
        rows = queries.assets(self._workspace, wanted).rows
        return next((row.asset.id for row in rows), caller.role)

    def _identity(self, asset: Asset, source: str, session: str = "") -> Actor:
        assert isinstance(asset, IamUser | IamRole)
        side = aws.side_of(asset, self._inventory(source), session)
        name = session.rpartition(":")[2] if session else asset.name
        return Actor(session or asset.id, name, WORDS[side.caller.kind], asset.scope, side, not session)

    def _root(self, account: str, source: str) -> Actor:
        wanted = AssetFilter(kinds=frozenset({"AWS::::Account"}), scopes=frozenset({account}))
        rows = queries.assets(self._workspace, wanted).rows
        name = rows[0].asset.name if rows else account
        inventory = self._inventory(source or (rows[0].source if rows else ""))
        side = aws.root_of(account, inventory)
        return Actor(side.caller.arn, f"root user of {name}", "root user", account, side)

    def holding(self, target: Target) -> tuple[Holding, Guardrails]:
        """Return what decides on the side of an asset."""
        found = self._targets.get(target.asset.id)
        if found is None:
            inventory = self._inventory(target.source)
            guardrails = guardrails_of_account(target.asset.scope, inventory, aws.RESOURCE_CONTROL)
            found = self._targets[target.asset.id] = (Holding(target.asset, inventory), guardrails)
        return found

    def key(self, arn: str, target: Target) -> Target | Unread:
        """Return the key of an asset by its ARN or that of an alias, and keep it to show its statements."""
        found = find_key(arn, self._inventory(target.source))
        source = target.source
        if isinstance(found, Unread):
            elsewhere = self._workspace.store.assets.get(self._workspace.viewer, arn)
            if elsewhere is None or not isinstance(elsewhere.asset, KmsKey):
                return found
            found, source = elsewhere.asset, elsewhere.row.source
        key = Target(found, source)
        self._keys[target.asset.id] = self.holding(key)[0]
        return key

    def _inventory(self, source: str) -> Inventory:
        if source not in self._inventories:
            self._inventories[source] = self._workspace.store.inventory(source)
        return self._inventories[source]


def _outsider(side: aws.Side) -> Actor:
    caller = side.caller
    name = caller.arn or EVERYONE
    if caller.kind is CallerKind.ROOT:
        name = f"account {caller.account}"
    return Actor(caller.arn or EVERYONE, name, WORDS[caller.kind], caller.account, side)


class _Keys:
    """The keys of one asset, and what one caller may do with them."""

    def __init__(self, judge: AwsJudge, side: aws.Side, target: Target) -> None:
        self._judge = judge
        self._side = side
        self._target = target
        self._source = target.source

    def find(self, arn: str) -> KmsKey | Unread:
        """Return a key by its ARN or that of an alias."""
        found = self._judge.key(arn, self._target)
        if isinstance(found, Unread):
            return found
        assert isinstance(found.asset, KmsKey)
        self._source = found.source
        return found.asset

    def may(self, action: str, key: KmsKey, context: Mapping[str, str]) -> Answer:
        """Return whether the caller may do an action of KMS with a key."""
        holding, guardrails = self._judge.holding(Target(key, self._source))
        return aws.ask(self._side, action, holding, guardrails.levels, context=context)
