"""Whether a bucket policy refuses requests without TLS."""

from __future__ import annotations

from typing import Any

from poise.policy import globs
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.document import Statement, parse
from poise.policy.aws.principals import Who

SECURE = "aws:securetransport"


def denies_insecure_transport(policy_document: Any) -> bool:
    """Say whether a bucket policy refuses plain HTTP to everyone, on the bucket and on its objects.

    Source: S3 User Guide, "Security best practices", Deny with `aws:SecureTransport` false.
    """
    if policy_document is None:
        return False
    refusing = [s for s in parse(policy_document).statements if _refuses_http(s) and s.not_resources is None]
    resources = [r for s in refusing for r in s.resources or ("*",)]
    whole = any(r.rpartition(":")[2] == "*" for r in resources)
    on_bucket = any("/" not in r or r.endswith(":*") for r in resources)
    on_objects = any(r.partition("/")[2] == "*" for r in resources)
    return whole or (on_bucket and on_objects) or any(_is_bucket_and_objects(r) for r in resources)


def _is_bucket_and_objects(resource: str) -> bool:
    """`arn:aws:s3:::bucket*` matches the bucket and everything below it."""
    return resource.endswith("*") and "/" not in resource


def _refuses_http(statement: Statement) -> bool:
    if statement.is_allow or statement.problem or statement.principals is None:
        return False
    if not any(one.who is Who.ANYONE for one in statement.principals.members):
        return False
    if statement.actions is None or not any(globs.covers(action, "s3:*") for action in statement.actions):
        return False
    return len(statement.conditions) == 1 and _is_http(statement.conditions[0])


def _is_http(condition: Condition) -> bool:
    if condition.key != SECURE or condition.quantifier is Quantifier.ALL or condition.operator.is_negated:
        return False
    kinds = (Kind.BOOL, Kind.TEXT, Kind.TEXT_ANY_CASE, Kind.LIKE)
    return condition.operator.kind in kinds and any(value.lower() == "false" for value in condition.values)
