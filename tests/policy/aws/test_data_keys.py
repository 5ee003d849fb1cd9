"""What the key of an asset takes, beside the permission on the asset: the services ask KMS in the name of the caller.

Rules: S3 User Guide, "Using server-side encryption with AWS KMS keys" (kms:Decrypt to read, kms:GenerateDataKey to
write; a default holds for what is new); Secrets Manager User Guide, "Secret encryption and decryption"; SQS Developer
Guide, "Key management"; EBS User Guide, "EBS direct APIs"; KMS Developer Guide, "AWS managed keys".
"""

import pytest

from poise.model import replace
from poise.model.aws.kms import KeyGrant
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, BLOCK_NONE, REGION, S3_BUCKET
from poise.model.samples.aws_ec2 import SNAPSHOT
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_sharing import QUEUE, SECRET, TOPIC
from poise.policy.answer import Decision
from poise.policy.aws.callers import Caller
from poise.policy.aws.data_keys import find_key, with_key
from poise.policy.aws.entitlements import Side, ask
from poise.policy.aws.holdings import Holding
from poise.policy.aws.outsiders import everyone
from poise.policy.aws.sources import Source

FOREIGN = "999988887777"
USER = f"arn:aws:iam::{ACCOUNT}:user/reader"
ALONE = replace(AWS_ACCOUNT, organization_id=None, management_account=None, public_access_block=BLOCK_NONE)
BUCKET = replace(
    S3_BUCKET, encryption="aws:kms", encryption_key=KMS_KEY.id, policy=None, public_access_block=BLOCK_NONE
)
LOCKED = replace(SNAPSHOT, encrypted=True, key=KMS_KEY.id)
OWN_SECRET = replace(SECRET, encryption_key="alias/reports")
LOCKED_QUEUE = replace(QUEUE, encryption_key="alias/reports", managed_encryption=False, policy=None)
LOCKED_TOPIC = replace(TOPIC, encryption_key=KMS_KEY.id.rpartition("/")[2], policy=None)


class Keys:
    """The keys of an inventory, for one caller."""

    def __init__(self, side, inventory):
        self.side, self.inventory = side, inventory

    def find(self, arn):
        return find_key(arn, self.inventory)

    def may(self, action, key, context):
        return ask(self.side, action, Holding(key, self.inventory), None, context=context)


