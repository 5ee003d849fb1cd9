"""Answers of AWS from a file beside the tests: hand-written, true to the shapes that the API documents.

A call is `service:Operation`, with each text parameter behind a slash. Its value is a page, or a list of pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from poise.collect.connector import gather
from poise.model.errors import NotRead
from poise.model.listing import Collected, PartitionKey
from poise.secrets.scan import scan_text

FOLDER = Path(__file__).parent / "recorded"
ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY = b"k" * 32


class RecordedReader:
    """Reads one region from recorded answers; see :class:`AwsReader`."""

    account, partition, region = ACCOUNT, "aws", REGION

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.calls: list[str] = []

    @classmethod
    def load(cls, name: str) -> RecordedReader:
        return cls(deepcopy(json.loads((FOLDER / f"{name}.json").read_text())))

    def fails(self, call: str, code: str) -> RecordedReader:
        """Let a call fail from its first page on."""
        self.answers[call] = NotRead(call.split("/")[0], code, f"{code} on {call}")
        return self

    def breaks_off(self, call: str, after: int = 1) -> RecordedReader:
        """Let a list call fail after some pages."""
        pages = self._pages(self.answers[call])[:after]
        self.answers[call] = [*pages, NotRead(call.split("/")[0], "RequestLimitExceeded", "throttled out")]
        return self

    def get(self, service: str, operation: str, /, **params: Any) -> Any:
        pages = self._pages(self._answer(service, operation, params))
        if isinstance(pages[0], NotRead):
            raise pages[0]
        return pages[0]

    def pages(self, service: str, operation: str, items: str, /, **params: Any) -> Iterator[Any]:
        for page in self._pages(self._answer(service, operation, params)):
            if isinstance(page, NotRead):
                raise page
            yield from page[items]

    def in_region(self, region: str) -> RecordedReader:
        assert region == self.region
        return self

    def each(self, convert: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(convert, items)

    def hide(self, text: str) -> Any:
        return scan_text(text, KEY)

    def _answer(self, service: str, operation: str, params: dict[str, Any]) -> Any:
        call = f"{service}:{operation}"
        self.calls.append(call)
        texts = [value for value in params.values() if isinstance(value, str)]
        return self.answers["/".join((call, *texts))]

    @staticmethod
    def _pages(answer: Any) -> list[Any]:
        return answer if isinstance(answer, list) else [answer]


def collected(service: Any, reader: RecordedReader) -> Collected:
    """Return what a service module reads, as it is stored."""
    key = PartitionKey("test", "aws", ACCOUNT, service.__name__.rpartition(".")[2], REGION)
    return gather(key, service.collect(reader), service.READS, datetime(2026, 11, 25, tzinfo=UTC))


def by_id(result: Collected, end: str) -> Any:
    """Return the one asset whose id ends so."""
    (found,) = [asset for asset in result.assets if asset.id.endswith((f"/{end}", f":{end}"))]
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def states(result: Collected) -> dict[str, str]:
    """Return kind -> state of its listing."""
    return {listing.kind: listing.state.value for listing in result.listings}
