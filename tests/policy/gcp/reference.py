"""A slow, literal evaluator of policies of Google Cloud: plain loops over the documents, everything known."""

import re
from dataclasses import dataclass


class Error(Exception):
    """A condition fails."""


@dataclass
class Case:
    principal: str
    permission: str
    nodes: list
    """Each with bindings and denials, the asset first."""
    roles: dict
    groups: dict
    attributes: dict


def decide(case):
    denied = any(denies(case, rule) for node in case.nodes for rule in node["denies"])
    return not denied and any(allows(case, one) for node in case.nodes for one in node["bindings"])


def allows(case, one):
    if case.permission not in case.roles[one["role"]] or not any(names(case, member) for member in one["members"]):
        return False
    try:
        return one["tree"] is None or value(case, one["tree"]) is True
    except Error:
        return False


def denies(case, rule):
    if not any(names(case, member) for member in rule["denied"]):
        return False
    if any(names(case, member) for member in rule["excepted"]):
        return False
    service, rest = case.permission.split(".", 1)
    form = f"{service}.googleapis.com/{rest}"
    if any(like(pattern, form) for pattern in rule["without"]) or not any(like(p, form) for p in rule["permissions"]):
        return False
    return rule["tree"] is None or value(case, rule["tree"]) is True


def like(pattern, text):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None


def names(case, member):
    member = member.lower()
    for long, short in (("principal://goog/subject/", "user:"), ("principalset://goog/group/", "group:")):
        member = member.replace(long, short)
    if member in ("allusers", "principalset://goog/public:all"):
        return True
    if member == "allauthenticatedusers":
        return case.principal.startswith(("user:", "serviceaccount:"))
    if member.startswith("domain:"):
        return case.principal.startswith("user:") and case.principal.endswith("@" + member[7:])
    found = {case.principal}
    while True:
        more = found | {group for one in found for group in case.groups.get(one, ())}
        if more == found:
            return member in found
        found = more


def value(case, tree):
    kind, *rest = tree
    if kind == "error":
        raise Error
    if kind == "const":
        return rest[0]
    if kind == "not":
        return not value(case, rest[0])
    if kind == "starts":
        return case.attributes[rest[0]].startswith(rest[1])
    if kind == "equals":
        return case.attributes[rest[0]] == rest[1]
    if kind == "in":
        return case.attributes[rest[0]] in rest[1]
    if kind == "if":
        return value(case, rest[1] if value(case, rest[0]) else rest[2])
    stop = kind == "or"
    failed = None
    for part in rest:
        try:
            if value(case, part) is stop:
                return stop
        except Error as error:
            failed = error
    if failed:
        raise failed
    return not stop


def written_out(tree):
    kind, *rest = tree
    if kind == "error":
        return "1 / 0 == 1"
    if kind == "const":
        return str(rest[0]).lower()
    if kind == "not":
        return f"!({written_out(rest[0])})"
    if kind == "starts":
        return f"{rest[0]}.startsWith('{rest[1]}')"
    if kind == "equals":
        return f"{rest[0]} == '{rest[1]}'"
    if kind == "in":
        return f"{rest[0]} in {list(rest[1])}"
    if kind == "if":
        return f"({written_out(rest[0])} ? {written_out(rest[1])} : {written_out(rest[2])})"
    return "(" + {"and": " && ", "or": " || "}[kind].join(map(written_out, rest)) + ")"
