"""`poise permissions can` over what was stored: guardrails of the organization, and end points on the way."""

import pytest

from poise.model import replace
from poise.model.samples.aws import AWS_ACCOUNT, S3_BUCKET
from poise.model.samples.aws_iam import IAM_POLICY, IAM_USER
from poise.model.samples.aws_organizations import (
    MANAGEMENT_ACCOUNT,
    ORGANIZATION,
    ORGANIZATION_ACCOUNT,
    ORGANIZATIONAL_UNIT,
    RESOURCE_CONTROL_POLICY,
    SERVICE_CONTROL_POLICY,
    UNIT_ID,
)
from poise.model.samples.aws_vpc import VPC_ENDPOINT
from tests.cli.conftest import export

READER = replace(IAM_USER, inline_policies={}, groups=(), attached_policies=(IAM_POLICY.id,), permissions_boundary=None)
TREE = (ORGANIZATION, ORGANIZATIONAL_UNIT, ORGANIZATION_ACCOUNT, SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY)
FENCE = replace(
    SERVICE_CONTROL_POLICY,
    id=f"arn:aws:organizations::{MANAGEMENT_ACCOUNT}:policy/o-a1b2c3d4e5/service_control_policy/p-fence",
    name="fence",
    aws_managed=False,
    document={"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}]},
    targets=(UNIT_ID,),
)
BUCKET = replace(S3_BUCKET, policy=None, encryption="AES256", encryption_key=None)
SHUT = replace(
    VPC_ENDPOINT,
    policy={
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}],
    },
)


@pytest.fixture
def asked(poise, tmp_path):
    def ask(*assets, through=()):
        everything = (AWS_ACCOUNT, READER, IAM_POLICY, BUCKET, *assets)
        assert poise("scan", "files", export(tmp_path / "aws.json", *everything), "-q").code == 0
        words = ("permissions", "can", READER.name, "s3:GetObject", BUCKET.name, *through, "-o", "json")
        return poise(*words).json

    return ask


def test_a_guardrail_of_the_organization_denies_and_is_shown(asked):
    answer = asked(*TREE, FENCE)

    assert answer["decision"] == "deny"
    assert answer["because"][0]["source"] == "service control policies: fence"
    assert answer["because"][0]["document"]["Action"] == "s3:Get*"


def test_guardrails_that_allow_leave_it_to_the_policies(asked):
    assert asked(*TREE)["decision"] == "allow"


def test_guardrails_that_were_not_read_are_unknown_and_named(asked):
    answer = asked()

    assert answer["decision"] == "unknown"
    assert [gap["input"] for gap in answer["unread"]] == ["service control policies", "resource control policies"]


def test_the_policy_of_an_end_point_counts_where_the_question_names_one(asked):
    assert asked(*TREE, SHUT, through=("--through", SHUT.id))["decision"] == "deny"
    assert asked(*TREE, SHUT)["decision"] == "allow"
