"""Whom a statement names, each spelling as one form.

Source: IAM User Guide, "AWS JSON policy elements: Principal". `"*"`, `{"AWS": "*"}` and `{"AWS": ["*"]}` are
the same; an account is `123456789012` or its root ARN; a saved unique id (`AIDA...`, `AROA...`) stands for a
deleted principal and never matches a new one of the same name.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

_ACCOUNT = re.compile(r"[0-9]{12}\Z")
_ARN = re.compile(r"arn:(?P<partition>[a-z0-9-]+):(?P<service>iam|sts)::(?P<account>[^:]*):(?P<path>.+)\Z", re.S)
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,124}\Z")
_TYPES = {"aws": "AWS", "service": "Service", "federated": "Federated", "canonicaluser": "CanonicalUser"}


class Who(enum.StrEnum):
    """The kinds of principals."""

    ANYONE = "anyone"
    ACCOUNT = "account"
    """A whole account: its own policies decide for whom."""
    PRINCIPAL = "principal"
    """One user, role or session."""
    SERVICE = "service"
    FEDERATED = "federated"
    CANONICAL = "canonical"
    DELETED = "deleted"
    MALFORMED = "malformed"


class Principal(msgspec.Struct, frozen=True):
    """One principal of a statement."""

    who: Who
    text: str
    """As written, but an account is its bare id."""
    account: str = ""
    """Account of an account or principal."""


class Principals(msgspec.Struct, frozen=True):
    """The principals of one `Principal` or `NotPrincipal` element."""

    members: tuple[Principal, ...]
    problems: tuple[str, ...] = ()

    @property
    def includes_anyone(self) -> bool:
        """Whether `*` is among them."""
        return any(one.who is Who.ANYONE for one in self.members)


NOBODY = Principals(())


def parse_principals(written: Any) -> Principals:
    """Parse a `Principal` or `NotPrincipal` element; never raises."""
    members: dict[Principal, None] = {}
    problems: list[str] = []
    for kind, value in _spelled(written):
        text = _number(value) if kind == "aws" else value
        if kind not in _TYPES or not isinstance(text, str) or not text:
            problems.append(f"holds {_shown(kind, text)}, which is no principal")
            continue
        one = _principal(kind, text.strip())
        members[one] = None
        if one.who is Who.MALFORMED:
            problems.append(f"holds {text[:80]!r}, which is no {_TYPES[kind]} principal")
    return Principals(tuple(members), tuple(problems))


def account_of(arn: str) -> str:
    """Return the account field of any ARN, or an empty text."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[0] == "arn" else ""


def _number(value: Any) -> Any:
    """Account ids lose their quotes, and leading zeros, in YAML."""
    whole = isinstance(value, int) and 10**9 <= value < 10**12
    return f"{value:012d}" if whole else value


def _spelled(written: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(written, Mapping):
        for kind, values in written.items():
            for value in values if isinstance(values, (list, tuple)) else (values,):
                yield str(kind).lower(), value
    elif isinstance(written, (list, tuple)):
        for value in written:
            yield "aws", value
    else:
        yield "aws", written


def _principal(kind: str, text: str) -> Principal:
    if text == "*":
        return Principal(Who.ANYONE, "*")
    if kind == "aws":
        return _aws(text)
    if kind == "service":
        return Principal(Who.SERVICE if "*" not in text else Who.MALFORMED, text.lower())
    if kind == "federated":
        return Principal(Who.FEDERATED if "*" not in text else Who.MALFORMED, text)
    return Principal(Who.CANONICAL, text)


def _aws(text: str) -> Principal:
    if _ACCOUNT.match(text):
        return Principal(Who.ACCOUNT, text, text)
    if _UNIQUE_ID.match(text):
        return Principal(Who.DELETED, text)
    arn = _ARN.match(text)
    if arn is None or (arn["account"] and not _ACCOUNT.match(arn["account"])):
        return _other_arn(text)
    if arn["path"] == "root":
        return Principal(Who.ACCOUNT, arn["account"], arn["account"])
    if "*" in arn["path"]:
        return Principal(Who.MALFORMED, text, arn["account"])
    return Principal(Who.PRINCIPAL, text, arn["account"])


def _other_arn(text: str) -> Principal:
    """An ARN of CloudFront (`arn:aws:iam::cloudfront:user/...`) names an origin access identity."""
    if text.startswith("arn:") and ":iam::cloudfront:user/" in text and "*" not in text:
        return Principal(Who.CANONICAL, text)
    return Principal(Who.MALFORMED, text)


def _shown(kind: str, text: Any) -> str:
    value = repr(text)[:80] if isinstance(text, (str, float, bool)) else f"a {type(text).__name__}"
    return f"{kind}: {value}" if kind != "aws" else value
