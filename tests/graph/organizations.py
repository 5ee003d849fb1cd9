"""An organization around the account of the estate: full access at every level, and what a test adds at the root."""

from poise.model import replace
from poise.model.samples.aws import AWS_ACCOUNT
from poise.model.samples.aws_organizations import (
    MANAGEMENT_ACCOUNT,
    ORGANIZATION,
    ORGANIZATION_ACCOUNT,
    ORGANIZATION_ID,
    ORGANIZATIONAL_UNIT,
    RESOURCE_CONTROL_POLICY,
    ROOT_ID,
    SERVICE_CONTROL_POLICY,
)


def member(**changes):
    """Return the account of the estate as a member."""
    inside = {"organization_id": ORGANIZATION_ID, "management_account": MANAGEMENT_ACCOUNT}
    return replace(AWS_ACCOUNT, **{**inside, "public_access_block": None, **changes})


def organization(scp=None, rcp=None):
    """Return the records of an organization with the account in it, and policies that are attached to its root."""
    home = replace(member(), id=f"arn:aws:iam::{MANAGEMENT_ACCOUNT}:root", scope=MANAGEMENT_ACCOUNT, name="management")
    kept = replace(ORGANIZATION_ACCOUNT, id=f"{ORGANIZATION_ACCOUNT.id}-m", account=MANAGEMENT_ACCOUNT, parent=ROOT_ID)
    usual = (SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY)
    more = [
        replace(one, id=f"{one.id}-more", aws_managed=False, document=document, targets=(ROOT_ID,))
        for one, document in zip(usual, (scp, rcp), strict=True)
        if document is not None
    ]
    return (member(), home, ORGANIZATION, ORGANIZATIONAL_UNIT, ORGANIZATION_ACCOUNT, kept, *usual, *more)
