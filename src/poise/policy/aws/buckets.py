"""How far an S3 bucket is open: policy, access list, ownership and the four flags, each in its own channel.

Source: S3 User Guide, "Blocking public access to your Amazon S3 storage". An effective flag is the OR of
account and bucket. `IgnorePublicAcls` acts on access lists alone, `RestrictPublicBuckets` on public policies
alone (and then shuts out every other account too); the two `Block...` flags refuse new grants and leave old
ones working.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from poise.model.errors import NotCollected
from poise.policy.answer import Audience, Exposure, Grant, Level, Reason
from poise.policy.aws.document import parse
from poise.policy.aws.public_to_s3 import counts_as_public
from poise.policy.aws.resource_control import NOBODY, Control
from poise.policy.aws.resources import resource_policy_exposure

T = TypeVar("T")
Lazy: TypeAlias = T | Callable[[], T]
"""A value, or a call that gives it or raises NotCollected."""

ENFORCED = "BucketOwnerEnforced"
PUBLIC_GROUPS = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
SIGNED_GROUP = "AuthenticatedUsers"
SERVICE_GROUPS = ("/groups/s3/LogDelivery",)
ACL_ACTIONS = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject", "s3:DeleteObject"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}


class Block(Protocol):
    """The four flags, of an account or a bucket."""

    @property
    def ignore_public_acls(self) -> bool:
        """Existing public access lists have no effect."""

    @property
    def restrict_public_buckets(self) -> bool:
        """A public policy admits only the own account and AWS services."""


class AclLine(Protocol):
    """One grant of an access list."""

    @property
    def grantee(self) -> str:
        """Canonical user id, or URI of a group."""

    @property
    def permission(self) -> str:
        """What it grants."""


class BucketRecord(Protocol):
    """The facts of a bucket that decide who reaches it; each may raise NotCollected when read."""

    @property
    def scope(self) -> str:
        """Owning account."""

    @property
    def policy(self) -> dict[str, Any] | None:
        """Bucket policy."""

    @property
    def acl(self) -> Sequence[AclLine]:
        """Grants of the access list."""

    @property
    def public_access_block(self) -> Block | None:
        """The bucket's own flags."""

    @property
    def object_ownership(self) -> str | None:
        """Ownership setting."""


class AccountRecord(Protocol):
    """The facts of an account that decide over its buckets."""

    @property
    def public_access_block(self) -> Block | None:
        """The account's flags."""


def exposure_of_bucket(
    bucket: BucketRecord, account: Lazy[AccountRecord | None], control: Control = NOBODY
) -> Exposure:
    """Judge how far a bucket record is open; ``account`` None: the account was not read.

    ``control`` holds the resource control policies that act.
    """

    def account_block() -> Block | None:
        record = read(account)
        if record is None:
            raise NotCollected("public_access_block", "the account's settings were not read")
        return record.public_access_block

    return bucket_exposure(
        policy=lambda: bucket.policy,
        acl=lambda: bucket.acl,
        block=lambda: bucket.public_access_block,
        account_block=account_block,
        object_ownership=lambda: bucket.object_ownership,
        account=bucket.scope,
        control=control,
    )


def bucket_exposure(
    policy: Lazy[dict[str, Any] | None],
    acl: Lazy[Sequence[AclLine]],
    block: Lazy[Block | None],
    account_block: Lazy[Block | None],
    object_ownership: Lazy[str | None],
    account: str,
    control: Control = NOBODY,
) -> Exposure:
    """Judge how far a bucket is open. None means: read, there is none.

    Each of the first five may be a call; it is made only if its answer can matter, and NotCollected from it
    makes the answer unknown only if it does matter.
    """
    by_policy = _by_policy(policy, (block, account_block), account, control)
    by_acl = _under(control, account, _by_acl(acl, object_ownership, (block, account_block)))
    return _wider(by_policy, by_acl)


def read(lazy: Lazy[T]) -> T:
    """Return a value that may be given as a call."""
    return lazy() if callable(lazy) else lazy


def _by_policy(
    policy: Lazy[dict[str, Any] | None], blocks: Sequence[Lazy[Block | None]], account: str, control: Control
) -> Exposure:
    try:
        document = read(policy)
    except NotCollected as gap:
        return _unread_policy(gap, blocks)
    found = resource_policy_exposure(document, account, control=control)
    if document is None or found.level is Level.PRIVATE or not counts_as_public(parse(document)):
        return found
    return unless_shut(found, blocks, "restrict_public_buckets", "the policy is public")


