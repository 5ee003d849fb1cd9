"""Records of AWS Organizations: the tree of units and accounts, and the policies that hang in it.

They are kept in the account that was asked: the management account, or one that administration is delegated to.
"""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("AWS::Organizations::Organization", "aws")
class Organization(Asset):
    """An organization."""

    organization_id: str
    """Its id, `o-...`."""
    management_account: str
    """Account that manages it."""
    feature_set: str
    """`ALL`, or `CONSOLIDATED_BILLING`, which knows no policies."""
    root: str
    """Id of the root of its tree, `r-...`."""
    policy_types: tuple[str, ...]
    """Types of policies that are switched on, such as `SERVICE_CONTROL_POLICY`."""


@asset_kind("AWS::Organizations::OrganizationalUnit", "aws")
class OrganizationalUnit(Asset):
    """A unit of an organization."""

    unit_id: str
    """Its id, `ou-...`."""
    parent: str
    """Id of the unit or root that it is in."""


@asset_kind("AWS::Organizations::Account", "aws")
class OrganizationAccount(Asset):
    """An account as its organization knows it."""

    account: str
    """Its number."""
    parent: str
    """Id of the unit or root that it is in."""
    status: str
    """`ACTIVE`, `SUSPENDED` or `PENDING_CLOSURE`."""
    joined: str
    """`INVITED` or `CREATED`."""


@asset_kind("AWS::Organizations::Policy", "aws")
class OrganizationPolicy(Asset):
    """A policy of an organization."""

    type: str
    """`SERVICE_CONTROL_POLICY` or `RESOURCE_CONTROL_POLICY`."""
    aws_managed: bool
    """Whether AWS wrote it."""
    document: Document
    """What it says."""
    targets: tuple[str, ...]
    """Ids of the root, units and accounts that it is attached to."""
