"""Who may do what in Azure: the stored records as the engine of permissions takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from poise.app.judge import ANYBODY, EVERYONE, Actor, Groups, Target
from poise.app.workspace import Workspace
from poise.model.azure.entra import EntraGroup, EntraUser
from poise.model.azure.entra_applications import EntraServicePrincipal
from poise.model.azure.keyvault import KeyVault
from poise.model.errors import UsageError
from poise.model.inventory import Inventory
from poise.policy.answer import Answer, Reason
from poise.policy.azure import entitlements as azure
from poise.policy.azure.action_groups import ACTION_GROUPS
from poise.policy.azure.permissions import Inputs

ENTRA_WORDS = {EntraUser.KIND: "user", EntraGroup.KIND: "group", EntraServicePrincipal.KIND: "service principal"}
OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class AzureJudge:
    """Answers for Azure."""

    groups: Groups = ACTION_GROUPS

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
