"""Who may do what, cloud by cloud: the stored records as the engines of permissions take them.

A judge loads what decides when it is asked for, and keeps it: make one for each request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import msgspec

from poise.app import queries
from poise.app.naming import named
from poise.app.workspace import Workspace
from poise.model.asset import Asset, Document
from poise.model.aws.iam import IamRole, IamUser
from poise.model.aws.vpc import VpcEndpoint
from poise.model.azure.entra import EntraGroup, EntraUser
from poise.model.azure.entra_applications import EntraServicePrincipal
from poise.model.azure.keyvault import KeyVault
from poise.model.errors import BadInput, UsageError
from poise.model.inventory import Inventory
from poise.model.listings import AssetFilter
from poise.policy.answer import Answer, Reason
from poise.policy.aws import entitlements as aws
from poise.policy.aws.action_groups import ACTION_GROUPS as AWS_GROUPS
from poise.policy.aws.callers import Caller, CallerKind
from poise.policy.aws.holdings import Holding
from poise.policy.aws.organization import Guardrails, guardrails_of_account
from poise.policy.aws.outsiders import everyone, outsiders
from poise.policy.azure import entitlements as azure
from poise.policy.azure.action_groups import ACTION_GROUPS as AZURE_GROUPS
from poise.policy.azure.permissions import Inputs

EVERYONE = "everyone"
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
ENTRA_WORDS = {EntraUser.KIND: "user", EntraGroup.KIND: "group", EntraServicePrincipal.KIND: "service principal"}
OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Groups = Mapping[type[Asset], tuple[tuple[str, str], ...]]


class Actor(msgspec.Struct, frozen=True, eq=False):
    """Who acts, as a judge takes it."""

    id: str
    name: str
    kind: str
    """`user`, `role`, `account`, `service`, `identity provider`, `everyone`, `principal`."""
    scope: str
    """Account of its own; empty where it has none, or it is not known."""
    side: aws.Side | None = None
    is_asset: bool = False
    """Whether it has a page of its own."""


ANYBODY = Actor(EVERYONE, EVERYONE, EVERYONE, "")


class Target(msgspec.Struct, frozen=True, eq=False):
    """What is acted on."""

    asset: Asset
    source: str
    """The source that read it."""
    part: str = ""
    """ARN of a part of it, such as one object of a bucket; empty for all of it."""

    @property
    def label(self) -> str:
        """What sentences call it."""
        return self.part.rpartition(":")[2] or self.asset.name


class Judge(Protocol):
    """Answers for one cloud."""

    groups: Groups

    def actor(self, text: str) -> Actor:
        """Return who is meant. Raises :class:`UsageError`, with near names."""
        ...

    def actors(self, target: Target) -> Iterator[Actor]:
        """Yield everybody who may come into question, outsiders first."""
        ...

    def answer(self, actor: Actor, action: str, target: Target) -> Answer:
        """Answer one question."""
        ...

    def through(self, actor: Actor, endpoint: str) -> Actor:
        """Return the same actor as it asks through a private end point. Raises :class:`UsageError`."""
        ...

    def statement(self, actor: Actor, target: Target, reason: Reason) -> Any:
        """Return the statement, role assignment or access policy that a reason points at; None if at none."""
        ...


class AwsJudge:
    """Answers for AWS."""

    groups: Groups = AWS_GROUPS

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._inventories: dict[str, Inventory] = {}
        self._targets: dict[str, tuple[Holding, Guardrails]] = {}

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
        holding, _ = self._holding(target)
        yield _outsider(everyone())
        yield from map(_outsider, outsiders(holding, known))
        yield self._root(target.asset.scope, target.source)
        wanted = AssetFilter(kinds=frozenset(IDENTITIES))
        for row, asset in self._workspace.store.assets.all(self._workspace.viewer, wanted):
            yield self._identity(asset, row.source)

    def answer(self, actor: Actor, action: str, target: Target) -> Answer:
        """Answer one question."""
        assert actor.side is not None
        holding, guardrails = self._holding(target)
        return aws.ask(actor.side, action, holding, guardrails.levels, target.part)

    def through(self, actor: Actor, endpoint: str) -> Actor:
        """Return the same actor as it asks through a VPC end point."""
        assert actor.side is not None
        detail = named(self._workspace, endpoint, (VpcEndpoint.KIND,))
        assert isinstance(detail.asset, VpcEndpoint)
        return msgspec.structs.replace(actor, side=actor.side.through(detail.asset))

    def statement(self, actor: Actor, target: Target, reason: Reason) -> Any:
        """Return a statement of a policy of the caller or of the asset."""
        holding, guardrails = self._holding(target)
        if reason.source == holding.policy_name:
            return statement_of(holding.document, reason)
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

    def _holding(self, target: Target) -> tuple[Holding, Guardrails]:
        found = self._targets.get(target.asset.id)
        if found is None:
            inventory = self._inventory(target.source)
            guardrails = guardrails_of_account(target.asset.scope, inventory, aws.RESOURCE_CONTROL)
            found = self._targets[target.asset.id] = (Holding(target.asset, inventory), guardrails)
        return found

    def _inventory(self, source: str) -> Inventory:
        if source not in self._inventories:
            self._inventories[source] = self._workspace.store.inventory(source)
        return self._inventories[source]


class AzureJudge:
    """Answers for Azure."""

    groups: Groups = AZURE_GROUPS

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._inventories: dict[str, Inventory] = {}
        self._inputs: dict[tuple[str, str], Inputs] = {}

    def actor(self, text: str) -> Actor:
        """Return the principal with an object id; its name is known where the directory was read."""
        if text.lower() in (EVERYONE, "*", "anonymous"):
            return ANYBODY
        if not OBJECT_ID.fullmatch(text):
            raise UsageError(f"{text!r} is no object id of Entra.", "Give the id that role assignments name.")
        return self._principal(text.lower())

    def actors(self, target: Target) -> Iterator[Actor]:
        """Yield whoever holds a role in the subscription or an access policy of the vault, members of groups too."""
        yield ANYBODY
        vaults = (target.asset,) if isinstance(target.asset, KeyVault) else ()
        inputs = self._of(target)
        holders = azure.principals_of(inputs, vaults)
        for id, kind in holders.items():
            yield self._principal(id, kind)
        for id in azure.members_of(inputs, holders):
            yield self._principal(id)

    def _principal(self, id: str, kind: str = "") -> Actor:
        found = self._workspace.store.assets.get(self._workspace.viewer, id)
        if found is None:
            return Actor(id, id, kind or "principal", "")
        word = ENTRA_WORDS.get(found.asset.KIND, kind or "principal")
        return Actor(id, found.asset.name, word, found.asset.scope, None, True)

    def answer(self, actor: Actor, action: str, target: Target) -> Answer:
        """Answer one question."""
        if actor.kind == EVERYONE:
            return azure.ask_anonymous(action, target.asset)
        return azure.ask(actor.id, action, target.asset, self._of(target))

    def through(self, actor: Actor, endpoint: str) -> Actor:
        """Refuse: private end points of Azure have no policies."""
        raise UsageError("Only VPC end points of AWS have policies.", "Leave --through out.")

    def statement(self, actor: Actor, target: Target, reason: Reason) -> Any:
        """Return the facts of a role assignment, or an access policy of the vault."""
        if isinstance(target.asset, KeyVault) and reason.statement is not None:
            policies = target.asset.known().get("access_policies", ())
            return msgspec.to_builtins(policies[reason.statement]) if reason.statement < len(policies) else None
        found = self._workspace.store.assets.get(self._workspace.viewer, reason.source) if reason.source else None
        return None if found is None else msgspec.to_builtins(found.asset.known())

    def _of(self, target: Target) -> Inputs:
        key = (target.source, azure.subscription_of(target.asset))
        if key not in self._inputs:
            if target.source not in self._inventories:
                self._inventories[target.source] = self._workspace.store.inventory(target.source)
            self._inputs[key] = azure.inputs_of(key[1], self._inventories[target.source])
        return self._inputs[key]


def judge_of(workspace: Workspace, provider: str) -> Judge:
    """Return the judge of a cloud. Raises :class:`UsageError` where there is none."""
    if provider == "aws":
        return AwsJudge(workspace)
    if provider == "azure":
        return AzureJudge(workspace)
    raise UsageError(f"Permissions are not judged for {provider} assets.", "They are for AWS and Azure.")


def statement_of(document: Document | None, reason: Reason) -> Any:
    """Return the statement of a document that a reason points at."""
    if not isinstance(document, Mapping) or reason.statement is None:
        return None
    written = next((value for name, value in document.items() if str(name).lower() == "statement"), None)
    statements = written if isinstance(written, list | tuple) else [written]
    return statements[reason.statement] if reason.statement < len(statements) else None


def _outsider(side: aws.Side) -> Actor:
    caller = side.caller
    name = caller.arn or EVERYONE
    if caller.kind is CallerKind.ROOT:
        name = f"account {caller.account}"
    return Actor(caller.arn or EVERYONE, name, WORDS[caller.kind], caller.account, side)
