"""Operators of conditions of role assignments, compared value by value.

Source: Microsoft Learn, "Azure role assignment condition format and syntax", sections "Operators" and "Cross
product comparison": the second half of a name (`AnyValues`, `AllValues`) is about the right side.
"""

from __future__ import annotations

import enum
import ipaddress
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from poise.policy.globs import matches

QUANTIFIER = re.compile(r"for(any|all)of(any|all)values:", re.IGNORECASE)
NAME = re.compile(
    r"(string|numeric|datetime|guid|bool|ip)(not)?"
    r"(equals|startswith|like|lessthanequals|lessthan|greaterthanequals|greaterthan|match)(ignorecase)?",
    re.IGNORECASE,
)
ALLOWED = {
    "string": frozenset({"equals", "startswith", "like"}),
    "numeric": frozenset({"equals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals"}),
    "datetime": frozenset({"equals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals"}),
    "guid": frozenset({"equals"}),
    "bool": frozenset({"equals"}),
    "ip": frozenset({"match"}),
}
ESCAPED = {r"\*": "\ue000", r"\?": "\ue001"}


class Cross(enum.StrEnum):
    """How two sets are compared."""

    NONE = ""
    ANY_ANY = "anyany"
    ALL_ANY = "allany"
    ANY_ALL = "anyall"
    ALL_ALL = "allall"


class Operator(msgspec.Struct, frozen=True):
    """A comparison."""

    name: str
    """As written."""
    kind: str
    relation: str
    is_negated: bool
    ignores_case: bool
    cross: Cross

    def holds(self, left: tuple[str, ...], right: tuple[str, ...]) -> bool | None:
        """Compare; None if values cannot be compared, or if many values meet an operator for one."""
        if self.cross is Cross.NONE and (len(left) != 1 or len(right) != 1):
            return None
        every_left, every_right = (self.cross in both for both in (ALL_LEFT, ALL_RIGHT))
        return _some_or_all((_some_or_all((self._one(a, b) for b in right), every_right) for a in left), every_left)

    def _one(self, left: str, right: str) -> bool | None:
        found = self._plain(left, right)
        return None if found is None else found is not self.is_negated

    def _plain(self, left: str, right: str) -> bool | None:
        if self.kind == "string":
            return self._strings(left, right)
        if self.kind == "bool":
            both = (left.lower(), right.lower())
            return both[0] == both[1] if set(both) <= {"true", "false"} else None
        if self.kind == "guid":
            return _guid(left) == _guid(right)
        if self.kind == "ip":
            return _address_in(left, right)
        numbers = [_moment(v) if self.kind == "datetime" else _number(v) for v in (left, right)]
        if None in numbers:
            return None
        return _ordered(numbers[0] or 0, numbers[1] or 0, self.relation)

    def _strings(self, left: str, right: str) -> bool:
        if self.ignores_case:
            left, right = left.lower(), right.lower()
        if self.relation == "equals":
            return left == right
        if self.relation == "startswith":
            return left.startswith(right)
        for sign, stand_in in ESCAPED.items():
            right = right.replace(sign, stand_in)
        if not any(stand_in in right for stand_in in ESCAPED.values()):
            return matches(right, left)
        return matches(right, left.replace("*", ESCAPED[r"\*"]).replace("?", ESCAPED[r"\?"]))


ALL_LEFT = frozenset({Cross.ALL_ANY, Cross.ALL_ALL})
ALL_RIGHT = frozenset({Cross.ANY_ALL, Cross.ALL_ALL})


def operator_of(written: str) -> Operator | None:
    """Read the name of an operator; None if there is none of that name."""
    cross = Cross.NONE
    bare = written
    if quantifier := QUANTIFIER.match(written):
        cross = Cross("".join(quantifier.groups()).lower())
        bare = written[quantifier.end() :]
    found = NAME.fullmatch(bare)
    if found is None:
        return None
    kind, negated, relation, any_case = ((part or "").lower() for part in found.groups())
    if relation not in ALLOWED[kind] or (any_case and kind != "string"):
        return None
    return Operator(written, kind, relation, bool(negated), bool(any_case), cross)


def _some_or_all(found: Iterable[bool | None], every: bool) -> bool | None:
    """Return whether all, or some, are true; None if one that cannot be said could turn it."""
    unsaid = False
    for one in found:
        if one is (not every):
            return one
        unsaid = unsaid or one is None
    return None if unsaid else every


def _guid(text: str) -> str:
    """Return a GUID as it is compared: of the id of a role its last part, without dashes."""
    return text.rstrip("/").rsplit("/", 1)[-1].replace("-", "").lower()


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?\d{1,40}(\.\d{1,40})?", text) else None


def _moment(text: str) -> float | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _address_in(address: str, network: str) -> bool | None:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return None


def _ordered(left: float, right: float, relation: str) -> bool:
    return {
        "equals": left == right,
        "lessthan": left < right,
        "lessthanequals": left <= right,
        "greaterthan": left > right,
        "greaterthanequals": left >= right,
    }[relation]
