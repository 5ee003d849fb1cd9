"""Condition keys by who can choose their value.

Source: IAM User Guide, "AWS global condition context keys", and the key lists of the Service Authorization
Reference. A key that is not named here is one the caller chooses (a prefix, a header, a tag of its own).
"""

from __future__ import annotations

import enum
import re

from poise.policy import globs


class Owner(enum.StrEnum):
    """What fixes the value of a key."""

    CALLER = "caller"
    """The caller picks it: it narrows nothing."""
    ACCOUNT = "account"
    """An account id."""
    ORGANIZATION = "organization"
    ORGANIZATION_PATH = "organization_path"
    ARN = "arn"
    """An ARN, whose account (or, for S3, bucket) is the owner."""
    NETWORK_ID = "network_id"
    """A VPC or endpoint id."""
    USER_ID = "user_id"
    ADDRESS = "address"
    SERVICE_CALL = "service_call"
    """Set when an AWS service itself calls; a stranger's own call never carries it."""
    RESOURCE = "resource"
    """A property of the own asset."""


_BY_OWNER: dict[Owner, tuple[str, ...]] = {
    Owner.ACCOUNT: (
        *("aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "kms:calleraccount"),
        *("s3:dataaccesspointaccount", "aws:vpceaccount", "sns:owneraccount"),
    ),
    Owner.ORGANIZATION: ("aws:principalorgid", "aws:sourceorgid", "aws:vpceorgid"),
    Owner.ORGANIZATION_PATH: ("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"),
    Owner.ARN: (
        *("aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn", "ec2:sourceinstancearn"),
        *("aws:sourcevpcarn", "lambda:sourcefunctionarn", "aws:ec2instancesourcearn"),
    ),
    Owner.NETWORK_ID: ("aws:sourcevpc", "aws:sourcevpce"),
    Owner.USER_ID: ("aws:userid",),
    Owner.ADDRESS: ("aws:sourceip",),
    Owner.SERVICE_CALL: (*("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"),),
    Owner.RESOURCE: ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"),
}
OWNER = {key: owner for owner, keys in _BY_OWNER.items() for key in keys}
ALWAYS_PRESENT = frozenset(
    {
        *("aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:principalisawsservice"),
        *("aws:viaawsservice", "aws:requestedregion", "kms:calleraccount", "aws:resourceaccount"),
        "elasticfilesystem:accessedviamounttarget",
    }
)
FALSE_OUTSIDE = frozenset({"aws:principalisawsservice", "elasticfilesystem:accessedviamounttarget"})
"""Keys that say `false` of a stranger: it is no service of AWS, and has no mount target of ours in its network."""
OF_EVERY_PRINCIPAL = frozenset(
    {"aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:userid", "kms:calleraccount"}
)
"""Keys that every signed request carries."""
_OF_PRINCIPALS = ("aws:principal", "aws:multifactorauth", "aws:tokenissuetime", "aws:username", "aws:userid")
SOURCE_KEYS = frozenset(
    {
        *("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths"),
    }
)
"""Keys by which a service says for whom it acts."""
OWN_ACCOUNT = "${aws:resourceaccount}"
OWN_RESOURCE = frozenset({OWN_ACCOUNT, "${aws:resourceorgid}", "${aws:resourceorgpaths}"})
"""Variables that stand for the account and organization of the asset itself."""


def is_about_principal(key: str) -> bool:
    """Say whether a key, given in lower case, is missing from a request that nobody signed."""
    return (key.startswith(_OF_PRINCIPALS) and key != "aws:principalisawsservice") or key == "kms:calleraccount"


def owner_of(key: str) -> Owner:
    """Return what fixes the value of a key, given in lower case."""
    return OWNER.get(key, Owner.CALLER)


def names_one_owner(owner: Owner, value: str) -> bool:
    """Say whether a value pattern pins down who owns the thing, so that a stranger cannot have it.

    ``arn:aws:sns:*:111122223333:*`` does, ``arn:aws:sns:*:*:*`` does not, nor does
    ``arn:aws:s3:::logs-*``: anyone may name a bucket so.
    """
    if "${" in value:
        return value.lower() in OWN_RESOURCE or value.lower().split("/", 1)[0] in OWN_RESOURCE
    if not globs.is_wild(value):
        return True
    if owner is Owner.ARN:
        return _arn_names_owner(value)
    if owner is Owner.ORGANIZATION_PATH:
        return "/" in value and not globs.is_wild(value.split("/", 1)[0])
    if owner is Owner.USER_ID:
        return ":" in value and not globs.is_wild(value.split(":", 1)[0])
    return False


def account_in(owner: Owner, value: str) -> str:
    """Return the one account that a value pattern pins down, or an empty text."""
    if owner is Owner.ACCOUNT:
        return value if re.fullmatch(r"[0-9]{12}", value) else ""
    parts = value.split(":", 5)
    found = parts[4] if owner is Owner.ARN and len(parts) == 6 else ""
    return found if re.fullmatch(r"[0-9]{12}", found) else ""


def _arn_names_owner(value: str) -> bool:
    parts = value.split(":", 5)
    if len(parts) < 6 or globs.is_wild(parts[0]):
        return False
    if parts[4]:
        return not globs.is_wild(parts[4])
    return parts[2] == "s3" and bool(parts[5]) and not globs.is_wild(parts[5].split("/", 1)[0])
