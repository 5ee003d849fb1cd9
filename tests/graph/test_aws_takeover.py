"""Who reads a store of AWS by rewriting its policy or sharing a copy: what a new policy lifts, and what it does not.

Expectations: S3 API Reference (`PutBucketPolicy`: of the own account alone), Organizations User Guide (service control
policies act on principals of the organization alone; resource control policies on every caller), KMS Developer Guide
("Allowing users in other accounts to use a KMS key"), EBS User Guide ("Share an Amazon EBS snapshot") and RDS User
Guide ("Sharing encrypted snapshots": not with the key of the service, and automated ones only as a copy).
"""

import pytest

from poise.graph.build import build
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.aws.account import AwsAccount
from poise.model.graph import EVERYONE, Capability, EdgeKind, EdgeState
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.model.samples.aws_ec2 import SNAPSHOT as DISK_SNAPSHOT
from poise.model.samples.aws_ec2 import VOLUME as DISK
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_rds import RDS_INSTANCE, RDS_SNAPSHOT
from poise.model.samples.aws_sharing import SECRET
from poise.policy.aws.entitlements import ask as ask_policies
from poise.policy.aws.entitlements import guardrails_of, side_of
from poise.policy.aws.holdings import Holding
from tests.graph.estates import ALONE, allow, between, bucket, role, trust
from tests.graph.organizations import member, organization

MAY, ROW = EdgeKind.HAS_PERMISSION, EdgeKind.CAN_ESCALATE_TO
WEB, PII = f"arn:aws:iam::{ACCOUNT}:role/web", "arn:aws:s3:::pii"
OBJECTS = f"{PII}/*"
PUT = allow("s3:PutBucketPolicy", PII)
KEY = replace(
    KMS_KEY, policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*"), grants=(), manager="CUSTOMER", aliases=()
)
KEY.policy["Statement"][0]["Resource"] = "*"
OF_SERVICE = replace(KEY, manager="AWS")
VOLUME = replace(DISK, encrypted=False, key=None)
SNAPSHOT = replace(DISK_SNAPSHOT, encrypted=False, key=None, shared_with_accounts=(), shared_with_groups=())


def built(*assets):
    """Build the graph of some assets, with an account in no organization unless one is given."""
    given = any(isinstance(one, AwsAccount) and one.scope == ACCOUNT for one in assets)
    return build(Estate(assets if given else (ALONE, *assets)))


