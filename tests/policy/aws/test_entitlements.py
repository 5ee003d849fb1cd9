"""From records to answers: which inputs a caller and an asset have, and what was not read. The rules are AWS's own
(IAM User Guide, "Policy evaluation logic"; Organizations User Guide, "Service control policies")."""

import pytest

from poise.model import replace
from poise.model.aws.kms import KeyGrant
from poise.model.aws.s3 import AclGrant
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, BLOCK_ALL, BLOCK_NONE, FOREIGN_ACCOUNT, OWNER, S3_BUCKET
from poise.model.samples.aws_ec2 import IMAGE, INSTANCE, SNAPSHOT
from poise.model.samples.aws_iam import AWS_POLICY, IAM_GROUP, IAM_POLICY, IAM_ROLE, IAM_USER
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_rds import RDS_CLUSTER
from poise.model.samples.aws_vpc import VPC_ENDPOINT
from poise.policy.answer import Decision
from poise.policy.as_read import as_far_as_read
from poise.policy.aws.callers import Caller
from poise.policy.aws.entitlements import RESOURCE_CONTROL, Side, ask, guardrails_of, root_of, side_of
from poise.policy.aws.holdings import Holding, is_about_objects
from poise.policy.aws.outsiders import everyone, outsiders

ALONE = replace(AWS_ACCOUNT, organization_id=None, management_account=None, public_access_block=BLOCK_NONE)
READER = replace(IAM_USER, inline_policies={}, groups=(), attached_policies=(IAM_POLICY.id,), permissions_boundary=None)
READS = "s3:GetObject"


def allowing(action, resource="*", effect="Allow", **more):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}],
    }


def asked(principal, action, asset, *others, account=ALONE, session=""):
    inventory = ListInventory([account, IAM_POLICY, AWS_POLICY, asset, *others])
    side = side_of(principal, inventory, session)
    guardrails = guardrails_of(asset.scope, inventory, RESOURCE_CONTROL)
    return ask(side, action, Holding(asset, inventory), guardrails)


def test_an_account_outside_of_any_organization_has_no_guardrails():
    answer = asked(READER, READS, S3_BUCKET)
    assert (answer.decision, answer.unread) == (Decision.ALLOW, ())
    assert answer.because[0].source == IAM_POLICY.id


def test_guardrails_of_an_organization_were_not_read():
    answer = asked(READER, READS, S3_BUCKET, account=AWS_ACCOUNT)
    assert answer.decision is Decision.UNKNOWN
    assert [gap.input for gap in answer.unread] == ["service control policies", "resource control policies"]
    assert "o-a1b2c3d4e5" in answer.unread[0].reason
    assert as_far_as_read(answer) == (Decision.ALLOW, None)


def test_guardrails_do_not_turn_a_no():
    assert asked(READER, "s3:PutObject", S3_BUCKET, account=AWS_ACCOUNT).decision is Decision.DENY


def test_the_management_account_is_exempt():
    manager = replace(AWS_ACCOUNT, management_account=ACCOUNT)
    assert asked(READER, READS, S3_BUCKET, account=manager).decision is Decision.ALLOW


@pytest.mark.parametrize(
    "account", [replace(AWS_ACCOUNT, unread={"organization_id": "AccessDenied"}), replace(AWS_ACCOUNT, scope="other")]
)
def test_an_account_that_was_not_read_may_have_guardrails(account):
    answer = asked(READER, READS, S3_BUCKET, account=account)
    assert answer.decision is Decision.UNKNOWN
    assert "whether account 111122223333 is in an organization was not read" in answer.unread[0].reason


def test_resource_control_policies_are_about_some_services_alone():
    user = replace(READER, inline_policies={"stop": allowing("ec2:*")})
    answer = asked(user, "ec2:StopInstances", INSTANCE, account=AWS_ACCOUNT)
    assert [gap.input for gap in answer.unread] == ["service control policies"]


def test_a_user_has_the_policies_of_its_groups():
    user = replace(READER, attached_policies=(), groups=(IAM_GROUP.name,))
    group = replace(IAM_GROUP, inline_policies={"put": allowing("s3:PutObject")}, attached_policies=())
    answer = asked(user, "s3:PutObject", S3_BUCKET, group)
    assert answer.decision is Decision.ALLOW
    assert answer.because[0].source == f"{IAM_GROUP.name}/put"


def test_a_group_that_was_not_read_may_allow_or_deny():
    user = replace(READER, groups=("gone",))
    answer = asked(user, READS, S3_BUCKET)
    assert answer.decision is Decision.UNKNOWN
    assert [gap.input for gap in answer.unread] == ["group gone"]


