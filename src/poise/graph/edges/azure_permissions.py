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
from poise.graph.judging import Pointer, is_blind, standing
from poise.model.asset import Asset
from poise.model.azure.keyvault import KeyVault
from poise.model.graph import Capability, Edge, EdgeKind, Node
from poise.policy.answer import Answer, Decision
from poise.policy.azure.entitlements import ask, inputs_of, principals_of
from poise.policy.azure.permissions import Inputs
from poise.policy.outcome import all_answers

Key = tuple[EdgeKind, Capability | None, str]


def find(estate: Estate) -> Found:
    """Yield an edge for each principal, asset and capability, and for each row."""
    vaults = tuple(estate.of(KeyVault))
    for scope in estate.scopes:
        inputs = inputs_of(scope, estate.inventory)
        kinds = principals_of(inputs, vaults)
        for principal, kind in sorted(kinds.items()):
            name = f"{kind or 'principal'} {principal}"
            yield Node(id=principal, kind=PRINCIPAL, name=name, provider="azure", scope="")
            yield from _of_principal(estate, inputs, principal)


def _of_principal(estate: Estate, inputs: Inputs, principal: str) -> Iterator[Edge]:
    for asset in estate.assets:
        known: dict[str, Answer] = {}
        for wanted in ASKED.get(type(asset), ()):
            capability = wanted.gives(asset)
            answer = _ask(known, principal, wanted.action, asset, inputs)
            yield from _edge(principal, asset, answer, (EdgeKind.HAS_PERMISSION, capability, ""), (wanted.action,))
        for row, bound in BOUND.get(type(asset), ()):
            if bound.fits(asset):
                names = [name.removeprefix("data:") for name in row.permissions]
                answer = all_answers(_ask(known, principal, name, asset, inputs) for name in names)
                key = (EdgeKind.CAN_ESCALATE_TO, bound.capability, row.id)
                yield from _edge(principal, asset, answer, key, tuple(names))


def _ask(known: dict[str, Answer], principal: str, action: str, asset: Asset, inputs: Inputs) -> Answer:
    if action not in known:
        known[action] = ask(principal, action, asset, inputs)
    return known[action]


def _edge(principal: str, asset: Asset, answer: Answer, key: Key, actions: tuple[str, ...]) -> Iterator[Edge]:
    if answer.decision is Decision.DENY or is_blind(answer):
        return
    stands = standing(answer)
    if stands is not None:
        kind, capability, row = key
        yield Edge(
            source=principal,
            target=asset.id,
            kind=kind,
            state=stands.state,
            condition=stands.condition,
            actions=actions,
            capability=capability,
            rule=row,
            evidence=Pointer(_places(asset), asset.id).evidence(answer.because),
        )


def _places(asset: Asset) -> dict[str, tuple[str, str]]:
    return {"access policies": (asset.id, "access_policies"), asset.id: (asset.id, "")}


FAMILY = Family(Width.SCOPE, find, "azure")