def deny(actions, **more):
    return {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": [PII, OBJECTS], **more}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def joined(*policies):
    return document(*(one for policy in policies for one in policy["Statement"]))


def taken(graph, target=PII):
    """Return the edges by which the role reads the target through a row."""
    return [one for one in between(graph, WEB, target, ROW) if one.capability is Capability.READ]


def test_who_may_write_the_policy_of_a_bucket_reads_it_for_certain():
    (edge,) = taken(built(role(policy=PUT), bucket()))
    assert (edge.rule, edge.state, edge.actions) == ("s3_put_bucket_policy", EdgeState.CERTAIN, ("s3:PutBucketPolicy",))


def test_a_deny_of_reading_in_the_policy_itself_is_written_away():
    assert taken(built(role(policy=PUT), bucket(policy=document(deny("s3:GetObject")))))


def test_a_deny_of_writing_the_policy_stops_it():
    assert not taken(built(role(policy=PUT), bucket(policy=document(deny("s3:*")))))


def test_a_principal_of_another_account_cannot_write_the_policy_whatever_it_says():
    other = replace(AWS_ACCOUNT, id="arn:aws:iam::222233334444:root", scope="222233334444", organization_id=None)
    foreign = bucket(scope=other.scope, policy=document({**deny("s3:PutBucketPolicy"), "Effect": "Allow"}))
    graph = built(role(policy=PUT), other, foreign)
    assert not between(graph, WEB, PII)
    assert not between(graph, EVERYONE, PII)


@pytest.mark.parametrize("who", [EVERYONE, "arn:aws:iam::222233334444:root"])
def test_outsiders_never_write_policies_of_buckets_and_keys(who):
    principal = "*" if who == EVERYONE else {"AWS": who}
    statement = {"Effect": "Allow", "Principal": principal, "Action": ["s3:PutBucketPolicy", "kms:*"], "Resource": "*"}
    opened = bucket(policy=document(statement), public_access_block=None)
    key = replace(KEY, policy=document(statement))
    graph = built(replace(ALONE, public_access_block=None), opened, key)
    assert not between(graph, who, PII)
    assert {one.capability for one in between(graph, who, key.id)} == {Capability.READ}


def test_a_guardrail_of_the_asset_stops_whoever_reads():
    everybody = organization(rcp=document({**deny("s3:GetObject"), "Resource": "*"}))
    assert not taken(built(role(policy=PUT), bucket(), *everybody))


def test_a_guardrail_that_keeps_outsiders_out_leaves_the_principal_itself():
    perimeter = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    estate = organization(rcp=document({**deny("s3:*", Condition=perimeter), "Resource": "*"}))
    (edge,) = taken(built(role(policy=PUT), bucket(), *estate))
    assert edge.state is EdgeState.CERTAIN
    held = joined(PUT, document({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}))
    assert not taken(built(role(policy=held), bucket(), *estate))


def test_a_service_control_policy_on_reading_holds_back_no_account_of_the_attacker():
    estate = organization(scp=document({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}))
    graph = built(role(policy=joined(PUT, allow("s3:GetObject"))), bucket(), *estate)
    assert not [one for one in between(graph, WEB, PII, MAY) if one.capability is Capability.READ]
    assert taken(graph)


def test_guardrails_that_were_not_read_make_it_unknown():
    (edge,) = taken(built(role(policy=PUT), bucket(), member()))
    assert edge.state is EdgeState.UNKNOWN
    assert "control policies" in edge.condition


LOCKED = {"encryption": "aws:kms", "encryption_key": KEY.id}


@pytest.mark.parametrize(
    ("more", "key", "state"),
    [
        ([], KEY, None),
        (["kms:Decrypt"], KEY, EdgeState.CERTAIN),
        (["kms:PutKeyPolicy"], KEY, EdgeState.CERTAIN),
        (["kms:CreateGrant"], KEY, EdgeState.CERTAIN),
        ([], OF_SERVICE, EdgeState.CERTAIN),
        ([], None, EdgeState.UNKNOWN),
    ],
)
def test_the_key_of_a_bucket_must_open_too(more, key, state):
    policy = joined(PUT, allow(more, KEY.id)) if more else PUT
    graph = built(role(policy=policy), bucket(**LOCKED), *([key] if key else []))
    assert [one.state for one in taken(graph)] == ([state] if state else [])


def test_an_administrator_whom_the_key_policy_does_not_name_does_not_read():
    closed = replace(KEY, policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/keeper"}, "kms:*"))
    graph = built(role(policy=allow("*")), bucket(**LOCKED), closed)
    assert not taken(graph)
    assert not [one for one in between(graph, WEB, PII, MAY) if one.capability is Capability.READ]


def test_a_key_that_was_not_read_is_not_taken_for_none():
    hidden = bucket(unread={"encryption_key": "AccessDenied"})
    graph = built(role(policy=joined(PUT, allow("s3:GetObject", OBJECTS))), hidden)
    assert [one.state for one in taken(graph)] == [EdgeState.UNKNOWN]
    (edge,) = [one for one in between(graph, WEB, PII, MAY) if one.capability is Capability.READ]
    assert edge.state is EdgeState.UNKNOWN


SHARE = ["ec2:ModifySnapshotAttribute"]


@pytest.mark.parametrize(
    ("key", "actions", "reads"),
    [
        (None, SHARE, True),
        (KEY, SHARE, False),
        (KEY, [*SHARE, "kms:PutKeyPolicy"], True),
        (KEY, [*SHARE, "kms:Decrypt"], False),
        (KEY, [*SHARE, "kms:Decrypt", "ec2:CopySnapshot"], True),
        (OF_SERVICE, [*SHARE, "kms:PutKeyPolicy"], False),
        (OF_SERVICE, [*SHARE, "ec2:CopySnapshot"], True),
    ],
)
def test_a_shared_snapshot_is_read_where_its_key_opens(key, actions, reads):
    locked = replace(SNAPSHOT, encrypted=key is not None, key=key.id if key else None)
    graph = built(role(policy=allow(actions)), locked, *([key] if key else []))
    assert bool(taken(graph, locked.id)) is reads
    disk = replace(VOLUME, encrypted=key is not None, key=key.id if key else None)
    graph = built(role(policy=allow([*actions, "ec2:CreateSnapshot"])), disk, *([key] if key else []))
    assert bool(taken(graph, disk.id)) is reads


def test_an_automated_snapshot_of_a_database_is_shared_as_a_copy_alone():
    automated = replace(RDS_SNAPSHOT, origin="automated", encrypted=False, encryption_key=None, restorable_by=())
    share = ["rds:ModifyDBSnapshotAttribute"]
    assert not taken(built(role(policy=allow(share)), automated), automated.id)
    assert taken(built(role(policy=allow([*share, "rds:CopyDBSnapshot"])), automated), automated.id)
    manual = replace(automated, origin="manual")
    assert taken(built(role(policy=allow(share)), manual), manual.id)


def test_a_foreign_account_reads_an_encrypted_copy_only_with_its_key():
    friend = "222233334444"
    shared = replace(SNAPSHOT, shared_with_accounts=(friend,), encrypted=True, key=KEY.id)
    node = f"arn:aws:iam::{friend}:root"
    (held,) = between(built(shared, KEY), node, shared.id)
    assert held.capability is None
    lent = replace(KEY, policy=trust({"AWS": node}, ["kms:Decrypt", "kms:CreateGrant"]))
    lent.policy["Statement"][0]["Resource"] = "*"
    (opened,) = between(built(shared, lent), node, shared.id)
    assert (opened.capability, opened.state) == (Capability.READ, EdgeState.CERTAIN)


OPEN = document({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": OBJECTS})


def test_nobody_reads_a_public_bucket_past_a_guardrail_or_its_key():
    opened = bucket(policy=OPEN, public_access_block=None)
    perimeter = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
    full, shut = organization(), organization(rcp=document({**deny("s3:*", Condition=perimeter), "Resource": "*"}))
    assert between(built(opened, *full), EVERYONE, PII, MAY)
    assert not between(built(opened, *shut), EVERYONE, PII, MAY)
    locked = replace(opened, **LOCKED)
    alone = replace(ALONE, public_access_block=None)
    # Objects that were written before the bucket had the key may be open.
    (edge,) = between(built(alone, locked, KEY), EVERYONE, PII, MAY)
    assert edge.state is EdgeState.CONDITIONAL
    assert "not encrypted with" in edge.condition


def test_a_guardrail_stops_outsiders_from_taking_a_role():
    vendor = role("vendor", trust_policy=trust({"AWS": "arn:aws:iam::222233334444:root"}))
    shut = organization(rcp=document({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}))
    node = "arn:aws:iam::222233334444:root"
    assert between(built(vendor, *organization()), node, vendor.id, EdgeKind.CAN_ASSUME)
    assert not between(built(vendor, *shut), node, vendor.id, EdgeKind.CAN_ASSUME)


def test_a_guardrail_about_one_bucket_or_one_caller_is_not_taken_for_all():
    """Questions are answered once for a class of callers and assets: guardrails tell them apart too."""
    read = allow("s3:GetObject")
    only = organization(rcp=document({**deny("s3:*"), "Resource": OBJECTS}))
    graph = built(role(policy=read), bucket(), bucket("other"), *only)
    assert [len(between(graph, WEB, one, MAY)) for one in (PII, "arn:aws:s3:::other")] == [0, 1]
    named = {"ArnEquals": {"aws:PrincipalArn": WEB}}
    one = organization(rcp=document({**deny("s3:*", Condition=named), "Resource": "*"}))
    graph = built(role(policy=read), role("other", policy=read), bucket(), *one)
    assert [len(between(graph, f"arn:aws:iam::{ACCOUNT}:role/{name}", PII, MAY)) for name in ("web", "other")] == [0, 1]


def test_the_judge_of_policies_says_the_same_of_other_accounts():
    other = replace(AWS_ACCOUNT, id="arn:aws:iam::222233334444:root", scope="222233334444", organization_id=None)
    foreign = bucket(scope=other.scope, policy=document({**deny("s3:*"), "Effect": "Allow"}))
    other, foreign = (replace(one, public_access_block=None) for one in (other, foreign))
    inventory = Estate((ALONE, other, foreign, role(policy=allow("s3:*")))).inventory
    side = side_of(role(policy=allow("s3:*")), inventory)
    guardrails = guardrails_of(other.scope, inventory, "RESOURCE_CONTROL_POLICY")
    answers = {
        action: ask_policies(side, action, Holding(foreign, inventory), guardrails).decision
        for action in ("s3:GetObject", "s3:PutBucketPolicy")
    }
    assert answers == {"s3:GetObject": "allow", "s3:PutBucketPolicy": "deny"}


KEPT = replace(SECRET, scope=ACCOUNT, policy=None, encryption_key=None)


def test_a_secret_is_read_by_whom_its_policy_or_key_lets_in():
    """Secrets Manager User Guide: with the key of the service a secret is read in its own account alone."""
    get = allow("secretsmanager:GetSecretValue", KEPT.id)
    assert [one.capability for one in between(built(role(policy=get), KEPT), WEB, KEPT.id, MAY)] == [Capability.READ]
    locked = replace(KEPT, encryption_key=KEY.id)
    assert not between(built(role(policy=get), locked, KEY), WEB, KEPT.id, MAY)
    statement = {"Effect": "Allow", "Principal": {"AWS": "222233334444"}, "Action": "*", "Resource": "*"}
    lent = replace(KEPT, policy=document(statement))
    assert not between(built(lent), "arn:aws:iam::222233334444:root", KEPT.id, MAY)


def test_who_may_write_the_policy_of_a_secret_reads_it():
    put = allow("secretsmanager:PutResourcePolicy", KEPT.id)
    (edge,) = taken(built(role(policy=put), KEPT), KEPT.id)
    assert (edge.rule, edge.state) == ("secretsmanager_put_policy", EdgeState.CERTAIN)
    held = joined(put, document({"Effect": "Deny", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}))
    assert not taken(built(role(policy=held), KEPT), KEPT.id), "its service's key opens for nobody else"


def test_the_secret_that_keeps_the_password_of_a_database_opens_it():
    graph = built(RDS_INSTANCE)
    assert between(graph, RDS_INSTANCE.master_secret, RDS_INSTANCE.id, EdgeKind.CAN_AUTHENTICATE_AS)
