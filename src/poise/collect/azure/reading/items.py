"""What converting one item of an ARM list has in common, whatever the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from poise.collect.azure.reading.answers import UNLICENSED
from poise.collect.azure.reading.operation import Operation
from poise.collect.azure.reading.reader import AzureReader
from poise.collect.facts import Facts, Piece, attempted, listed, unwrapped
from poise.model.asset import Asset, Json
from poise.model.azure.ids import arm_id, optional_id
from poise.model.errors import NotRead

A = TypeVar("A", bound=Asset)
Path = str | Callable[[Json], Json]


def facts_of(kind: type[A], call: str, item: Json, **paths: Path) -> Facts[A]:
    """Return the facts that one item of a list holds, its tags among them.

    An item that came without ``properties`` says nothing: its fields are unread, not at their defaults.
    """
    facts = Facts(kind)
    facts.pick(call, item, tags=lambda i: i.get("tags") or {})
    if isinstance(item.get("properties"), Mapping):
        facts.pick(call, item, **paths)
    else:
        facts.lacks(NotRead(call, "malformed", f"{call}: an item came without properties"), *paths)
    return facts


def finish(facts: Facts[Any], reader: AzureReader, item: Json, name: str = "") -> list[Piece]:
    """Return the problems that were met, then the asset. Without a location it is global."""
    return list(
        facts.finish(
            id=arm_id(item["id"]),
            name=name or str(item["name"]),
            scope=reader.subscription,
            region=region_of(item.get("location")),
        )
    )


def region_of(location: Json) -> str:
    """Return a location in its short form: older answers say "East US 2" for `eastus2`."""
    return str(location).replace(" ", "").lower() if location else "global"


def listed_each(
    reader: AzureReader, kind: type[Asset], items: Iterable[Json], convert: Callable[[Json], Iterable[Piece]]
) -> Iterator[Piece]:
    """Yield as :func:`listed` does, with items converted several at a time because each needs calls of its own."""
    yield from listed(kind, reader.each(partial(attempted, convert), items), unwrapped)


def licensed(reader: AzureReader, operation: Operation) -> Iterator[Json]:
    """Yield the items of a list that needs a licence; without one the listing counts as switched off."""
    try:
        yield from reader.pages(operation)
    except NotRead as problem:
        if problem.code != UNLICENSED:
            raise
        raise NotRead(operation.call, "not_enabled", problem.reason) from problem


def id_at(*keys: str) -> Callable[[Json], str | None]:
    """Return a path to an id below ``properties``, in its one spelling; None where there is none."""

    def path(item: Json) -> str | None:
        value = item["properties"]
        for key in keys:
            value = (value or {}).get(key)
        return optional_id(value)

    return path


def ids_in(entries: Json) -> list[str]:
    """Return the ids of a list of references; None counts as an empty list."""
    return [arm_id(entry["id"]) for entry in entries or ()]


def approved_endpoints(connections: Json) -> list[str]:
    """Return the ids of the private end points whose connection was approved; None counts as none."""
    approved = (
        c["properties"]
        for c in connections or ()
        if c["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"
    )
    return [arm_id(p["privateEndpoint"]["id"]) for p in approved if p.get("privateEndpoint")]


def network_rules(acls: Json) -> Json:
    """Return the firewall of a public end point (`networkAcls`); None stays None."""
    if acls is None:
        return None
    return {
        "default_action": acls.get("defaultAction"),
        "bypass": None if acls.get("bypass") is None else [word.strip() for word in acls["bypass"].split(",")],
        "ip_rules": [rule["value"] for rule in acls.get("ipRules") or ()],
        "subnets": ids_in(acls.get("virtualNetworkRules")),
        "resource_instances": [arm_id(rule["resourceId"]) for rule in acls.get("resourceAccessRules") or ()],
    }