def test_a_policy_that_was_not_read_leaves_an_explicit_deny_final():
    denied = {"no": allowing(READS, effect="Deny")}
    user = replace(READER, inline_policies=denied, unread={"attached_policies": "AccessDenied"})
    assert asked(user, READS, S3_BUCKET).decision is Decision.DENY
    user = replace(READER, inline_policies={}, attached_policies=("arn:aws:iam::aws:policy/Unseen",))
    answer = asked(user, READS, S3_BUCKET)
    assert answer.decision is Decision.UNKNOWN
    assert as_far_as_read(answer)[0] is Decision.UNKNOWN


def test_a_boundary_must_allow_too():
    role = replace(IAM_ROLE, inline_policies={}, attached_policies=(AWS_POLICY.id,), permissions_boundary=IAM_POLICY.id)
    assert asked(role, READS, S3_BUCKET).decision is Decision.ALLOW
    denied = asked(role, "s3:PutObject", S3_BUCKET)
    assert denied.decision is Decision.DENY
    assert "permissions boundary" in denied.because[0].text


def test_a_boundary_that_was_not_read_is_named():
    role = replace(
        IAM_ROLE,
        attached_policies=(AWS_POLICY.id,),
        inline_policies={},
        unread={"permissions_boundary": "AccessDenied"},
    )
    answer = asked(role, READS, S3_BUCKET)
    assert [gap.input for gap in answer.unread] == ["permissions boundary"]
    assert as_far_as_read(answer)[0] is Decision.ALLOW


def test_a_session_may_have_been_narrowed():
    role = replace(IAM_ROLE, attached_policies=(AWS_POLICY.id,), inline_policies={}, permissions_boundary=None)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{IAM_ROLE.name}/i-0abc"
    answer = asked(role, READS, S3_BUCKET, session=session)
    assert [gap.input for gap in answer.unread] == ["session policies"]
    assert asked(role, READS, S3_BUCKET).decision is Decision.ALLOW


def test_a_statement_for_a_part_of_a_bucket_gives_a_condition():
    user = replace(
        READER, attached_policies=(), inline_policies={"part": allowing(READS, "arn:aws:s3:::reports/open/*")}
    )
    answer = asked(user, READS, S3_BUCKET)
    assert answer.decision is Decision.CONDITIONAL
    assert "arn:aws:s3:::reports/open/*" in str(answer.residual)


