"""How far an S3 access point is open.

Source: S3 User Guide, "Blocking public access", section on access points: one that only a VPC reaches never
counts as public; a policy that pins callers down by `s3:DataAccessPointArn` alone is public here, other than in
a bucket policy. A request must also be allowed by the policy of the bucket.
"""

from __future__ import annotations

from typing import Any

from poise.model.errors import NotCollected
from poise.policy.answer import Exposure, Level, Reason
from poise.policy.aws.buckets import Block, Lazy, read, unless_shut
from poise.policy.aws.document import parse
from poise.policy.aws.public_to_s3 import counts_as_public
from poise.policy.aws.resources import resource_policy_exposure

VPC_ONLY = "VPC"


def access_point_exposure(
    policy: Lazy[dict[str, Any] | None],
    network_origin: Lazy[str],
    block: Lazy[Block | None],
    account_block: Lazy[Block | None],
    account: str,
) -> Exposure:
    """Judge how far an access point itself is open; the flags are its own and those of the account.

    ``network_origin`` is `Internet` or `VPC`. Each of the first four may be a call that raises NotCollected.
    """
    try:
        document = read(policy)
    except NotCollected as gap:
        return Exposure(Level.UNKNOWN, (Reason(f"its policy was not read: {gap.reason}", source="policy"),))
    found = resource_policy_exposure(document, account)
    if found.level is Level.PRIVATE:
        return found
    try:
        inside = read(network_origin) == VPC_ONLY
    except NotCollected as gap:
        text = f"where it is reached from was not read: {gap.reason}"
        return Exposure(Level.UNKNOWN, (Reason(text, source="network_origin"), *found.because), found.grants)
    if inside:
        text = "only requests from its VPC reach it"
        return Exposure(Level.RESTRICTED, (Reason(text, source="network_origin"), *found.because), found.grants)
    if not counts_as_public(parse(document), names_points=False):
        return found
    return unless_shut(found, (block, account_block), "restrict_public_buckets", "the policy is public")
