"""A slow, literal evaluator of AWS policies, written from the user guide step by step.

It knows whole requests only (every condition key known or known to be missing), answers yes or no, and shares
no code with the engine.
"""

import ipaddress
import re
from dataclasses import dataclass, field


def glob(pattern, text, *, fold=False):
    if fold:
        pattern, text = pattern.lower(), text.lower()
    signs = {"*": ".*", "?": "."}
    return re.fullmatch("".join(signs.get(s, re.escape(s)) for s in pattern), text, re.S) is not None


def arn_glob(pattern, text):
    left, right = pattern.split(":", 5), text.split(":", 5)
    if len(left) < 6 or len(right) < 6:
        return glob(pattern, text)
    return all(glob(a, b) for a, b in zip(left, right, strict=True))


def listed(value):
    return value if isinstance(value, list) else [value]


def fill(text, context, version):
    """Return the text with its variable replaced, or None if the variable has no value."""
    found = re.search(r"\$\{([^}]*)\}", text)
    if version < "2012-10-17" or not found:
        return text
    values = context.get(found[1].lower())
    return text.replace(found[0], values[0]) if values and len(values) == 1 else None


def compare(name, have, want):
    if name in ("StringEquals", "Bool"):
        return have == want
    if name == "StringEqualsIgnoreCase":
        return have.lower() == want.lower()
    if name == "StringLike":
        return glob(want, have)
    if name == "ArnLike":
        return arn_glob(want, have)
    if name == "IpAddress":
        return ipaddress.ip_address(have) in ipaddress.ip_network(want)
    if name == "NumericLessThan":
        return float(have) < float(want)
    raise AssertionError(name)


POSITIVE = {
    "StringNotEquals": "StringEquals",
    "StringNotLike": "StringLike",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}


def condition(name, key, values, context, version):
    have = context.get(key.lower()) or []
    if name == "Null":
        return (values[0] == "true") == (not have)
    quantifier, _, bare = name.rpartition(":")
    if_exists = bare.endswith("IfExists")
    bare = bare.removesuffix("IfExists")
    negated = bare in POSITIVE
    if not have:
        if if_exists or quantifier == "ForAllValues":
            return True
        return negated and quantifier != "ForAnyValue"
    wanted = [text for value in values if (text := fill(value, context, version)) is not None]
    each = [any(compare(POSITIVE.get(bare, bare), one, want) for want in wanted) for one in have]
    if quantifier == "ForAllValues":
        return all(not match if negated else match for match in each)
    if quantifier == "ForAnyValue":
        return any(not match if negated else match for match in each)
    return (not any(each)) if negated else any(each)


def matches(statement, case, version):
    action = case.action
    if "Action" in statement:
        if not any(glob(p, action, fold=True) for p in listed(statement["Action"])):
            return False
    elif any(glob(p, action, fold=True) for p in listed(statement["NotAction"])):
        return False
    for name in ("Resource", "NotResource"):
        if name in statement:
            texts = [fill(p, case.context, version) for p in listed(statement[name])]
            hit = any(t is not None and glob(t, case.resource) for t in texts)
            if hit is not (name == "Resource"):
                return False
    return all(
        condition(name, key, listed(values), case.context, version)
        for name, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def principal_links(statement, case):
    """How a statement names the caller: `direct`, `role`, `account`."""
    if "NotPrincipal" in statement:
        return set() if names(statement["NotPrincipal"], case) else {"direct"}
    return names(statement["Principal"], case)


def names(principal, case):
    found = set()
    for kind, values in {"AWS": "*"}.items() if principal == "*" else principal.items():
        for value in listed(values):
            if value == "*":
                found.add("direct")
            elif kind == "AWS" and case.account and value in (case.account, f"arn:aws:iam::{case.account}:root"):
                found.add("account")
            elif kind == "AWS" and case.role and value == case.role:
                found.add("role")
            elif value == case.caller and value:
                found.add("direct")
    return found


@dataclass
class Case:
    caller: str
    account: str
    role: str
    action: str
    resource: str
    owner: str
    context: dict
    identity: list = field(default_factory=list)
    boundary: dict | None = None
    session: dict | None = None
    scps: list | None = None
    rcps: list | None = None
    resource_policy: dict | None = None


def statements(document):
    return [(s, document.get("Version", "")) for s in document["Statement"]]


def allowed_by(documents, case):
    return any(s["Effect"] == "Allow" and matches(s, case, v) for d in documents for s, v in statements(d))


def denied_by(documents, case):
    return any(s["Effect"] == "Deny" and matches(s, case, v) for d in documents for s, v in statements(d))


def decide(case):
    """Return whether the request is allowed."""
    levels = [level for group in (case.scps, case.rcps) for level in group or []]
    limits = [[one] for one in (case.boundary, case.session) if one is not None]
    for documents in [case.identity, *limits, *levels]:
        if denied_by(documents, case):
            return False
    links = set()
    for statement, version in statements(case.resource_policy) if case.resource_policy else []:
        if matches(statement, case, version):
            named = principal_links(statement, case)
            if statement["Effect"] == "Deny" and named:
                return False
            links |= named if statement["Effect"] == "Allow" else set()
    if not all(allowed_by(level, case) for level in levels):
        return False
    return after_guardrails(case, links, limits)


def after_guardrails(case, links, limits):
    if not case.account:
        return "direct" in links
    limited = all(allowed_by(one, case) for one in limits)
    identity = (allowed_by(case.identity, case) or case.caller.endswith(":root")) and limited
    if case.owner != case.account:
        return bool(links) and identity
    if "direct" in links or ("role" in links and limited):
        return True
    if case.action == "sts:assumerole" or (case.action.startswith("kms:") and ":kms:" in case.resource):
        return "account" in links and identity
    return identity
