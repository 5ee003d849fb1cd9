"""What a service module may ask of Azure, whatever the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from poise.collect.azure.reading.operation import Operation
from poise.model.asset import Json
from poise.model.secret import ScannedText

T = TypeVar("T")
U = TypeVar("U")


class AzureReader(Protocol):
    """Reads one subscription. Every method raises ``NotRead`` with the call, code and reason.

    ``parent`` is the ARM id below which a call goes; where it is left out, the subscription.
    """

    @property
    def subscription(self) -> str:
        """Id of the subscription, in lower case."""
        ...

    def get(self, operation: Operation, parent: str = "") -> Json:
        """Return the answer of one call, an object."""
        ...

    def pages(self, operation: Operation, parent: str = "") -> Iterator[Json]:
        """Yield the items of every page."""
        ...

    def query(self, operation: Operation, text: str) -> Iterator[Json]:
        """Yield the rows of a Resource Graph query over the subscription, each an object."""
        ...

    def each(self, convert: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
        """Apply ``convert`` to every item, several at a time where the door gains by it, in order.

        If ``items`` ends with an error, what came before it is yielded first.
        """
        ...

    def hide(self, text: str) -> ScannedText:
        """Scan a text for secrets and return what may be kept of it."""
        ...


@dataclass(frozen=True)
class Ask:
    """A call that is ready to be made, as :meth:`Facts.read` takes it."""

    reader: AzureReader
    operation: Operation
    parent: str = ""

    @property
    def args(self) -> tuple[str, str]:
        """Service and operation, by which gaps and raw answers are named."""
        return self.operation.service, self.operation.name

    def __call__(self) -> Json:
        """Make the call."""
        return self.reader.get(self.operation, self.parent)


@dataclass(frozen=True)
class AskAll(Ask):
    """A call for every page of a list, whose items come as ``{"value": [...]}``."""

    def __call__(self) -> Json:
        """Make the calls."""
        return {"value": list(self.reader.pages(self.operation, self.parent))}
