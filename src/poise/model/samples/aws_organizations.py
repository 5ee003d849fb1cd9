"""An ordinary organization: a root, one unit, one account in it, and a policy that is attached to the unit."""

from poise.model.asset import Document
from poise.model.aws.organizations import (
    Organization,
    OrganizationAccount,
    OrganizationalUnit,
    OrganizationPolicy,
)
from poise.model.samples.aws import ACCOUNT

MANAGEMENT_ACCOUNT = "444455556666"
ORGANIZATION_ID = "o-a1b2c3d4e5"
ROOT_ID, UNIT_ID = "r-ab12", "ou-ab12-workload"
PREFIX = f"arn:aws:organizations::{MANAGEMENT_ACCOUNT}"
FULL_ACCESS: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
ORGANIZATION = Organization(
    id=f"{PREFIX}:organization/{ORGANIZATION_ID}",
    name=ORGANIZATION_ID,
    scope=MANAGEMENT_ACCOUNT,
    region="global",
    tags={},
    organization_id=ORGANIZATION_ID,
    management_account=MANAGEMENT_ACCOUNT,
    feature_set="ALL",
    root=ROOT_ID,
    policy_types=("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
)
ORGANIZATIONAL_UNIT = OrganizationalUnit(
    id=f"{PREFIX}:ou/{ORGANIZATION_ID}/{UNIT_ID}",
    name="workloads",
    scope=MANAGEMENT_ACCOUNT,
    region="global",
    tags={},
    unit_id=UNIT_ID,
    parent=ROOT_ID,
)
ORGANIZATION_ACCOUNT = OrganizationAccount(
    id=f"{PREFIX}:account/{ORGANIZATION_ID}/{ACCOUNT}",
    name="shop-production",
    scope=MANAGEMENT_ACCOUNT,
    region="global",
    tags={},
    account=ACCOUNT,
    parent=UNIT_ID,
    status="ACTIVE",
    joined="CREATED",
)
SERVICE_CONTROL_POLICY = OrganizationPolicy(
    id="arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
    name="FullAWSAccess",
    scope=MANAGEMENT_ACCOUNT,
    region="global",
    tags={},
    type="SERVICE_CONTROL_POLICY",
    aws_managed=True,
    document=FULL_ACCESS,
    targets=(ROOT_ID, UNIT_ID, ACCOUNT),
)
RESOURCE_CONTROL_POLICY = OrganizationPolicy(
    id="arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
    name="RCPFullAWSAccess",
    scope=MANAGEMENT_ACCOUNT,
    region="global",
    tags={},
    type="RESOURCE_CONTROL_POLICY",
    aws_managed=True,
    document={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    },
    targets=(ROOT_ID, UNIT_ID, ACCOUNT),
)