@pytest.mark.parametrize(
    ("action", "is_about"),
    [
        *((name, True) for name in ("s3:GetObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload", "s3:DeleteObject")),
        *((name, False) for name in ("s3:ListBucket", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketPolicy")),
    ],
)
def test_actions_on_objects_are_asked_of_objects(action, is_about):
    assert is_about_objects(action) is is_about


def test_the_owners_line_of_an_access_list_lets_no_other_in():
    bucket = replace(S3_BUCKET, policy=None, object_ownership="ObjectWriter", public_access_block=BLOCK_NONE)
    user = replace(READER, attached_policies=())
    assert asked(user, "s3:ListBucket", bucket).decision is Decision.DENY
    foreign = replace(user, id=f"arn:aws:iam::{FOREIGN_ACCOUNT}:user/ada", scope=FOREIGN_ACCOUNT)
    granted = replace(foreign, inline_policies={"all": allowing("s3:*")})
    assert asked(granted, "s3:ListBucket", bucket).decision is Decision.DENY


def test_a_public_line_of_an_access_list_counts_unless_it_is_ignored():
    lines = (
        AclGrant(grantee=OWNER, permission="FULL_CONTROL"),
        AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ"),
    )
    bucket = replace(S3_BUCKET, policy=None, acl=lines, object_ownership=None, public_access_block=None)

    def of(one, account=ALONE):
        inventory = ListInventory([one, account])
        return ask(everyone(), "s3:ListBucket", Holding(one, inventory), None).decision

    assert of(bucket) is Decision.ALLOW
    assert of(replace(bucket, public_access_block=BLOCK_ALL)) is Decision.DENY
    assert of(replace(bucket, object_ownership="BucketOwnerEnforced")) is Decision.DENY
    assert of(bucket, replace(ALONE, public_access_block=BLOCK_ALL)) is Decision.DENY
    assert of(bucket, replace(ALONE, unread={"public_access_block": "AccessDenied"})) is Decision.UNKNOWN
    assert of(replace(bucket, unread={"object_ownership": "AccessDenied"})) is Decision.UNKNOWN


def test_a_public_policy_that_is_shut_says_what_shuts_it():
    policy = allowing(READS, "arn:aws:s3:::reports/*", Principal="*")
    bucket = replace(S3_BUCKET, policy=policy, public_access_block=BLOCK_ALL)
    inventory = ListInventory([bucket, ALONE])
    answer = ask(everyone(), READS, Holding(bucket, inventory), None)
    assert answer.decision is Decision.DENY
    assert "public access block" in answer.because[0].text
    opened = replace(bucket, public_access_block=None)
    assert ask(everyone(), READS, Holding(opened, ListInventory([opened, ALONE])), None).decision is Decision.ALLOW


def test_a_grant_of_a_key_stands_beside_its_policy():
    grant = KeyGrant(
        id="g1",
        name=None,
        grantee=IAM_ROLE.id,
        operations=("Decrypt",),
        constraints={"EncryptionContextSubset": {"a": "b"}},
    )
    role = replace(IAM_ROLE, inline_policies={}, attached_policies=(), permissions_boundary=None)
    key = replace(KMS_KEY, grants=(grant,))
    answer = asked(role, "kms:Decrypt", key)
    assert answer.decision is Decision.CONDITIONAL
    assert "encryption context a is b" in str(answer.residual)
    assert asked(role, "kms:PutKeyPolicy", key).decision is Decision.DENY
    unread = replace(key, unread={"grants": "AccessDenied"})
    assert asked(role, "kms:Decrypt", unread).decision is Decision.UNKNOWN
    assert asked(role, "kms:PutKeyPolicy", unread).decision is Decision.DENY


def foreigner():
    """Return an administrator of another account, and that account: it is in no organization."""
    foreign = replace(
        READER,
        id=f"arn:aws:iam::{FOREIGN_ACCOUNT}:user/ada",
        scope=FOREIGN_ACCOUNT,
        attached_policies=(),
        inline_policies={"all": allowing("*")},
    )
    other = replace(ALONE, scope=FOREIGN_ACCOUNT, id="arn:aws:account::999988887777:account")
    return foreign, other


def test_another_account_is_let_into_no_instance():
    foreign, other = foreigner()
    assert asked(foreign, "ec2:StopInstances", INSTANCE, other).decision is Decision.DENY


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({}, Decision.DENY),
        ({"shared_with_accounts": (FOREIGN_ACCOUNT,)}, Decision.ALLOW),
        ({"shared_with_accounts": ("222233334444",)}, Decision.DENY),
        ({"shared_with_groups": ("all",)}, Decision.ALLOW),
        ({"unread": {"shared_with_accounts": "AccessDenied"}}, Decision.UNKNOWN),
    ],
)
def test_a_snapshot_is_open_to_the_accounts_of_its_list_to_copy_and_never_to_change(facts, decision):
    """EBS User Guide, "Share an Amazon EBS snapshot"."""
    foreign, other = foreigner()
    private = replace(SNAPSHOT, shared_with_accounts=(), shared_with_groups=())
    copy = replace(private, **facts)
    assert asked(foreign, "ec2:CreateVolume", copy, other).decision is decision
    assert asked(foreign, "ebs:GetSnapshotBlock", copy, other).decision is decision
    assert asked(foreign, "ec2:ModifySnapshotAttribute", copy, other).decision is Decision.DENY
    assert asked(foreign, "ec2:DeleteSnapshot", copy, other).decision is Decision.DENY


def test_an_image_is_shared_with_a_unit_of_an_organization():
    """EC2 User Guide, "Share an AMI with organizations or OUs"."""
    foreign, other = foreigner()
    unit = "arn:aws:organizations::444455556666:ou/o-a1b2c3d4e5/ou-ab12-workload"
    alone = {"public": False, "shared_with_groups": (), "shared_with_accounts": ()}
    image = replace(IMAGE, shared_with_organizations=(unit,), **alone)
    found = asked(foreign, "ec2:RunInstances", image, other)
    assert found.decision is not Decision.ALLOW
    assert asked(foreign, "ec2:DeregisterImage", image, other).decision is Decision.DENY


def test_a_cluster_is_shared_for_clones_alone_and_that_list_is_not_read():
    """Aurora User Guide, "Cross-account cloning with AWS RAM"."""
    foreign, other = foreigner()
    assert asked(foreign, "rds:DeleteDBCluster", RDS_CLUSTER, other).decision is Decision.DENY
    answer = asked(foreign, "rds:RestoreDBClusterToPointInTime", RDS_CLUSTER, other)
    assert (answer.decision, answer.unread[0].input) == (Decision.UNKNOWN, "sharing")


