"""Access lists of S3 buckets as grants beside the bucket policy.

Source: S3 User Guide, "Access control list (ACL) overview": what each permission of a bucket's list allows, and
the two groups that stand for everyone and for every AWS account.
"""

from __future__ import annotations

from collections.abc import Sequence

from poise.policy.answer import Reason, Unread
from poise.policy.aws.buckets import ACL_ACTIONS, PUBLIC_GROUPS, AclLine
from poise.policy.aws.callers import Caller
from poise.policy.aws.matching import Question, Some
from poise.policy.aws.votes import Vote, Votes, unread_votes
from poise.policy.residual import Truth, condition

EVERYONE, ANY_ACCOUNT = PUBLIC_GROUPS
FULL = "FULL_CONTROL"


def acl_votes(lines: Sequence[AclLine] | Unread, caller: Caller, question: Question) -> Votes:
    """Return the votes of a bucket's access list; lists that are switched off or ignored are given as empty."""
    if not question.action.startswith("s3:"):
        return Votes("access list")
    if isinstance(lines, Unread):
        return unread_votes("access list", lines)
    granted = [line for line in lines if _allows(line, question.action)]
    votes: list[Vote] = [(_is_for(line, caller), _reason(line)) for line in granted]
    return Votes("access list", tuple(vote for vote in votes if vote[0] is not False))


def _allows(line: AclLine, action: str) -> bool:
    permissions = ACL_ACTIONS if line.permission == FULL else (line.permission,)
    return any(action == one.lower() for permission in permissions for one in ACL_ACTIONS.get(permission, ()))


def _is_for(line: AclLine, caller: Caller) -> Truth:
    if line.grantee.endswith(EVERYONE):
        return True
    if line.grantee.endswith(ANY_ACCOUNT):
        return caller.has_identity
    if "/" in line.grantee or not caller.has_identity:
        return False
    account = Some("account", line.grantee)
    return condition(f"{caller.account} has canonical id {line.grantee}", account)


def _reason(line: AclLine) -> Reason:
    return Reason(f"the access list grants {line.permission} to {line.grantee[:120]}", source="access list")
