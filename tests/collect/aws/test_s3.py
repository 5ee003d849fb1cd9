"""Buckets: every field known, each refused call a gap on just its fields, absences, regions, moto."""

from datetime import UTC, datetime

import pytest

from poise.collect.aws import s3
from poise.model.aws.s3 import AclGrant, PublicAccessBlock
from tests.collect.aws.answers import denied, every_call_alone_denied, fed_by, read

POLICY = {"Version": "2012-10-17", "Statement": []}
FLAGS = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False}
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k"
BUCKET = {"Name": "reports", "CreationDate": datetime(2024, 3, 1, 9, tzinfo=UTC)}
WHOLE = {
    "s3:ListBuckets": {"Buckets": [BUCKET]},
    "s3:GetBucketLocation": {"LocationConstraint": "eu-west-1"},
    "s3:GetBucketPolicy": {"Policy": '{"Version": "2012-10-17", "Statement": []}'},
    "s3:GetBucketAcl": {
        "Owner": {"ID": "1f2e"},
        "Grants": [
            {"Grantee": {"Type": "CanonicalUser", "ID": "1f2e"}, "Permission": "FULL_CONTROL"},
            {
                "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
                "Permission": "READ",
            },
        ],
    },
    "s3:GetBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}},
    "s3:GetPublicAccessBlock": {"PublicAccessBlockConfiguration": FLAGS},
    "s3:GetBucketEncryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
        }
    },
    "s3:GetBucketVersioning": {"Status": "Enabled", "MFADelete": "Enabled"},
    "s3:GetBucketLogging": {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}},
    "s3:GetBucketWebsite": {"IndexDocument": {"Suffix": "index.html"}},
    "s3:GetObjectLockConfiguration": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
    "s3:GetBucketReplication": {
        "ReplicationConfiguration": {
            "Rules": [
                {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::copy"}},
                {"Status": "Disabled", "Destination": {"Bucket": "arn:aws:s3:::old"}},
            ]
        }
    },
    "s3:GetBucketLifecycleConfiguration": {"Rules": [{"Status": "Enabled"}, {"Status": "Disabled"}]},
    "s3:GetBucketNotificationConfiguration": {
        "LambdaFunctionConfigurations": [{"LambdaFunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}],
        "TopicConfigurations": [{"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t"}],
    },
    "s3:GetBucketTagging": {"TagSet": [{"Key": "team", "Value": "finance"}]},
}
ABSENT = {
    "s3:GetBucketPolicy": "NoSuchBucketPolicy",
    "s3:GetBucketOwnershipControls": "OwnershipControlsNotFoundError",
    "s3:GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
    "s3:GetBucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
    "s3:GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    "s3:GetBucketTagging": "NoSuchTagSet",
    "s3:GetBucketWebsite": "NoSuchWebsiteConfiguration",
    "s3:GetBucketReplication": "ReplicationConfigurationNotFoundError",
    "s3:GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
}
LISTS = ("s3:ListBuckets", "s3:GetBucketLocation")


def test_every_field_is_known():
    (bucket,), listings, problems = read(s3, WHOLE)

    assert (bucket.id, bucket.name, bucket.region) == ("arn:aws:s3:::reports", "reports", "eu-west-1")
    assert (dict(bucket.unread), listings, problems) == ({}, {"AWS::S3::Bucket": "complete"}, [])
    assert bucket.tags == {"team": "finance"}
    assert bucket.known() == {
        "created": "2024-03-01T09:00:00+00:00",
        "policy": POLICY,
        "acl": (
            AclGrant(grantee="1f2e", permission="FULL_CONTROL"),
            AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ"),
        ),
        "object_ownership": "BucketOwnerPreferred",
        "public_access_block": PublicAccessBlock(
            block_public_acls=True, ignore_public_acls=True, block_public_policy=False, restrict_public_buckets=False
        ),
        "encryption": "aws:kms",
        "encryption_key": KEY,
        "versioning": "Enabled",
        "mfa_delete": True,
        "logging_target": "logs",
        "website": True,
        "object_lock": True,
        "replication": ("arn:aws:s3:::copy",),
        "lifecycle_rules": 1,
        "notification_targets": (
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
            "arn:aws:sns:eu-west-1:111122223333:t",
        ),
    }


def test_codes_of_absence_mean_there_is_none():
    answers = WHOLE | {call: denied(call, code) for call, code in ABSENT.items()}
    answers |= {"s3:GetBucketVersioning": {}, "s3:GetBucketLogging": {}, "s3:GetBucketNotificationConfiguration": {}}

    (bucket,), _, problems = read(s3, answers)

    assert (dict(bucket.unread), problems, dict(bucket.tags)) == ({}, [], {})
    nothing = {None, False, ()}
    assert all(value in nothing for name, value in bucket.known().items() if name not in ("created", "acl"))


def test_a_refused_call_is_a_gap_on_just_the_fields_it_feeds():
    for call, unread in every_call_alone_denied(s3, WHOLE, LISTS):
        assert unread == fed_by(s3, call, "S3Bucket"), call


@pytest.mark.parametrize(
    ("item", "location", "region"),
    [
        ({"BucketRegion": "eu-north-1"}, None, "eu-north-1"),
        ({}, {"LocationConstraint": None}, "us-east-1"),
        ({}, {"LocationConstraint": "EU"}, "eu-west-1"),
        ({}, {"LocationConstraint": "ap-south-1"}, "ap-south-1"),
        ({}, denied("s3:GetBucketLocation"), "us-west-2"),
    ],
)
def test_the_region_comes_from_the_list_or_from_its_own_call(item, location, region):
    answers = WHOLE | {"s3:ListBuckets": {"Buckets": [BUCKET | item]}, "s3:GetBucketLocation": location}

    (bucket,), _, _ = read(s3, answers, region="us-west-2")

    assert bucket.region == region


@pytest.mark.parametrize(
    ("call", "answer", "fields"),
    [
        ("s3:GetBucketPolicy", {"Policy": "{not json"}, {"policy"}),
        ("s3:GetBucketPolicy", {"Policy": "[]"}, {"policy"}),
        ("s3:GetBucketAcl", {"Grants": None}, {"acl"}),
        ("s3:GetBucketOwnershipControls", {"OwnershipControls": {"Rules": []}}, {"object_ownership"}),
        ("s3:GetBucketVersioning", {"Status": 7}, {"versioning"}),
    ],
)
def test_a_malformed_answer_is_a_gap(call, answer, fields):
    (bucket,), listings, problems = read(s3, WHOLE | {call: answer})

    assert set(bucket.unread) == fields
    assert problems
    assert listings == {"AWS::S3::Bucket": "complete"}


def test_a_refused_list_is_denied_and_a_broken_item_is_lost_alone():
    assert read(s3, {"s3:ListBuckets": denied("s3:ListBuckets")})[:2] == ([], {"AWS::S3::Bucket": "denied"})
    assets, listings, _ = read(s3, WHOLE | {"s3:ListBuckets": [{"Buckets": [{}, BUCKET]}, {"Buckets": ["x"]}]})
    assert ([b.name for b in assets], listings) == (["reports"], {"AWS::S3::Bucket": "partial"})