def answered(actions, asset, action, key=KMS_KEY, side=None):
    """Ask for a user with one policy that allows some actions on everything."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    side = side or Side(caller=Caller.of(USER), identity=(Source.of("own", document),))
    inventory = ListInventory([ALONE, asset, *([] if key is None else [key])])
    answer = ask(side, action, Holding(asset, inventory), None)
    return with_key(answer, asset, action, side.caller, Keys(side, inventory))


@pytest.mark.parametrize(
    ("asset", "action", "needed"),
    [
        (LOCKED, "ebs:GetSnapshotBlock", ("kms:Decrypt",)),
        (OWN_SECRET, "secretsmanager:GetSecretValue", ("kms:Decrypt",)),
        (OWN_SECRET, "secretsmanager:PutSecretValue", ("kms:GenerateDataKey", "kms:Decrypt")),
        (LOCKED_QUEUE, "sqs:SendMessage", ("kms:GenerateDataKey", "kms:Decrypt")),
        (LOCKED_TOPIC, "sns:Publish", ("kms:GenerateDataKey", "kms:Decrypt")),
    ],
)
def test_all_that_the_service_asks_of_the_key_is_needed(asset, action, needed):
    assert answered((action, *needed), asset, action).decision is Decision.ALLOW
    for one in needed:
        denied = answered((action, *(other for other in needed if other != one)), asset, action)
        assert denied.decision is Decision.DENY
        assert f"on {KMS_KEY.name}, the key of {asset.name}" in denied.because[0].text


@pytest.mark.parametrize(
    ("asset", "action", "left"),
    [
        (BUCKET, "s3:GetObject", "the object is not encrypted with alias/reports"),
        (BUCKET, "s3:GetObjectVersion", "the object is not encrypted with alias/reports"),
        (BUCKET, "s3:PutObject", "the request asks for another encryption than alias/reports"),
        (LOCKED_QUEUE, "sqs:ReceiveMessage", "the message was sent before alias/reports was set"),
    ],
)
def test_a_default_says_nothing_of_what_was_there_before(asset, action, left):
    answer = answered((action,), asset, action)
    assert (answer.decision, str(answer.residual)) == (Decision.CONDITIONAL, left)
    assert answered((action, "kms:Decrypt", "kms:GenerateDataKey"), asset, action).decision is Decision.ALLOW


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:ListBucket", "s3:PutBucketPolicy"])
def test_what_reads_no_data_asks_no_key(action):
    assert answered((action,), BUCKET, action).decision is Decision.ALLOW


@pytest.mark.parametrize(
    "changes", [{"encryption": "AES256", "encryption_key": None}, {"encryption_key": "alias/aws/s3"}]
)
def test_the_keys_of_the_service_serve_whoever_may_use_the_service(changes):
    assert answered(("s3:GetObject",), replace(BUCKET, **changes), "s3:GetObject").decision is Decision.ALLOW


def test_a_secret_under_the_key_of_aws_is_open_to_its_account_alone():
    reading = "secretsmanager:GetSecretValue"
    plain = replace(SECRET, encryption_key=None, policy=anyone(reading))
    assert answered((reading,), plain, reading).decision is Decision.ALLOW
    foreign = Side(caller=Caller.of(f"arn:aws:iam::{FOREIGN}:root"))
    answer = answered((), plain, reading, side=foreign)
    assert answer.decision is Decision.DENY
    assert answer.because[0].text.startswith("aws/secretsmanager is managed by AWS and serves principals of account")


def test_nobody_reads_what_kms_encrypts_without_signing():
    public = replace(BUCKET, policy=anyone("s3:GetObject"))
    answer = answered((), public, "s3:GetObject", side=everyone())
    assert answer.decision is Decision.CONDITIONAL
    assert "KMS answers signed requests alone" in answer.because[-1].text
    plain = replace(public, encryption="AES256", encryption_key=None)
    assert answered((), plain, "s3:GetObject", side=everyone()).decision is Decision.ALLOW


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion", "PendingImport", "Unavailable"])
def test_a_key_that_cannot_be_used_opens_nothing(state):
    actions = ("ebs:GetSnapshotBlock", "kms:Decrypt")
    answer = answered(actions, LOCKED, "ebs:GetSnapshotBlock", replace(KMS_KEY, state=state))
    assert (answer.decision, state in answer.because[0].text) == (Decision.DENY, True)


def test_a_key_that_was_not_read_leaves_it_unknown():
    actions = ("ebs:GetSnapshotBlock", "kms:Decrypt")
    answer = answered(actions, LOCKED, "ebs:GetSnapshotBlock", None)
    assert (answer.decision, answer.unread[0].input) == (Decision.UNKNOWN, f"policy of key {KMS_KEY.id}")
    hidden = replace(LOCKED, unread={"key": "denied"})
    assert answered(actions, hidden, "ebs:GetSnapshotBlock").decision is Decision.UNKNOWN


def test_a_state_that_was_not_read_leaves_it_unknown():
    actions = ("ebs:GetSnapshotBlock", "kms:Decrypt")
    answer = answered(actions, LOCKED, "ebs:GetSnapshotBlock", replace(KMS_KEY, unread={"state": "denied"}))
    assert (answer.decision, [gap.reason for gap in answer.unread]) == (Decision.UNKNOWN, ["denied"])


def test_the_key_is_asked_through_the_service():
    through = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com", "kms:CallerAccount": ACCOUNT}}
    policy = {
        "Version": "2012-10-17",
        "Statement": [{**anyone("kms:Decrypt")["Statement"][0], "Condition": through}],
    }
    through_s3 = replace(KMS_KEY, policy=policy)
    assert answered(("s3:GetObject",), BUCKET, "s3:GetObject", through_s3).decision is Decision.ALLOW
    assert answered(("ebs:GetSnapshotBlock",), LOCKED, "ebs:GetSnapshotBlock", through_s3).decision is Decision.DENY


def test_a_grant_of_the_key_is_as_good_as_a_statement():
    grant = KeyGrant(id="g1", name=None, grantee=USER, operations=("Decrypt",), constraints=None)
    granted = replace(KMS_KEY, grants=(grant,))
    assert answered(("ebs:GetSnapshotBlock",), LOCKED, "ebs:GetSnapshotBlock", granted).decision is Decision.ALLOW


def anyone(action):
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
