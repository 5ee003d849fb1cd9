"""Documents with their names, as evidence points at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from poise.policy.answer import Reason
from poise.policy.aws.document import Policy, Statement, parse

Documents = Iterable[Any] | Mapping[str, Any]
"""Policy documents, or name -> document."""


class Source(msgspec.Struct, frozen=True):
    """A parsed document with its name."""

    name: str
    policy: Policy

    @classmethod
    def of(cls, name: str, document: Any) -> Source:
        """Parse a document under a name."""
        return cls(name, parse(document))


def sources_of(documents: Documents) -> tuple[Source, ...]:
    """Parse documents, keeping their names."""
    named = documents.items() if isinstance(documents, Mapping) else (("", d) for d in documents)
    return tuple(Source.of(name, document) for name, document in named if document is not None)


def reason_of(source: Source, statement: Statement, what: str) -> Reason:
    """Return a reason that points at a statement of a named document."""
    return Reason(f"{statement.place} {what}", statement.index, statement.sid, source.name)