def test_the_trust_policy_decides_over_taking_a_role_alone():
    user = replace(READER, attached_policies=(AWS_POLICY.id,))
    assert asked(user, "iam:PutRolePolicy", IAM_ROLE).decision is Decision.ALLOW
    assert asked(user, "sts:AssumeRole", IAM_ROLE).decision is Decision.DENY


def test_outsiders_are_those_whom_the_policy_names():
    policy = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {
                    "AWS": [
                        f"arn:aws:iam::{FOREIGN_ACCOUNT}:root",
                        f"arn:aws:iam::{ACCOUNT}:root",
                        "AIDAEXAMPLE12345678",
                    ],
                    "Service": "ec2.amazonaws.com",
                    "Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
                },
                "Action": "sts:AssumeRole",
            }
        ]
    }
    role = replace(IAM_ROLE, trust_policy=policy)
    found = [side.caller.arn for side in outsiders(Holding(role, ListInventory([role])), {ACCOUNT})]
    assert found == [
        f"arn:aws:iam::{FOREIGN_ACCOUNT}:root",
        "ec2.amazonaws.com",
        f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
    ]


def test_a_foreign_principal_that_is_named_is_judged_by_the_assets_side():
    policy = allowing(READS, "arn:aws:s3:::reports/*", Principal={"AWS": f"arn:aws:iam::{FOREIGN_ACCOUNT}:role/copy"})
    bucket = replace(S3_BUCKET, policy=policy)
    holding = Holding(bucket, ListInventory([bucket, ALONE]))
    (side,) = outsiders(holding, {ACCOUNT})
    assert ask(side, READS, holding, None).decision is Decision.ALLOW
    assert ask(side, "s3:PutObject", holding, None).decision is Decision.DENY


def test_the_root_user_holds_every_permission_of_its_account():
    inventory = ListInventory([S3_BUCKET, ALONE])
    assert ask(root_of(ACCOUNT, inventory), READS, Holding(S3_BUCKET, inventory), None).decision is Decision.ALLOW


def test_hostile_documents_raise_nothing():
    policy = {
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*a*a*", 5, None]}, "Action": ["*a*a*a*a*"] * 50}, 7]
    }
    bucket = replace(S3_BUCKET, policy=policy)
    holding = Holding(bucket, ListInventory([bucket, ALONE]))
    assert list(outsiders(holding, ())) == []
    assert ask(Side(caller=Caller.anonymous()), READS, holding, None).decision in Decision


@pytest.mark.parametrize(
    ("policy", "decision"),
    [
        (allowing("s3:*", Principal="*"), Decision.ALLOW),
        (allowing("s3:PutObject", Principal="*"), Decision.DENY),
        (allowing("s3:*", effect="Deny", Principal="*"), Decision.DENY),
        (None, Decision.ALLOW),
    ],
)
def test_the_policy_of_an_end_point_on_the_way_must_allow_too(policy, decision):
    endpoint = replace(VPC_ENDPOINT, policy=policy)
    inventory = ListInventory([ALONE, IAM_POLICY, AWS_POLICY, S3_BUCKET])
    side = side_of(READER, inventory).through(endpoint)
    assert ask(side, READS, Holding(S3_BUCKET, inventory), None).decision is decision


def test_an_end_point_policy_that_was_not_read_is_unknown():
    endpoint = replace(VPC_ENDPOINT, unread={"policy": "AccessDenied"})
    inventory = ListInventory([ALONE, IAM_POLICY, AWS_POLICY, S3_BUCKET])
    answer = ask(side_of(READER, inventory).through(endpoint), READS, Holding(S3_BUCKET, inventory), None)
    assert (answer.decision, answer.unread[0].reason) == (Decision.UNKNOWN, "AccessDenied")


def test_a_bucket_policy_that_asks_for_the_end_point_is_met_through_it_alone():
    bound = allowing(
        "s3:*", effect="Deny", Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0a1"}}
    )
    bucket = replace(S3_BUCKET, policy=bound)
    inventory = ListInventory([ALONE, IAM_POLICY, AWS_POLICY, bucket])
    side, holding = side_of(READER, inventory), Holding(bucket, inventory)
    right = replace(VPC_ENDPOINT, id=VPC_ENDPOINT.id.rpartition("/")[0] + "/vpce-0a1", policy=None)
    wrong = replace(right, id=right.id + "b")
    answers = [ask(one, READS, holding, None).decision for one in (side, side.through(right), side.through(wrong))]
    assert answers == [Decision.CONDITIONAL, Decision.ALLOW, Decision.DENY]
