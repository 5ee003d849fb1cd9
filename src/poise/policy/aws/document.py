"""AWS policy documents as statements: every legal spelling in, one form out.

Source: IAM User Guide, "Grammar of the IAM JSON policy language". A piece that the grammar does not allow
never raises and is never dropped: its statement is kept with a ``problem``, and whoever judges must say
`unknown` where that statement could decide.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from poise.policy import globs
from poise.policy.aws.conditions import Condition, parse_conditions
from poise.policy.aws.index import ActionIndex
from poise.policy.aws.principals import NOBODY, Principals, parse_principals

CACHED_BYTES = 65536
"""Documents above this size are not kept: AWS's own limits are below 32 KiB."""
VARIABLES_SINCE = "2012-10-17"
LONGEST = {"Action": 256, "NotAction": 256, "Resource": 4096, "NotResource": 4096}
"""Longest text of a kind; ARNs end at 2,048 characters, actions far below 256."""
LONGEST_NAME = 128
"""Longer names of statements are cut: they are for people."""
NAMES = {
    name.lower(): name
    for name in (
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    )
}


class Effect(enum.StrEnum):
    """What a statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. Of each pair (`actions`, `not_actions`) at most one is set."""

    index: int
    """Position in the document, from 0."""
    sid: str
    """Its name; empty if it has none."""
    effect: Effect | None
    """None if it cannot be understood."""
    principals: Principals | None
    """Whom it names; None if it has no `Principal`."""
    not_principals: Principals | None
    """Whom it leaves out; None if it has no `NotPrincipal`."""
    actions: tuple[str, ...] | None
    """Patterns in lower case; None if it has no `Action`."""
    not_actions: tuple[str, ...] | None
    """Patterns in lower case; None if it has no `NotAction`."""
    resources: tuple[str, ...] | None
    """Patterns as written; None if it has no `Resource`."""
    not_resources: tuple[str, ...] | None
    """Patterns as written; None if it has no `NotResource`."""
    conditions: tuple[Condition, ...]
    """All must hold."""
    variables: bool
    """Whether `${...}` is a variable here, by the version of the document."""
    problem: str
    """What the grammar does not allow, with its place; empty if it is well-formed."""
    spelling: Mapping[str, str] = {}
    """Action patterns as written, by their lower case."""

    @property
    def place(self) -> str:
        """Its name for a person, who counts from 1: `statement 2 (AllowRead)`."""
        number = self.index + 1
        return f"statement {number} ({self.sid})" if self.sid else f"statement {number}"

    @property
    def is_allow(self) -> bool:
        """Whether it allows, or may: a statement with an unreadable effect counts."""
        return self.effect is not Effect.DENY

    @property
    def is_deny(self) -> bool:
        """Whether it denies, or may: a statement with an unreadable effect counts."""
        return self.effect is not Effect.ALLOW

    @property
    def action_texts(self) -> tuple[str, ...]:
        """Action patterns as written; those of `NotAction` with a leading `!`."""
        if self.actions is not None:
            return self.as_written(self.actions)
        return tuple(f"!{action}" for action in self.as_written(self.not_actions or ()))

    def as_written(self, actions: Iterable[str]) -> tuple[str, ...]:
        """Return action patterns of the statement in the letters of its author."""
        return tuple(self.spelling.get(action, action) for action in actions)

    def read_as(self, effect: Effect) -> Statement:
        """Return the statement with this effect if its own cannot be understood."""
        return msgspec.structs.replace(self, effect=effect) if self.effect is None else self


class Policy(msgspec.Struct, frozen=True, eq=False):
    """A parsed document. Compared by identity: equal small documents are one object."""

    statements: tuple[Statement, ...]
    version: str
    problems: tuple[str, ...]
    """What the grammar does not allow, each with its place; those of the statements included."""
    is_readable: bool = True
    """False if the document as a whole is no policy, so that its statements are not all there."""
    finder: list[ActionIndex] = []
    """The index of its actions, once it was asked for."""

    @property
    def service(self) -> str:
        """The one service that its actions name; empty if they name several or none."""
        actions = (a for s in self.statements for a in s.actions or s.not_actions or () if a != globs.MANY)
        services = {action.partition(":")[0] for action in actions}
        found = services.pop() if len(services) == 1 else ""
        return "" if globs.is_wild(found) else found

    def about(self, action: str) -> tuple[Statement, ...]:
        """Return the statements that can be about an action or a pattern, given in lower case."""
        if not self.finder:
            self.finder.append(ActionIndex([s.actions for s in self.statements]))
        return tuple(self.statements[at] for at in self.finder[0].about(action))


def parse(document: Any) -> Policy:
    """Parse a policy document, given as a decoded JSON object. Never raises; see :class:`Policy`."""
    try:
        content = msgspec.json.encode(document)
    except (TypeError, ValueError, RecursionError, OverflowError):
        return _parse(document)
    return _parse_small(content) if len(content) <= CACHED_BYTES else _parse(document)


