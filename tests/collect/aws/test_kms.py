"""Keys: every field known, keys that AWS manages, refused and broken answers."""

from datetime import UTC, datetime

from poise.collect.aws import kms
from poise.model.aws.kms import KeyGrant
from tests.collect.aws.answers import denied, every_call_alone_denied, fed_by, read

ARN = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1"
META = {
    "AWSAccountId": "111122223333",
    "KeyId": "mrk-1",
    "Arn": ARN,
    "CreationDate": datetime(2024, 3, 1, 9, tzinfo=UTC),
    "Enabled": False,
    "Description": "Encrypts reports",
    "KeyUsage": "ENCRYPT_DECRYPT",
    "KeyState": "PendingDeletion",
    "DeletionDate": datetime(2026, 12, 1, tzinfo=UTC),
    "Origin": "AWS_KMS",
    "KeyManager": "CUSTOMER",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
    "MultiRegion": True,
    "MultiRegionConfiguration": {"MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Arn": ARN, "Region": "eu-west-1"}},
}
GRANT = {
    "KeyId": ARN,
    "GrantId": "g1",
    "Name": "",
    "GranteePrincipal": "arn:aws:iam::999988887777:role/copy",
    "Operations": ["Decrypt"],
    "Constraints": {"EncryptionContextSubset": {"a": "b"}},
}
WHOLE = {
    "kms:ListKeys": {"Keys": [{"KeyId": "mrk-1", "KeyArn": ARN}]},
    "kms:ListAliases": [
        {"Aliases": [{"AliasName": "alias/z", "TargetKeyId": "mrk-1"}, {"AliasName": "alias/aws/unused"}]},
        {
            "Aliases": [
                {"AliasName": "alias/a", "TargetKeyId": "mrk-1"},
                {"AliasName": "alias/b", "TargetKeyId": "other"},
            ]
        },
    ],
    "kms:DescribeKey": {"KeyMetadata": META},
    "kms:GetKeyPolicy": {"Policy": '{"Statement": []}', "PolicyName": "default"},
    "kms:GetKeyRotationStatus": {"KeyRotationEnabled": True, "KeyId": ARN, "RotationPeriodInDays": 180},
    "kms:ListGrants": [
        {"Grants": [GRANT]},
        {"Grants": [{"GrantId": "g2", "GranteeServicePrincipal": "rds.amazonaws.com", "Operations": []}]},
    ],
    "kms:ListResourceTags": {"Tags": [{"TagKey": "team", "TagValue": "finance"}]},
}
LISTS = ("kms:ListKeys",)


def test_every_field_is_known():
    (key,), listings, problems = read(kms, WHOLE)

    assert (key.id, key.name, dict(key.unread)) == (ARN, "alias/a", {})
    assert (listings, problems) == ({"AWS::KMS::Key": "complete"}, [])
    assert key.tags == {"team": "finance"}
    assert key.known() == {
        "created": "2024-03-01T09:00:00+00:00",
        "description": "Encrypts reports",
        "aliases": ("alias/a", "alias/z"),
        "manager": "CUSTOMER",
        "state": "PendingDeletion",
        "usage": "ENCRYPT_DECRYPT",
        "spec": "SYMMETRIC_DEFAULT",
        "origin": "AWS_KMS",
        "multi_region": True,
        "primary_key": ARN,
        "deletion_date": "2026-12-01T00:00:00+00:00",
        "policy": {"Statement": []},
        "rotation_enabled": True,
        "rotation_period_days": 180,
        "grants": (
            KeyGrant(
                id="g1",
                name=None,
                grantee="arn:aws:iam::999988887777:role/copy",
                operations=("Decrypt",),
                constraints={"EncryptionContextSubset": {"a": "b"}},
            ),
            KeyGrant(id="g2", name=None, grantee="rds.amazonaws.com", operations=(), constraints=None),
        ),
    }


def test_a_refused_call_is_a_gap_on_just_the_fields_it_feeds():
    for call, unread in every_call_alone_denied(kms, WHOLE, LISTS):
        assert unread == fed_by(kms, call, "KmsKey"), call


def test_rotation_and_grants_are_not_asked_of_keys_that_aws_manages():
    managed = {"kms:DescribeKey": {"KeyMetadata": META | {"KeyManager": "AWS"}}}
    asked = {
        call: answer for call, answer in WHOLE.items() if call not in ("kms:ListGrants", "kms:GetKeyRotationStatus")
    }

    (key,), _, problems = read(kms, asked | managed)

    assert set(key.unread) == {"rotation_enabled", "rotation_period_days", "grants"}
    assert (dict(key.tags), problems) == ({}, [])


def test_a_key_that_cannot_be_rotated_is_not_rotated():
    call = "kms:GetKeyRotationStatus"
    (key,), _, problems = read(kms, WHOLE | {call: denied(call, "UnsupportedOperationException")})
    assert (key.rotation_enabled, key.rotation_period_days, problems) == (False, None, [])


def test_old_and_broken_answers_are_gaps():
    old = {k: v for k, v in META.items() if k not in ("KeySpec", "MultiRegion")}
    (key,), _, _ = read(kms, WHOLE | {"kms:DescribeKey": {"KeyMetadata": old}, "kms:GetKeyPolicy": {"Policy": "{"}})
    assert (key.spec, set(key.unread)) == ("SYMMETRIC_DEFAULT", {"multi_region", "policy"})


def test_a_refused_list_is_denied_and_a_broken_item_is_lost_alone():
    assert read(kms, WHOLE | {"kms:ListKeys": denied("kms:ListKeys")})[:2] == ([], {"AWS::KMS::Key": "denied"})
    pages = [{"Keys": [{"KeyId": "x"}]}, WHOLE["kms:ListKeys"]]
    assets, listings, _ = read(kms, WHOLE | {"kms:ListKeys": pages})
    assert ([k.id for k in assets], listings) == ([ARN], {"AWS::KMS::Key": "partial"})
