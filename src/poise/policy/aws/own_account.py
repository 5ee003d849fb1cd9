"""Actions that only principals of the owning account can call, whatever policies say.

Source: S3 API Reference, `PutBucketPolicy`, `DeleteBucketPolicy`, `GetBucketPolicy`: the caller must belong to the
account of the bucket owner; KMS Developer Guide, "Allowing users in other accounts to use a KMS key": granting any
other operation than those it lists to a principal of another account has no effect.
"""

from __future__ import annotations

BUCKET_POLICIES = frozenset({"s3:putbucketpolicy", "s3:deletebucketpolicy", "s3:getbucketpolicy"})
KEY_USES = frozenset(
    {
        *("creategrant", "decrypt", "derivesharedsecret", "describekey", "encrypt", "generatedatakey"),
        *("generatedatakeypair", "generatedatakeypairwithoutplaintext", "generatedatakeywithoutplaintext"),
        *("generatemac", "getkeyrotationstatus", "getpublickey", "listgrants", "reencryptfrom", "reencryptto"),
        *("retiregrant", "revokegrant", "sign", "verify", "verifymac"),
    }
)
"""Operations on a key that another account can be let into."""


def is_for_own_account(action: str) -> bool:
    """Say whether an action, in any case, is refused to every caller of another account."""
    name = action.lower()
    return name in BUCKET_POLICIES or (name.startswith("kms:") and name.removeprefix("kms:") not in KEY_USES)
