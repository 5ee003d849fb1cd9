"""A reader of AWS that answers from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from poise.collect.facts import Found
from poise.model.errors import NotRead
from poise.model.listing import Listing
from poise.secrets.scan import scan_text, scan_variables

ACCOUNT = "111122223333"
REGION = "eu-west-1"


@dataclass(frozen=True)
class Answers:
    """Answers by ``service:Operation``: a value, a :class:`NotRead`, or a function of the call's arguments.

    A list of values is a list of pages.
    """

    by_call: Mapping[str, Any]
    account: str = ACCOUNT
    partition: str = "aws"
    region: str = REGION

    def get(self, service: str, operation: str, /, **params: Any) -> Any:
        answer = self.by_call[f"{service}:{operation}"]
        answer = answer(**params) if callable(answer) else answer
        if isinstance(answer, NotRead):
            raise answer
        return answer

    def pages(self, service: str, operation: str, items: str, /, **params: Any) -> Iterator[Any]:
        pages = self.get(service, operation, **params)
        for page in pages if isinstance(pages, list) else [pages]:
            if isinstance(page, NotRead):
                raise page
            value = page
            for key in items.split("."):
                value = value.get(key) or ()
            yield from value

    def in_region(self, region: str) -> Answers:
        return replace(self, region=region)

    def each(self, convert: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(convert, items)

    def hide(self, text: str) -> Any:
        return scan_text(text, b"key")

    def hide_variables(self, variables: Mapping[str, str]) -> Any:
        return scan_variables(variables, b"key")


def denied(call: str, code: str = "AccessDenied") -> NotRead:
    """Return the refusal of a call, or another failure."""
    return NotRead(call, code, f"{code} on {call}")


def read(service, answers, **where):
    """Run a service module; return its assets, the state of each listing, and the problems."""
    pieces = list(service.collect(Answers(answers, **where)))
    assets = [piece.asset for piece in pieces if isinstance(piece, Found)]
    listings = {piece.kind: piece.state.value for piece in pieces if isinstance(piece, Listing)}
    problems = [piece for piece in pieces if isinstance(piece, NotRead)]
    return assets, listings, problems


def every_call_alone_denied(service, answers, lists):
    """Yield each call that is not a listing, with the unread fields that its refusal leaves on the first asset."""
    for call in sorted({read.call for read in service.READS} - set(lists)):
        assets, _, problems = read(service, answers | {call: denied(call)})
        assert [problem.call for problem in problems] == [call] * len(problems)
        yield call, frozenset(assets[0].unread)


def fed_by(service, call, kind):
    """Return the fields that a call feeds, as READS says, without the kind's name."""
    fed = [feed for r in service.READS if r.call == call for feed in r.feeds]
    return frozenset(feed.partition(".")[2] for feed in fed if feed.startswith(f"{kind}."))
