"""Resource policies of every service that has one, as their guides write them: public, restricted, private.

Expectations follow each service's guide: what names everyone without narrowing is public; a condition on the own
organization, account, network or end point narrows; a service that acts for the own account alone is let in for it.
"""

import pytest

from poise.policy.answer import Level
from poise.policy.aws.exposure import resource_policy_exposure

from .documents import FOREIGN, OURS, allow, deny, policy

ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
OFFICE = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
EVERYWHERE = {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}
HALVES = {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"]}}
VPCE = {"StringEquals": {"aws:SourceVpce": "vpce-0a1"}}
PLAIN = deny(action="*", condition={"Bool": {"aws:SecureTransport": "false"}})
ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:Publish",
    "Lambda": "lambda:InvokeFunction",
    "Secrets Manager": "secretsmanager:GetSecretValue",
    "ECR": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    "EFS": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    "OpenSearch": "es:ESHttp*",
    "API Gateway": "execute-api:Invoke",
    "Glacier": "glacier:InitiateJob",
    "Backup": "backup:CopyIntoBackupVault",
    "EventBridge": "events:PutEvents",
    "KMS": "kms:Decrypt",
    "DynamoDB": "dynamodb:GetItem",
    "Kinesis": "kinesis:GetRecords",
    "CloudWatch Logs": "logs:PutSubscriptionFilter",
    "CodeArtifact": "codeartifact:ReadFromRepository",
    "Glue": "glue:GetTable",
    "MediaStore": "mediastore:GetObject",
    "S3 access point": "s3:GetObject",
    "IoT": "iot:Connect",
    "Private CA": "acm-pca:IssueCertificate",
    "Signer": "signer:GetSigningProfile",
}


def level(*statements, **more):
    return resource_policy_exposure(policy(*statements), OURS, **more).level


@pytest.mark.parametrize("service", ACTIONS)
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_everyone_without_a_condition_is_public(service, principal):
    assert level(allow(principal, ACTIONS[service])) is Level.PUBLIC
    assert level(allow(principal, ACTIONS[service]), PLAIN) is Level.PUBLIC


@pytest.mark.parametrize("service", ACTIONS)
@pytest.mark.parametrize("condition", [EVERYWHERE, HALVES, {"StringLike": {"aws:PrincipalOrgID": "*"}}])
def test_a_condition_that_everybody_meets_narrows_nothing(service, condition):
    assert level(allow("*", ACTIONS[service], condition=condition)) is Level.PUBLIC


@pytest.mark.parametrize("service", ACTIONS)
@pytest.mark.parametrize("condition", [ORG, OFFICE, VPCE])
def test_a_condition_that_names_somebody_restricts(service, condition):
    assert level(allow("*", ACTIONS[service], condition=condition)) is Level.RESTRICTED


@pytest.mark.parametrize("service", ACTIONS)
def test_the_own_organization_and_account_are_inside(service):
    trusted = frozenset({"o-a1b2c3d4e5"})
    assert level(allow("*", ACTIONS[service], condition=ORG), trusted=trusted) is Level.PRIVATE
    assert level(allow({"AWS": f"arn:aws:iam::{OURS}:root"}, ACTIONS[service])) is Level.PRIVATE
    assert level(allow({"AWS": OURS}, ACTIONS[service])) is Level.PRIVATE


@pytest.mark.parametrize("service", ACTIONS)
def test_another_account_is_told_by_its_number(service):
    for principal in (FOREIGN, f"arn:aws:iam::{FOREIGN}:root", f"arn:aws:iam::{FOREIGN}:role/x"):
        found = resource_policy_exposure(policy(allow({"AWS": principal}, ACTIONS[service])), OURS)
        assert (found.level, found.accounts) == (Level.RESTRICTED, (FOREIGN,))


@pytest.mark.parametrize("service", ACTIONS)
def test_a_deny_for_everybody_takes_the_grant_away(service):
    assert level(allow("*", ACTIONS[service]), deny("*", "*")) is Level.PRIVATE


def test_a_file_system_for_whoever_can_mount_it_is_open_to_its_network_alone():
    """EFS User Guide, "Blocking public access": the key for mount targets confines a policy to the VPC."""
    mounted = {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
    assert level(allow("*", ACTIONS["EFS"], condition=mounted)) is not Level.PUBLIC


def test_an_interface_for_the_office_denies_the_others():
    """API Gateway Developer Guide: allow everyone, deny who does not come from the office."""
    outside = {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
    assert (
        level(allow("*", "execute-api:Invoke"), deny("*", "execute-api:Invoke", condition=outside)) is Level.RESTRICTED
    )
    through = {"StringNotEquals": {"aws:SourceVpc": "vpc-0a1"}}
    assert (
        level(allow("*", "execute-api:Invoke"), deny("*", "execute-api:Invoke", condition=through)) is Level.RESTRICTED
    )


def test_a_bus_lets_in_a_service_of_the_own_account():
    own = {"StringEquals": {"aws:SourceAccount": OURS}}
    rule = allow({"Service": "events.amazonaws.com"}, "events:PutEvents", condition=own)
    assert level(rule) is Level.PRIVATE or resource_policy_exposure(policy(rule), OURS).unconfined_services == ()


def test_a_vault_lock_that_denies_is_no_grant():
    lock = deny("*", "glacier:DeleteArchive", condition={"NumericLessThan": {"glacier:ArchiveAgeInDays": "365"}})
    assert level(lock) is Level.PRIVATE


def test_a_vault_that_takes_copies_from_the_organization_alone():
    copies = allow("*", "backup:CopyIntoBackupVault", condition=ORG)
    assert level(copies) is Level.RESTRICTED
    assert level(copies, trusted=frozenset({"o-a1b2c3d4e5"})) is Level.PRIVATE


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso"])
def test_other_partitions_have_other_arns(partition):
    assert level(allow({"AWS": f"arn:{partition}:iam::{OURS}:root"}, "sqs:*")) is Level.PRIVATE
    assert level(allow({"AWS": f"arn:{partition}:iam::{FOREIGN}:role/a"}, "sqs:*")) is Level.RESTRICTED


@pytest.mark.parametrize("id", ["AIDAJQABLZS4A3QDU576Q", "AROAJQABLZS4A3QDU576Q"])
def test_a_principal_that_was_deleted_lets_nobody_in(id):
    assert level(allow({"AWS": id}, "sqs:*")) is Level.PRIVATE
