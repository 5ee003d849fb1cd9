"""What decides on the side of an asset: its resource policy, access list, grants, and the flags that shut it.

For kinds whose sharing with other accounts is not judged, a caller from outside gets an input that was not read, so
that the answer is never a wrong no.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from poise.model.asset import Asset, Document
from poise.model.aws.account import AwsAccount
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import EbsSnapshot, EbsVolume, Ec2Instance, MachineImage
from poise.model.aws.ecr import EcrRepository
from poise.model.aws.eks import EksCluster
from poise.model.aws.iam import IamGroup, IamInstanceProfile, IamPolicy, IamRole, IamUser
from poise.model.aws.kms import KmsKey
from poise.model.aws.rds import RdsInstance
from poise.model.aws.s3 import AclGrant, PublicAccessBlock, S3Bucket
from poise.model.aws.secretsmanager import Secret
from poise.model.aws.sns import SnsTopic
from poise.model.aws.sqs import SqsQueue
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Unread
from poise.policy.aws.buckets import ENFORCED, PUBLIC_GROUPS
from poise.policy.aws.evaluation import ASSUMING
from poise.policy.aws.key_grants import KeyGrant
from poise.policy.aws.sources import Source
from poise.policy.aws.votes import Sources
from poise.policy.lookups import known

POLICY_NAMES = {
    S3Bucket: "bucket policy",
    KmsKey: "key policy",
    LambdaFunction: "function policy",
    IamRole: "trust policy",
    SqsQueue: "queue policy",
    SnsTopic: "topic policy",
    Secret: "resource policy",
    EcrRepository: "repository policy",
}
OF_OBJECTS = frozenset(
    {
        *("s3:abortmultipartupload", "s3:listmultipartuploadparts", "s3:bypassgovernanceretention"),
        *("s3:replicatedelete", "s3:replicatetags", "s3:initiatereplication"),
    }
)
"""Actions on objects whose names do not say so."""
NEVER_SHARED = (
    IamUser,
    IamRole,
    IamGroup,
    IamPolicy,
    IamInstanceProfile,
    Ec2Instance,
    EbsVolume,
    RdsInstance,
    EksCluster,
)
"""Kinds that no other account can be let into, role trust aside."""
GRANTABLE = frozenset(
    {
        *("decrypt", "encrypt", "generatedatakey", "generatedatakeywithoutplaintext", "reencryptfrom"),
        *("reencryptto", "sign", "verify", "getpublickey", "creategrant", "retiregrant", "describekey"),
        *("generatedatakeypair", "generatedatakeypairwithoutplaintext", "generatemac", "verifymac"),
        "derivesharedsecret",
    }
)
"""Operations that grants of a key can give (KMS Developer Guide, "Grant operations")."""
NOT_JUDGED = "sharing with other accounts is not judged for this kind of asset"


class Holding:
    """An asset with all that decides on its own side."""

    def __init__(self, asset: Asset, inventory: Inventory) -> None:
        self.asset = asset
        self.owner = asset.scope
        self._inventory = inventory

    @property
    def inventory(self) -> Inventory:
        """Where it was found, with all that was read beside it."""
        return self._inventory

    @property
    def policy_name(self) -> str:
        """What reasons call its resource policy."""
        return f"{POLICY_NAMES.get(type(self.asset), 'resource policy')} of {self.asset.name}"

    @property
    def document(self) -> Document | None:
        """Its resource policy; None if it has none or it was not read."""
        found = self._document
        return found if isinstance(found, dict) else None

    def resource_of(self, action: str) -> str:
        """Return the ARN that statements must name for an action: objects of a bucket, or the asset itself."""
        if isinstance(self.asset, S3Bucket) and is_about_objects(action):
            return f"{self.asset.id}/*"
        return self.authorized_as

    @cached_property
    def authorized_as(self) -> str:
        """Its ARN as statements name it: that of a snapshot or image has no account, though its id here has one.

        Source: Service Authorization Reference, resource types of Amazon EC2.
        """
        parts = self.asset.id.split(":", 5)
        if isinstance(self.asset, EbsSnapshot | MachineImage) and len(parts) == 6:
            parts[4] = ""
        return ":".join(parts)

    def policy_for(self, action: str, *, is_inside: bool) -> Sources:
        """Return the resource policy as far as it is about an action."""
        if isinstance(self.asset, IamRole) and action.lower() not in ASSUMING:
            return ()
        if type(self.asset) in POLICY_NAMES:
            return self._policy
        return () if is_inside or isinstance(self.asset, NEVER_SHARED) else Unread("sharing", NOT_JUDGED)

    def lines_for(self, *, is_inside: bool) -> tuple[AclGrant, ...] | Unread:
        """Return the access list as far as it counts for callers of the own account, or for others.

        A line for an account hands the decision to the policies there. Inside, that is what holds anyway.
        """
        lines = self._lines
        if isinstance(lines, Unread):
            return lines
        return tuple(line for line in lines if not is_inside or "/" in line.grantee)

    def grants_for(self, action: str) -> tuple[KeyGrant, ...] | Unread:
        """Return the grants of a key as far as grants can give an action."""
        return self.grants if action.lower().removeprefix("kms:") in GRANTABLE else ()

    @cached_property
    def grants(self) -> tuple[KeyGrant, ...] | Unread:
        """Grants of a key."""
        asset = self.asset
        if not isinstance(asset, KmsKey):
            return ()
        found = known(lambda: asset.grants, f"grants of {asset.name}")
        return found if isinstance(found, Unread) else tuple(map(_grant, found))

    @cached_property
    def restricts_public(self) -> bool | Unread:
        """Whether a flag of bucket or account keeps outsiders out of a public policy."""
        return self._flag("restrict_public_buckets")

    @cached_property
    def _document(self) -> Document | Unread | None:
        asset = self.asset
        if isinstance(asset, IamRole):
            return known(lambda: asset.trust_policy, self.policy_name)
        if isinstance(asset, S3Bucket | KmsKey | LambdaFunction | SqsQueue | SnsTopic | Secret | EcrRepository):
            return known(lambda: asset.policy, self.policy_name)
        return None

    @cached_property
    def _policy(self) -> Sources:
        found = self._document
        if found is None or isinstance(found, Unread):
            return found or ()
        return (Source.of(self.policy_name, found),)

    @cached_property
    def _lines(self) -> tuple[AclGrant, ...] | Unread:
        """Lines that count: none where ownership switches lists off, no public ones where a flag ignores them."""
        asset = self.asset
        if not isinstance(asset, S3Bucket):
            return ()
        ownership = known(lambda: asset.object_ownership, f"object ownership of {asset.name}")
        if ownership == ENFORCED:
            return ()
        lines = known(lambda: asset.acl, f"access list of {asset.name}")
        if isinstance(lines, Unread):
            return lines
        lines = tuple(line for line in lines if line.grantee != self._owner_id)
        if lines and isinstance(ownership, Unread):
            return ownership
        return self._heeded(lines)

    def _heeded(self, lines: tuple[AclGrant, ...]) -> tuple[AclGrant, ...] | Unread:
        if not any(line.grantee.endswith(PUBLIC_GROUPS) for line in lines):
            return lines
        ignored = self._flag("ignore_public_acls")
        if isinstance(ignored, Unread):
            return ignored
        return tuple(line for line in lines if not (ignored and line.grantee.endswith(PUBLIC_GROUPS)))

    @cached_property
    def _owner_id(self) -> str | None:
        """Canonical id of the owner: the one that every access list of the account grants full control."""
        try:
            lists = [bucket.acl for bucket in self._inventory.of(S3Bucket, self.owner) if "acl" not in bucket.unread]
        except NotCollected:
            return None
        full = [{line.grantee for line in acl if line.permission == "FULL_CONTROL"} for acl in lists if acl]
        every = set.intersection(*full) if full else set()
        return next(iter(every)) if len(every) == 1 and "/" not in next(iter(every)) else None

    def _flag(self, name: str) -> bool | Unread:
        bucket = self.asset
        if not isinstance(bucket, S3Bucket):
            return False
        own = known(lambda: bucket.public_access_block, f"public access block of {bucket.name}")
        account = known(self._account_block, f"public access block of account {self.owner}")
        found = [block if isinstance(block, Unread) else _is_on(block, name) for block in (own, account)]
        if True in found:
            return True
        return next((one for one in found if isinstance(one, Unread)), False)

    def _account_block(self) -> PublicAccessBlock | None:
        accounts = self._inventory.of(AwsAccount, self.owner)
        if not accounts:
            raise NotCollected("public_access_block", "the account itself was not read")
        return accounts[0].public_access_block


def is_about_objects(action: str) -> bool:
    """Say whether an action is on objects of a bucket, not on the bucket."""
    name = action.lower()
    return name in OF_OBJECTS or (name.startswith("s3:") and "object" in name and "bucket" not in name)


def _is_on(block: PublicAccessBlock | None, name: str) -> bool:
    return block is not None and bool(getattr(block, name))


def _grant(grant: Any) -> KeyGrant:
    return KeyGrant(
        id=grant.id, grantee=grant.grantee, operations=grant.operations, encryption_context=_pairs(grant.constraints)
    )


def _pairs(constraints: Document | None) -> Mapping[str, str]:
    """Return the pairs of the encryption context that a request must carry."""
    found: dict[str, str] = {}
    for name in ("EncryptionContextSubset", "EncryptionContextEquals"):
        pairs = (constraints or {}).get(name)
        found |= {str(key): str(value) for key, value in pairs.items()} if isinstance(pairs, Mapping) else {}
    return found