def _unread_policy(gap: NotCollected, blocks: Sequence[Lazy[Block | None]]) -> Exposure:
    """Judge without the policy: under `RestrictPublicBuckets` it can let in named accounts at most."""
    what = f"the bucket policy was not read: {gap.reason}"
    found = unless_shut(Exposure(Level.UNKNOWN), blocks, "restrict_public_buckets", what)
    if found.level is not Level.PRIVATE:
        return Exposure(Level.UNKNOWN, (Reason(what, source="policy"),))
    place = found.because[0].source
    text = f"restrict_public_buckets of the {place} keeps everyone out, whatever the policy says ({what})"
    return Exposure(Level.RESTRICTED, (Reason(text, source=place),))


def _by_acl(
    acl: Lazy[Sequence[AclLine]], ownership: Lazy[str | None], blocks: Sequence[Lazy[Block | None]]
) -> Exposure:
    doubt: NotCollected | None = None
    try:
        if read(ownership) == ENFORCED:
            return Exposure(Level.PRIVATE, (Reason("object ownership switches access lists off"),))
    except NotCollected as gap:
        doubt = gap
    try:
        found = _acl_exposure(read(acl))
    except NotCollected as gap:
        found = Exposure(Level.UNKNOWN, (Reason(f"the access list was not read: {gap.reason}", source="acl"),))
    if found.level in (Level.PRIVATE, Level.RESTRICTED):
        return found
    found = unless_shut(found, blocks, "ignore_public_acls", "the access list is public")
    if found.level is Level.PUBLIC and doubt is not None:
        text = f"the access list is public, and whether access lists count was not read: {doubt.reason}"
        return Exposure(Level.UNKNOWN, (Reason(text, source="object_ownership"),), found.grants)
    return found


def _under(control: Control, account: str, found: Exposure) -> Exposure:
    """Return what resource control policies leave of the grants of an access list."""
    if not control.denies or found.level is not Level.PUBLIC:
        return found
    left = [(grant, _left_of(grant, account, control)) for grant in found.grants]
    grants = tuple(grant for grant, under in left if under.is_public)
    if grants:
        return Exposure(Level.PUBLIC, tuple(grant.because for grant in grants), grants)
    level = Level.PRIVATE if all(under.level is Level.PRIVATE for _, under in left) else Level.RESTRICTED
    return Exposure(level, (Reason("strangers whom the access list lets in are denied", source="acl"),))


def _left_of(grant: Grant, account: str, control: Control) -> Exposure:
    """Return what denies leave of a grant: it is judged as a policy that says the same."""
    condition = {"Null": {"aws:PrincipalAccount": "false"}} if grant.who == SIGNED_GROUP else {}
    said = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": list(grant.actions),
                "Resource": "*",
                "Condition": condition,
            }
        ],
    }
    return resource_policy_exposure(said, account, control=control)


def unless_shut(found: Exposure, blocks: Sequence[Lazy[Block | None]], flag: str, what: str) -> Exposure:
    """Return the exposure unless a flag of bucket or account shuts it; the bucket is asked first."""
    gap: NotCollected | None = None
    for place, lazy in zip(("bucket", "account"), blocks, strict=True):
        try:
            block = read(lazy)
        except NotCollected as unread:
            gap = unread
            continue
        if block is not None and getattr(block, flag):
            text = f"{what}, but {flag} of the {place} shuts it"
            return Exposure(Level.PRIVATE, (Reason(text, source=place), *found.because))
    if gap is None:
        return found
    text = f"{what}, and whether a public access block shuts it was not read: {gap.reason}"
    return Exposure(Level.UNKNOWN, (Reason(text, source=gap.field), *found.because), found.grants)


def _acl_exposure(lines: Sequence[AclLine]) -> Exposure:
    grants = tuple(grant for line in lines if (grant := _acl_grant(line)) is not None)
    if grants:
        return Exposure(Level.PUBLIC, tuple(grant.because for grant in grants), grants)
    return Exposure(Level.PRIVATE, (Reason("the access list grants nobody outside", source="acl"),))


def _acl_grant(line: AclLine) -> Grant | None:
    group = next((name for name in PUBLIC_GROUPS if line.grantee.endswith(name)), None)
    if group is None:
        return None
    everything = tuple(action for actions in ACL_ACTIONS.values() for action in actions)
    actions = everything if line.permission == "FULL_CONTROL" else ACL_ACTIONS.get(line.permission, ())
    name = group.rpartition("/")[2]
    because = Reason(f"the access list grants {line.permission} to {name}", source="acl")
    return Grant(Audience.ANYONE, name, actions, because)


_ORDER = (Level.PUBLIC, Level.UNKNOWN, Level.RESTRICTED, Level.PRIVATE)


def _wider(one: Exposure, other: Exposure) -> Exposure:
    """Add two channels up: the wider level holds, with the reasons of every channel that has it."""
    level = min(one.level, other.level, key=_ORDER.index)
    because = tuple(r for part in (one, other) if part.level is level for r in part.because)
    residual = "" if any(p.level is level and not p.residual for p in (one, other)) else one.residual
    return Exposure(level, because, one.grants + other.grants, residual)
