"""What several service modules need to read lists: items converted several at a time, ids as ARNs, names from tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from poise.collect.aws.reading.reader import AwsReader
from poise.collect.facts import Piece, attempted, listed, unwrapped
from poise.model.asset import Asset, Json
from poise.model.errors import NotRead

T = TypeVar("T")
AHEAD = 200
"""Items that are read ahead of conversion: memory stays bounded, whatever the length of the list."""


@dataclass(frozen=True)
class Place:
    """Where assets of EC2 and VPC are, to make their ids."""

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, reader: AwsReader) -> Place:
        """Return the place that a reader reads."""
        return cls(reader.partition, reader.region, reader.account)

    def arn(self, kind: str, id: str, account: str = "") -> str:
        """Return the ARN of an EC2 or VPC asset, in the own account unless another is named."""
        return f"arn:{self.partition}:ec2:{self.region}:{account or self.account}:{kind}/{id}"

    def arn_or_none(self, kind: str, id: str | None) -> str | None:
        """Return the ARN, or None for no id (the API leaves the key out or gives an empty text)."""
        return self.arn(kind, id) if id else None

    def arns(self, kind: str, ids: Iterable[str]) -> list[str]:
        """Return the ARNs of several assets of one kind."""
        return [self.arn(kind, id) for id in ids]


def listed_each(
    reader: AwsReader, kind: type[Asset], items: Iterable[T], convert: Callable[[T], Iterable[Piece]]
) -> Iterator[Piece]:
    """Do as :func:`listed` does, with items converted several at a time.

    A list that breaks off keeps what came before; an item that cannot be understood loses itself alone.
    """
    outcomes = (
        outcome for chunk in chunked(items, AHEAD) for outcome in reader.each(partial(attempted, convert), chunk)
    )
    return listed(kind, outcomes, unwrapped)


def chunked(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most ``size`` items; a failing source fails after what it gave was yielded."""
    chunk: list[T] = []
    try:
        for item in items:
            chunk.append(item)
            if len(chunk) == size:
                yield chunk
                chunk = []
    except NotRead:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


def all_pages(reader: AwsReader) -> Callable[..., list[Json]]:
    """Return a function that reads every item of a list call at once, for :meth:`Facts.read`."""

    def read(service: str, operation: str, items: str, /, **params: Json) -> list[Json]:
        return list(reader.pages(service, operation, items, **params))

    return read


def name_of(tags: Json, id: str) -> str:
    """Return the tag `Name`, or the id where nobody gave a name."""
    pairs = tags if isinstance(tags, list) else ()
    names = [pair.get("Value") for pair in pairs if isinstance(pair, dict) and pair.get("Key") == "Name"]
    return str(names[0]) if names and names[0] else id
