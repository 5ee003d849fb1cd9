"""What principals of Azure may do: by roles, access policies and keys; and the rows of the escalation catalogue.

A row is bound to the assets that all its actions are about. Rows about kinds that are not collected, about managed
identities as such or the directory, and rows that only remove an obstacle give no edge.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.asked_azure import ASKED, BOUND
from poise.graph.edges.azure_identities import PRINCIPAL
from poise.graph.estate import Estate
from poise.graph.family import Family, Found, Width
from poise.graph.judging import Pointer, both, is_blind, standing, unread_standing
from poise.model.asset import Asset
from poise.model.azure.entra import EntraTenant
from poise.model.azure.keyvault import KeyVault
from poise.model.graph import Capability, Edge, EdgeKind, Node
from poise.policy.answer import Answer
from poise.policy.azure.entitlements import ask, inputs_of, principals_of
from poise.policy.azure.permissions import Inputs
from poise.policy.outcome import all_answers


class Asker:
    """Asks for one principal about one asset, each action once."""

    def __init__(self, principal: str, asset: Asset, inputs: Inputs) -> None:
        self.principal = principal
        self.asset = asset
        self._inputs = inputs
        self._known: dict[str, Answer] = {}

    def may(self, *actions: str) -> Answer:
        """Return whether all of some actions are allowed."""
        for action in actions:
            if action not in self._known:
                self._known[action] = ask(self.principal, action, self.asset, self._inputs)
        return all_answers(self._known[action] for action in actions)

    def edge(self, actions: tuple[str, ...], won: tuple[Capability | None, str], row: str = "") -> Iterator[Edge]:
        """Yield that it may do some actions, or escalate by a row, if nothing that was read speaks against it.

        ``won`` is what that gives, and the fact of the asset that it hangs on besides, if there is one.
        """
        capability, field = won
        answer = self.may(*actions)
        stands = None if is_blind(answer) else standing(answer)
        if stands is not None and field in self.asset.unread:
            stands = both(stands, unread_standing(f"{field} of {self.asset.name}", self.asset.unread[field]))
        if stands is not None:
            yield Edge(
                source=self.principal,
                target=self.asset.id,
                kind=EdgeKind.CAN_ESCALATE_TO if row else EdgeKind.HAS_PERMISSION,
                state=stands.state,
                condition=stands.condition,
                actions=actions,
                capability=capability,
                rule=row,
                evidence=Pointer(_places(self.asset), self.asset.id).evidence(answer.because),
            )


def find(estate: Estate) -> Found:
    """Yield an edge for each principal, asset and capability, and for each row."""
    vaults = tuple(estate.of(KeyVault))
    for scope, assets in _by_subscription(estate).items():
        inputs = inputs_of(scope, estate.inventory)
        kinds = principals_of(inputs, tuple(one for one in vaults if one.scope == scope))
        for principal, kind in sorted(kinds.items()):
            if estate.get(principal) is None:
                name = f"{kind or 'principal'} {principal}"
                yield Node(id=principal, kind=PRINCIPAL, name=name, provider="azure", scope="")
            yield from _of_principal(assets, inputs, principal)


def _by_subscription(estate: Estate) -> dict[str, list[Asset]]:
    """Return the assets of each subscription; a directory is asked about elsewhere."""
    tenants = {one.scope for one in estate.of(EntraTenant)}
    return {
        scope: [one for one in estate.assets if one.scope == scope] for scope in estate.scopes if scope not in tenants
    }


def _of_principal(assets: list[Asset], inputs: Inputs, principal: str) -> Iterator[Edge]:
    for asset in assets:
        asker = Asker(principal, asset, inputs)
        for wanted in ASKED.get(type(asset), ()):
            yield from asker.edge((wanted.action,), (wanted.gives(asset), wanted.field))
        for row, bound in BOUND.get(type(asset), ()):
            if bound.fits(asset):
                names = tuple(name.removeprefix("data:") for name in row.permissions)
                yield from asker.edge(names, (bound.capability, bound.field), row.id)


def _places(asset: Asset) -> dict[str, tuple[str, str]]:
    return {"access policies": (asset.id, "access_policies"), asset.id: (asset.id, "")}


FAMILY = Family(Width.PROVIDER, find, "azure")
