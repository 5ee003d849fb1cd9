"""What reading any object of Microsoft Graph has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AskAll, AzureReader
from poise.collect.facts import Facts, Piece
from poise.model.asset import Asset, Json

A = TypeVar("A", bound=Asset)
MOST_PER_PAGE = ("$top", "999")


def graph(service: str, name: str, path: str, permission: str, *query: tuple[str, str]) -> Operation:
    """Return a call of Microsoft Graph; the path begins with the version of the API."""
    return Operation(service=service, name=name, path=path, version="", permission=permission, query=query)


def facts_at(kind: type[A], call: str, item: Json, **paths: str | Callable[[Json], Json]) -> Facts[A]:
    """Return the facts that one object holds; objects of the directory have no tags."""
    facts = Facts(kind)
    facts.set(tags={})
    facts.pick(call, item, **paths)
    return facts


def finish(facts: Facts[Any], reader: AzureReader, item: Json, name: str = "") -> list[Piece]:
    """Return the problems that were met, then the asset, whose id is that of the object."""
    id = str(item["id"]).lower()
    named = name or str(item.get("displayName") or id)
    return list(facts.finish(id=id, name=named, scope=reader.subscription, region="global"))


def ids_of(answer: Json) -> list[str]:
    """Return the object ids of a list of references."""
    return [one["id"].lower() for one in answer["value"]]


def ask_all(reader: AzureReader, operation: Operation, id: str) -> AskAll:
    """Return the call for every page of a list about one object: `{id}` in the path and the question is its id."""
    path = operation.path.replace("{id}", id)
    query = tuple((name, value.replace("{id}", id)) for name, value in operation.query)
    return AskAll(reader, msgspec.structs.replace(operation, path=path, query=query))
