"""Queues, topics, secrets, repositories and clusters: every field known, refused calls, things that are not set."""

import json
from datetime import UTC, datetime

import pytest

from poise.collect.aws import ecr, eks, secretsmanager, sns, sqs
from tests.collect.aws.answers import ACCOUNT, REGION, denied, every_call_alone_denied, fed_by, read

POLICY = {"Version": "2012-10-17", "Statement": []}
TEXT = json.dumps(POLICY)
WHEN = datetime(2026, 11, 1, 9, tzinfo=UTC)
URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:events"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop"
TAGS = [{"Key": "team", "Value": "shop"}]
SQS = {
    "sqs:ListQueues": [{"QueueUrls": [URL]}, {}],
    "sqs:GetQueueAttributes": {
        "Attributes": {
            "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
            "Policy": TEXT,
            "KmsMasterKeyId": "alias/aws/sqs",
            "SqsManagedSseEnabled": "false",
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": "arn:dead", "maxReceiveCount": 3}),
            "MessageRetentionPeriod": "345600",
        }
    },
    "sqs:ListQueueTags": {"Tags": {"team": "shop"}},
}
SNS = {
    "sns:ListTopics": {"Topics": [{"TopicArn": TOPIC}]},
    "sns:GetTopicAttributes": {
        "Attributes": {"Policy": TEXT, "KmsMasterKeyId": "alias/x", "SubscriptionsConfirmed": "2", "Owner": ACCOUNT}
    },
    "sns:ListTagsForResource": {"Tags": TAGS},
}
SECRETS = {
    "secretsmanager:ListSecrets": {
        "SecretList": [
            {
                "ARN": SECRET,
                "Name": "db",
                "KmsKeyId": "alias/x",
                "RotationEnabled": True,
                "RotationRules": {"AutomaticallyAfterDays": 30},
                "LastRotatedDate": WHEN,
                "LastChangedDate": WHEN,
                "LastAccessedDate": WHEN,
                "OwningService": "rds",
                "Tags": TAGS,
            }
        ]
    },
    "secretsmanager:GetResourcePolicy": {"ARN": SECRET, "Name": "db", "ResourcePolicy": TEXT},
}
ECR = {
    "ecr:DescribeRepositories": {
        "repositories": [
            {
                "repositoryArn": REPOSITORY,
                "registryId": ACCOUNT,
                "repositoryName": "shop",
                "repositoryUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop",
                "createdAt": WHEN,
                "imageTagMutability": "MUTABLE",
                "imageScanningConfiguration": {"scanOnPush": True},
                "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "arn:key"},
            }
        ]
    },
    "ecr:GetRepositoryPolicy": {"registryId": ACCOUNT, "repositoryName": "shop", "policyText": TEXT},
    "ecr:GetLifecyclePolicy": {"lifecyclePolicyText": json.dumps({"rules": []})},
    "ecr:ListTagsForResource": {"tags": TAGS},
}
EKS = {
    "eks:ListClusters": {"clusters": ["shop"]},
    "eks:DescribeCluster": {
        "cluster": {
            "name": "shop",
            "arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shop",
            "version": "1.33",
            "status": "ACTIVE",
            "endpoint": "https://x.eks.amazonaws.com",
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/cluster",
            "resourcesVpcConfig": {
                "subnetIds": ["subnet-1"],
                "securityGroupIds": ["sg-1"],
                "clusterSecurityGroupId": "sg-2",
                "vpcId": "vpc-1",
                "endpointPublicAccess": True,
                "endpointPrivateAccess": False,
                "publicAccessCidrs": ["0.0.0.0/0"],
            },
            "logging": {
                "clusterLogging": [
                    {"types": ["api", "audit"], "enabled": True},
                    {"types": ["scheduler"], "enabled": False},
                ]
            },
            "identity": {"oidc": {"issuer": "https://oidc.eks.amazonaws.com/id/A"}},
            "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": "arn:key"}}],
            "accessConfig": {"authenticationMode": "API"},
            "tags": {"team": "shop"},
        }
    },
}
SERVICES = [
    (sqs, SQS, "sqs:ListQueues", "SqsQueue"),
    (sns, SNS, "sns:ListTopics", "SnsTopic"),
    (secretsmanager, SECRETS, "secretsmanager:ListSecrets", "Secret"),
    (ecr, ECR, "ecr:DescribeRepositories", "EcrRepository"),
    (eks, EKS, "eks:ListClusters", "EksCluster"),
]


@pytest.mark.parametrize(("service", "answers", "lists", "kind"), SERVICES)
def test_every_field_is_known(service, answers, lists, kind):
    (asset,), listings, problems = read(service, answers)

    assert (type(asset).__name__, dict(asset.unread), problems) == (kind, {}, [])
    assert list(listings.values()) == ["complete"]
    assert dict(asset.tags) == {"team": "shop"}
    assert all(value is not None for value in asset.known().values())


@pytest.mark.parametrize(("service", "answers", "lists", "kind"), SERVICES)
def test_a_refused_call_is_a_gap_on_just_the_fields_it_feeds(service, answers, lists, kind):
    for call, unread in every_call_alone_denied(service, answers, (lists,)):
        assert unread == fed_by(service, call, kind), call


@pytest.mark.parametrize(("service", "answers", "lists", "kind"), SERVICES)
def test_a_refused_list_is_denied(service, answers, lists, kind):
    assets, listings, _ = read(service, answers | {lists: denied(lists)})
    assert (assets, list(listings.values())) == ([], ["denied"])


def test_a_queue_without_settings_has_none():
    bare = {"sqs:GetQueueAttributes": {"Attributes": {"MessageRetentionPeriod": "60"}}, "sqs:ListQueueTags": {}}
    (queue,), _, _ = read(sqs, SQS | bare)
    assert (queue.id, queue.name) == (f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders", "orders")
    assert (queue.policy, queue.encryption_key, queue.managed_encryption) == (None, None, False)
    assert (queue.dead_letter_queue, dict(queue.tags)) == (None, {})


def test_a_secret_that_was_never_rotated_says_so():
    (secret,), _, _ = read(
        secretsmanager,
        {
            "secretsmanager:ListSecrets": {"SecretList": [{"ARN": SECRET, "Name": "db"}]},
            "secretsmanager:GetResourcePolicy": {"ARN": SECRET, "Name": "db"},
        },
    )
    assert (secret.policy, secret.rotation_enabled, secret.last_rotated, secret.encryption_key) == (
        None,
        False,
        None,
        None,
    )


def test_a_repository_without_policies_has_none():
    none = {
        "ecr:GetRepositoryPolicy": denied("ecr:GetRepositoryPolicy", "RepositoryPolicyNotFoundException"),
        "ecr:GetLifecyclePolicy": denied("ecr:GetLifecyclePolicy", "LifecyclePolicyNotFoundException"),
    }
    (repository,), _, problems = read(ecr, ECR | none)
    assert (repository.policy, repository.lifecycle_policy, problems) == (None, None, [])


def test_a_cluster_joins_its_network_and_its_groups():
    (cluster,), _, _ = read(eks, EKS)
    here = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
    assert (cluster.vpc, cluster.subnets) == (f"{here}:vpc/vpc-1", (f"{here}:subnet/subnet-1",))
    assert cluster.security_groups == (f"{here}:security-group/sg-1", f"{here}:security-group/sg-2")
    assert (cluster.logs, cluster.secrets_key) == (("api", "audit"), "arn:key")
