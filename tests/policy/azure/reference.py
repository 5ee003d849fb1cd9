"""A slow, literal evaluator of role assignments: plain loops over the documents, everything known."""

import re
from dataclasses import dataclass, field


@dataclass
class Case:
    principal: str
    action: str
    scope: str
    is_data: bool
    roles: dict
    assignments: list
    denies: list
    groups: dict
    parents: dict
    attributes: dict
    activated: bool = True
    conditions: dict = field(default_factory=dict)
    """Text of a condition -> its tree."""


def decide(case):
    if any(denies(case, one) for one in case.denies):
        return False
    return any(allows(case, one) for one in case.assignments)


def allows(case, one):
    if one["eligible"] and not case.activated:
        return False
    if one["principal"] not in everybody_that_is(case.principal, case.groups):
        return False
    if not lies_below(case.scope, one["scope"], case.parents):
        return False
    return covers(case, case.roles[one["role"]]) and condition_holds(case, one["condition"])


def denies(case, one):
    me = everybody_that_is(case.principal, case.groups)
    if "*" not in one["principals"] and not me & set(one["principals"]):
        return False
    if me & set(one["excluded"]):
        return False
    if one["stops"]:
        if case.scope.lower() != one["scope"].lower():
            return False
    elif not lies_below(case.scope, one["scope"], case.parents):
        return False
    return covers(case, one["entries"]) and condition_holds(case, one["condition"])


def covers(case, entries):
    for entry in entries:
        names = ("dataActions", "notDataActions") if case.is_data else ("actions", "notActions")
        allowed, excepted = (any(like(pattern, case.action) for pattern in entry[name]) for name in names)
        if allowed and not excepted and condition_holds(case, entry["condition"]):
            return True
    return False


def like(pattern, text):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.IGNORECASE | re.DOTALL) is not None


def everybody_that_is(principal, groups):
    found = {principal}
    while True:
        more = found | {group for one in found for group in groups.get(one, ())}
        if more == found:
            return found
        found = more


def lies_below(scope, above, parents):
    scope, above = scope.lower(), above.lower()
    if above == "/":
        return True
    parts, wanted = scope.split("/"), above.split("/")
    if parts[: len(wanted)] == wanted:
        return True
    at = "/".join(parts[:3]) if scope.startswith("/subscriptions/") else scope
    for _ in range(10):
        if at == above:
            return True
        at = parents.get(at)
        if at is None:
            return False
    return False


def condition_holds(case, written):
    return written is None or truth(case, case.conditions[written])


def truth(case, tree):
    kind, *rest = tree
    if kind == "and":
        return all(truth(case, part) for part in rest)
    if kind == "or":
        return any(truth(case, part) for part in rest)
    if kind == "not":
        return not truth(case, rest[0])
    if kind == "action":
        return like(rest[0], case.action)
    name, operator, values = rest
    value = case.attributes[name]
    if operator == "StringEquals":
        return value == values[0]
    if operator == "StringNotEqualsIgnoreCase":
        return value.lower() != values[0].lower()
    if operator == "StringLike":
        return re.fullmatch(".*".join(map(re.escape, values[0].split("*"))), value) is not None
    return any(value == one for one in values)  # ForAnyOfAnyValues:StringEquals


def written_out(tree):
    kind, *rest = tree
    if kind in ("and", "or"):
        return "(" + f" {kind.upper()} ".join(map(written_out, rest)) + ")"
    if kind == "not":
        return f"!({written_out(rest[0])})"
    if kind == "action":
        return f"ActionMatches{{'{rest[0]}'}}"
    name, operator, values = rest
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{name} {operator} {{{listed}}}"
