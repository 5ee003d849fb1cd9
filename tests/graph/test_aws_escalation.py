"""Rows of the escalation catalogue as edges; each part that is missing makes them go."""

import pytest

from poise.graph.row_table import BOUND, UNBOUND
from poise.model import replace
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_ec2 import INSTANCE, VOLUME
from poise.model.samples.aws_iam import ACCESS_KEY, IAM_GROUP, IAM_POLICY
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.aws.escalation import catalogue
from tests.graph.estates import ALONE, allow, graph_of, role, trust, user

CI = f"arn:aws:iam::{ACCOUNT}:user/ci"
BUILD = role("build-admin", allow("*"), trust_policy=trust({"Service": "lambda.amazonaws.com"}))
ALL = ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")


def rows(*assets, source=CI):
    """Return (row, target) of each escalation."""
    return {(one.rule, one.target) for one in graph_of(*assets).out(source, (EdgeKind.CAN_ESCALATE_TO,))}


def test_every_row_is_bound_or_says_why_it_is_not():
    ids = {row.id for row in catalogue()}
    assert set(BOUND) | set(UNBOUND) == ids
    assert not set(BOUND) & set(UNBOUND)
    assert all(UNBOUND.values())


def test_a_role_that_can_be_passed_to_a_function_is_won():
    graph = graph_of(user(policy=allow(list(ALL))), BUILD)
    (edge,) = graph.out(CI, (EdgeKind.CAN_ESCALATE_TO,))
    assert (edge.rule, edge.target) == ("lambda_create_and_invoke", BUILD.id)
    assert (edge.capability, edge.state) == (Capability.CREDENTIALS, EdgeState.CERTAIN)
    assert {proof.asset for proof in edge.evidence} == {CI, BUILD.id}


@pytest.mark.parametrize("missing", ALL)
def test_each_of_the_three_permissions_is_needed(missing):
    assert not rows(user(policy=allow([one for one in ALL if one != missing])), BUILD)


def test_a_role_that_trusts_another_service_is_not_won():
    other = replace(BUILD, trust_policy=trust({"Service": "ec2.amazonaws.com"}))
    assert not rows(user(policy=allow(list(ALL))), other)


def test_a_role_may_be_passed_to_the_named_service_alone():
    passing = allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
    rest = allow(list(ALL[1:]))
    both = {"Version": "2012-10-17", "Statement": [*passing["Statement"], *rest["Statement"]]}
    assert not rows(user(policy=both), BUILD)


def test_a_boundary_that_leaves_passing_out_stops_it():
    limit = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/limit", document=allow("lambda:*"))
    assert not rows(user(policy=allow(list(ALL)), permissions_boundary=limit.id), BUILD, limit)


def test_a_machine_takes_a_role_from_a_profile_only():
    bare = role("box", allow("*"), instance_profiles=())
    policy = allow(["iam:PassRole", "ec2:RunInstances"])
    assert not rows(user(policy=policy), bare)
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/box"
    assert ("ec2_run_instances", bare.id) in rows(user(policy=policy), replace(bare, instance_profiles=(profile,)))


def test_an_administrator_has_nothing_to_win():
    assert not rows(user(policy=allow("*")), BUILD)


def test_a_user_who_may_write_its_own_policy_administers_the_account():
    assert rows(user(policy=allow("iam:PutUserPolicy", CI))) == {("iam_put_user_policy", ALONE.id)}
    assert not rows(user(policy=allow("iam:PutUserPolicy", f"{CI}2")))


