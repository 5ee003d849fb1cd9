"""How far assets are open as they stand in an inventory: with the account and the organization that own them.

:mod:`poise.policy.aws.exposure` judges documents alone; what is here asks resource control policies too.
"""

from __future__ import annotations

from poise.model.asset import Document
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamRole
from poise.model.aws.s3 import S3Bucket
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure
from poise.policy.aws.buckets import exposure_of_bucket
from poise.policy.aws.principal import partition_of
from poise.policy.aws.resource_control import controlled
from poise.policy.aws.resources import resource_policy_exposure
from poise.policy.aws.trust import trust_exposure


def bucket_exposed(bucket: S3Bucket, inventory: Inventory) -> Exposure:
    """Judge how far a bucket is open. Facts that were not read make the answer unknown where they decide."""

    def account() -> AwsAccount | None:
        return next(iter(inventory.of(AwsAccount, bucket.scope)), None)

    return controlled(lambda control: exposure_of_bucket(bucket, account, control), bucket.scope, inventory)


def policy_exposed(
    document: Document | None, owner: str, inventory: Inventory, trusted: frozenset[str] = frozenset()
) -> Exposure:
    """Judge whom a resource policy lets in, for services that know resource control policies alone.

    ``owner`` is the account of the asset; ``trusted`` as in :func:`resource_policy_exposure`.
    """
    return controlled(
        lambda control: resource_policy_exposure(document, owner, trusted=trusted, control=control), owner, inventory
    )


def role_exposed(role: IamRole, inventory: Inventory) -> Exposure:
    """Judge who outside of its account may take a role. Raises NotCollected if its trust policy was not read."""
    document, partition = role.trust_policy, partition_of(role.id)
    return controlled(
        lambda control: trust_exposure(document, role.scope, partition, control=control), role.scope, inventory
    )