@lru_cache(maxsize=2048)
def _parse_small(content: bytes) -> Policy:
    return _parse(msgspec.json.decode(content))


def _parse(document: Any) -> Policy:
    if not isinstance(document, Mapping):
        return Policy((), "", (f"the document is {_kind(document)}, not a JSON object",), False)
    fields = {str(name).lower(): value for name, value in document.items()}
    version = fields.get("version", "2008-10-17")
    version = version if isinstance(version, str) else ""
    written = fields.get("statement")
    if isinstance(written, Mapping):
        written = [written]
    if not isinstance(written, (list, tuple)):
        return Policy((), version, (f"Statement is {_kind(written)}, not a list of statements",), False)
    statements = tuple(_statement(index, one, version) for index, one in enumerate(written))
    return Policy(statements, version, tuple(f"{s.place}: {s.problem}" for s in statements if s.problem))


def _statement(index: int, written: Any, version: str) -> Statement:
    if not isinstance(written, Mapping):
        return _broken(index, f"is {_kind(written)}, not a JSON object")
    fields = {NAMES.get(str(name).lower(), str(name)): value for name, value in written.items()}
    problems: list[str] = []
    texts = {name: _texts(fields, name, problems) for name in ("Action", "NotAction", "Resource", "NotResource")}
    if problems and any("ction holds" in problem for problem in problems):
        texts |= {"Action": None, "NotAction": None}
    conditions, wrong = parse_conditions(fields.get("Condition"))
    problems += wrong
    _check_pairs(fields, problems)
    return Statement(
        index=index,
        sid=fields["Sid"][:LONGEST_NAME] if isinstance(fields.get("Sid"), str) else "",
        effect=_effect(fields.get("Effect"), problems),
        principals=_whom(fields, "Principal", problems),
        not_principals=_whom(fields, "NotPrincipal", problems),
        actions=_plain(_lower(texts["Action"])),
        not_actions=_plain(_lower(texts["NotAction"])),
        resources=_plain(texts["Resource"]),
        not_resources=_plain(texts["NotResource"]),
        conditions=conditions,
        variables=version >= VARIABLES_SINCE,
        problem="; ".join(problems),
        spelling={text.lower(): text for text in (*(texts["Action"] or ()), *(texts["NotAction"] or ()))},
    )


def _broken(index: int, problem: str) -> Statement:
    return Statement(
        index=index,
        sid="",
        effect=None,
        principals=NOBODY,
        not_principals=None,
        actions=None,
        not_actions=None,
        resources=None,
        not_resources=None,
        conditions=(),
        variables=False,
        problem=problem,
    )


def _effect(written: Any, problems: list[str]) -> Effect | None:
    if written in ("Allow", "Deny"):
        return Effect(written)
    problems.append(f"Effect is {_shown(written)}, expected Allow or Deny")
    return None


def _texts(fields: Mapping[str, Any], name: str, problems: list[str]) -> tuple[str, ...] | None:
    if name not in fields:
        return None
    written = fields[name]
    items = written if isinstance(written, (list, tuple)) else [written]
    bad = [item for item in items if not isinstance(item, str) or len(item) > LONGEST[name]]
    if bad:
        problems.append(f"{name} holds {_shown(bad[0])}, which is no {name.removeprefix('Not').lower()}")
    return tuple(dict.fromkeys(item for item in items if isinstance(item, str) and len(item) <= LONGEST[name]))


def _lower(texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if texts is None else tuple(dict.fromkeys(text.lower() for text in texts))


def _plain(patterns: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Write every pattern that matches all there can be (`*:*`, `arn:*:*`, `**`) as one star."""
    if patterns is None:
        return None
    stars = (globs.MANY if _is_all(pattern) else pattern for pattern in patterns)
    return tuple(dict.fromkeys(stars))


def _is_all(pattern: str) -> bool:
    return globs.MANY in pattern and not pattern.removeprefix("arn:").strip("*:")


def _whom(fields: Mapping[str, Any], name: str, problems: list[str]) -> Principals | None:
    if name not in fields:
        return None
    principals = parse_principals(fields[name])
    problems += [f"{name} {problem}" for problem in principals.problems]
    return principals


def _check_pairs(fields: Mapping[str, Any], problems: list[str]) -> None:
    if "Action" not in fields and "NotAction" not in fields:
        problems.append("has neither Action nor NotAction")
    for name in ("Action", "Resource", "Principal"):
        if name in fields and f"Not{name}" in fields:
            problems.append(f"has both {name} and Not{name}")


def _kind(value: Any) -> str:
    return "missing" if value is None else f"a {type(value).__name__}"


def _shown(value: Any) -> str:
    return repr(value)[:40] if isinstance(value, (str, float, bool)) else _kind(value)