def test_attaching_no_more_than_a_named_policy_widens_nothing():
    only = allow(
        "iam:AttachUserPolicy", Condition={"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    )
    assert not rows(user(policy=only))


def test_a_policy_of_aws_gets_no_version():
    own = replace(IAM_POLICY, owner=ACCOUNT, other_versions={})
    wide = allow("iam:CreatePolicyVersion")
    assert rows(user(policy=wide, attached_policies=(own.id,)), own) == {("iam_create_policy_version", ALONE.id)}
    assert not rows(user(policy=wide, attached_policies=(own.id,)), replace(own, owner="aws"))


def test_a_policy_that_is_attached_to_others_widens_not_oneself():
    assert not rows(user(policy=allow("iam:CreatePolicyVersion")), replace(IAM_POLICY, owner=ACCOUNT))


def test_a_user_with_two_keys_gets_no_third():
    victim = user("boss", access_keys=(ACCESS_KEY, ACCESS_KEY))
    assert not rows(user(policy=allow("iam:CreateAccessKey", victim.id)), victim)
    fewer = replace(victim, access_keys=(ACCESS_KEY,))
    assert rows(user(policy=allow("iam:CreateAccessKey", victim.id)), fewer) == {("iam_create_access_key", victim.id)}


def test_a_group_is_joined_by_a_user_not_a_role():
    join = allow("iam:AddUserToGroup")
    assert ("iam_add_user_to_group", IAM_GROUP.id) in rows(user(policy=join), IAM_GROUP)
    assert not rows(role(policy=join), IAM_GROUP, source=f"arn:aws:iam::{ACCOUNT}:role/web")


def test_commands_on_a_machine_give_code_on_it():
    commands = allow("ssm:SendCommand", [INSTANCE.id, "arn:aws:ssm:*:*:document/*"])
    graph = graph_of(user(policy=commands), INSTANCE)
    (edge,) = graph.out(CI, (EdgeKind.CAN_ESCALATE_TO,))
    assert (edge.rule, edge.target, edge.capability) == ("ssm_send_command", INSTANCE.id, Capability.CODE)
    assert not rows(user(policy=commands), replace(INSTANCE, state="terminated"))
    # A command is authorized on its document too (Service Authorization Reference, ssm:SendCommand).
    assert not rows(user(policy=allow("ssm:SendCommand", INSTANCE.id)), INSTANCE)


def test_changing_the_code_of_a_function_gives_code_in_it():
    found = rows(user(policy=allow("lambda:UpdateFunctionCode")), LAMBDA_FUNCTION)
    assert ("lambda_update_code", LAMBDA_FUNCTION.id) in found
    assert ("lambda_update_code_and_invoke", LAMBDA_FUNCTION.id) not in found


def test_a_role_linked_to_a_service_is_out_of_reach():
    linked = replace(BUILD, path="/aws-service-role/lambda.amazonaws.com/")
    assert not rows(user(policy=allow(list(ALL))), linked)


SHARING = ("ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute")
SHARED = ("ec2_share_snapshot", VOLUME.id)


def test_a_copy_of_a_disk_is_shared_with_the_key_that_opens_it():
    # EBS User Guide, "Share an Amazon EBS snapshot": a customer managed key must be shared, too; a snapshot under the
    # key that AWS manages cannot be shared, and is copied under another key.
    locked = replace(VOLUME, encrypted=True, key=KMS_KEY.id)
    plain = replace(VOLUME, encrypted=False, key=None)
    assert SHARED in rows(user(policy=allow(list(SHARING))), plain)
    assert SHARED not in rows(user(policy=allow(list(SHARING))), locked, KMS_KEY)
    for opening in ("kms:CreateGrant", "kms:PutKeyPolicy"):
        assert SHARED in rows(user(policy=allow([*SHARING, opening])), locked, KMS_KEY)
    managed = replace(KMS_KEY, manager="AWS", name="alias/aws/ebs", aliases=("alias/aws/ebs",))
    assert SHARED not in rows(user(policy=allow(list(SHARING))), locked, managed)
    assert SHARED in rows(user(policy=allow([*SHARING, "ec2:CopySnapshot"])), locked, managed)
    (edge,) = graph_of(user(policy=allow(list(SHARING))), locked).out(CI, (EdgeKind.CAN_ESCALATE_TO,))
    assert (edge.state, KMS_KEY.id in edge.condition) == (EdgeState.UNKNOWN, True)


def test_a_copy_of_a_disk_is_shared_as_a_snapshot():
    plain = replace(VOLUME, encrypted=False, key=None)
    narrow = {
        "Version": "2012-10-17",
        "Statement": [
            *allow("ec2:CreateSnapshot", [plain.id, "arn:aws:ec2:*::snapshot/*"])["Statement"],
            *allow("ec2:ModifySnapshotAttribute", "arn:aws:ec2:*::snapshot/*")["Statement"],
        ],
    }
    assert SHARED in rows(user(policy=narrow), plain)
    assert SHARED not in rows(user(policy=allow(list(SHARING), plain.id)), plain)
