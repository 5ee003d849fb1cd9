"""Reads conditional access policies: what the directory asks of a sign-in before it gives a token."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.azure.entra.asking import facts_at, finish, graph
from poise.collect.azure.reading.items import licensed
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.azure.entra_access import ConditionalAccessPolicy

POLICIES = graph(
    "conditional_access",
    "conditionalAccessPolicies_List",
    "/v1.0/identity/conditionalAccess/policies",
    "Policy.Read.All",
)
READS = (POLICIES.feeds("ConditionalAccessPolicy"),)


def collect(reader: AzureReader) -> Iterator[Piece]:
    """Yield the policies, then the state of their listing."""
    yield from listed(ConditionalAccessPolicy, licensed(reader, POLICIES), partial(_policy, reader))


def _policy(reader: AzureReader, item: Json) -> list[Piece]:
    facts: Facts[ConditionalAccessPolicy] = facts_at(
        ConditionalAccessPolicy, POLICIES.call, item, state="state", document=_document
    )
    return finish(facts, reader, item)


def _document(item: Json) -> Json:
    return {
        "conditions": item["conditions"],
        "grantControls": item.get("grantControls"),
        "sessionControls": item.get("sessionControls"),
    }
