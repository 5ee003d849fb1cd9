"""What a service module may ask of AWS, whatever the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from poise.model.asset import Json
from poise.model.secret import ScannedText

T = TypeVar("T")
U = TypeVar("U")


class AwsReader(Protocol):
    """Reads one region of one account. Every method raises ``NotRead`` with the call, code and reason."""

    @property
    def account(self) -> str:
        """Account id, 12 digits."""
        ...

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov` ..."""
        ...

    @property
    def region(self) -> str:
        """The region that calls go to; for a global service the partition's home region."""
        ...

    def get(self, service: str, operation: str, /, **params: Json) -> Json:
        """Return the answer of one call; ``service`` as boto3 names it, ``operation`` as the API does."""
        ...

    def pages(self, service: str, operation: str, items: str, /, **params: Json) -> Iterator[Json]:
        """Yield the items of every page; ``items`` is the dotted key of the list in a page."""
        ...

    def in_region(self, region: str) -> AwsReader:
        """Return a reader of another region of the same account."""
        ...

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item, several at a time where the door gains by it, in order."""
        ...

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        ...

    def hide_variables(self, variables: Mapping[str, str]) -> ScannedText:
        """Scan environment variables for secrets and return what may be kept of them."""
        ...


def tags_of(pairs: Json) -> dict[str, str]:
    """Return AWS's list of ``{"Key", "Value"}`` as a mapping; None counts as no tags."""
    return {pair["Key"]: pair["Value"] for pair in pairs or ()}


def as_text(moment: Json) -> str:
    """Return a time as ISO 8601 text, whether boto3 gave a datetime or the CLI a text."""
    return moment.isoformat() if isinstance(moment, datetime) else str(moment)
