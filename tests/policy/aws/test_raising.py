"""Ways to administrator rights: every permission is needed, and every precondition."""

import pytest

from poise.model.asset import replace
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import ACCESS_KEY, ALLOW_ALL, IAM_GROUP, IAM_POLICY, IAM_ROLE, IAM_USER
from poise.policy.aws.principal import documents_of
from poise.policy.aws.raising import passing, ways

ADMIN_ROLE = replace(IAM_ROLE, id=f"{IAM_ROLE.id}-admin", inline_policies={"all": ALLOW_ALL}, attached_policies=())
ADMIN_USER = replace(IAM_USER, id=f"{IAM_USER.id}-admin", inline_policies={"all": ALLOW_ALL}, groups=())
PLAIN_ROLE = replace(IAM_ROLE, id=f"{IAM_ROLE.id}-plain", attached_policies=())
PLAIN_USER = replace(IAM_USER, id=f"{IAM_USER.id}-plain", groups=())
EC2 = "ec2.amazonaws.com"


def allow(*actions, resource="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def user_with(*statements, **more):
    return replace(IAM_USER, inline_policies={"own": {"Statement": list(statements)}}, **({"groups": ()} | more))


def role_with(*statements, **more):
    own = {"own": {"Statement": list(statements)}}
    return replace(IAM_ROLE, inline_policies=own, **({"attached_policies": ()} | more))


def found(principal, *others, unlisted=None):
    inventory = ListInventory((principal, *others), unlisted)
    return list(ways(principal, documents_of(principal, inventory), inventory))


def opened(principal, *others):
    return [(way.actions, way.through) for way in found(principal, *others) if not way.gap]


def trusting(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return replace(ADMIN_ROLE, trust_policy={"Statement": [statement]})


@pytest.mark.parametrize("how", passing(), ids=[f"{how.service} {' '.join(how.actions)}" for how in passing()])
def test_a_role_is_passed_only_with_every_action(how):
    admin = trusting(how.service)

    assert (("iam:PassRole", *how.actions), admin.id) in opened(user_with(allow("iam:PassRole", *how.actions)), admin)
    for left_out in how.actions:
        others = [action for action in how.actions if action != left_out]
        assert opened(user_with(allow("iam:PassRole", *others)), admin) == []
    assert opened(user_with(allow(*how.actions)), admin) == []


STARTING = allow("iam:PassRole", "ec2:RunInstances")


def test_the_role_must_trust_the_service():
    assert opened(user_with(STARTING), trusting(EC2))
    assert opened(user_with(STARTING), trusting("lambda.amazonaws.com")) == []


def test_the_role_must_be_an_administrator():
    assert opened(user_with(STARTING), PLAIN_ROLE) == []


def test_the_role_must_be_one_that_may_be_passed():
    assert opened(user_with(allow("ec2:RunInstances"), allow("iam:PassRole", resource=PLAIN_ROLE.id)), ADMIN_ROLE) == []
    assert opened(user_with(allow("ec2:RunInstances"), allow("iam:PassRole", resource=ADMIN_ROLE.id)), ADMIN_ROLE)


def test_permissions_may_be_split_over_statements_policies_and_groups():
    group = replace(
        IAM_GROUP, inline_policies={"run": {"Statement": [allow("ec2:RunInstances")]}}, attached_policies=()
    )

    assert opened(user_with(allow("iam:PassRole"), allow("ec2:RunInstances")), ADMIN_ROLE)
    assert opened(user_with(allow("iam:PassRole"), groups=(group.name,)), group, ADMIN_ROLE)


def test_a_deny_closes_a_way_and_a_conditional_deny_does_not():
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    on_plain_http = deny | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    assert opened(user_with(STARTING, deny), ADMIN_ROLE) == []
    (way,) = found(user_with(STARTING, on_plain_http), ADMIN_ROLE)
    assert "aws:SecureTransport" in way.condition
    assert ", where " in str(way)


@pytest.mark.parametrize("kind", ["User", "Role"])
def test_it_widens_itself(kind):
    principal = (user_with if kind == "User" else role_with)(allow(f"iam:Put{kind}Policy", f"iam:Attach{kind}Policy"))

    assert opened(principal) == [
        ((f"iam:Put{kind}Policy",), principal.id),
        ((f"iam:Attach{kind}Policy",), principal.id),
    ]


def test_it_widens_its_group_but_no_other():
    group = replace(IAM_GROUP, attached_policies=())
    user = user_with(allow("iam:PutGroupPolicy", "iam:AttachGroupPolicy"), groups=(group.name,))

    assert opened(user, group) == [(("iam:PutGroupPolicy",), group.id), (("iam:AttachGroupPolicy",), group.id)]
    assert opened(user_with(allow("iam:PutGroupPolicy")), group) == []


def test_a_boundary_that_holds_it_closes_widening():
    bounds = replace(IAM_POLICY, document={"Statement": [allow("iam:PutRolePolicy", "s3:*")]})
    everything = replace(IAM_POLICY, document=ALLOW_ALL)

    assert opened(role_with(allow("iam:PutRolePolicy"), permissions_boundary=bounds.id), bounds) == []
    assert opened(role_with(allow("iam:PutRolePolicy"), permissions_boundary=everything.id), everything)


def test_attaching_only_a_named_policy_is_no_way():
    only = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    any_of_aws = {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}}

    assert opened(user_with(allow("iam:AttachUserPolicy", Condition=only))) == []
    assert opened(user_with(allow("iam:AttachUserPolicy", Condition=any_of_aws)))


def test_widening_only_those_with_a_boundary_is_no_way():
    bounded = {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/bounds"}}

    assert opened(user_with(allow("iam:PutUserPolicy", Condition=bounded))) == []


def test_versions_count_only_of_own_customer_policies():
    user = user_with(allow("iam:CreatePolicyVersion"), attached_policies=(IAM_POLICY.id,))
    by_aws = replace(IAM_POLICY, owner="aws")

    assert opened(user, IAM_POLICY) == [(("iam:CreatePolicyVersion",), IAM_POLICY.id)]
    assert opened(user, by_aws) == []
    assert opened(user_with(allow("iam:CreatePolicyVersion")), IAM_POLICY) == []


def test_an_earlier_version_counts_only_if_it_allows_everything():
    user = user_with(allow("iam:SetDefaultPolicyVersion"), attached_policies=(IAM_POLICY.id,))

    assert opened(user, IAM_POLICY) == []
    assert opened(user, replace(IAM_POLICY, other_versions={"v1": ALLOW_ALL})) == [
        (("iam:SetDefaultPolicyVersion",), IAM_POLICY.id)
    ]


def test_it_joins_a_group_of_administrators():
    admins = replace(IAM_GROUP, inline_policies={"all": ALLOW_ALL}, attached_policies=())

    assert opened(user_with(allow("iam:AddUserToGroup")), admins) == [(("iam:AddUserToGroup",), admins.id)]
    assert opened(user_with(allow("iam:AddUserToGroup")), replace(IAM_GROUP, attached_policies=())) == []
    assert opened(role_with(allow("iam:AddUserToGroup")), admins) == []


def test_a_full_pair_of_keys_needs_deleting_first():
    full = replace(ADMIN_USER, access_keys=(ACCESS_KEY, ACCESS_KEY))

    assert opened(user_with(allow("iam:CreateAccessKey")), full) == []
    assert opened(user_with(allow("iam:*AccessKey")), full) == [
        (("iam:DeleteAccessKey", "iam:CreateAccessKey"), full.id)
    ]


def test_a_password_is_made_where_there_is_none_and_changed_where_no_mfa_guards_it():
    both = user_with(allow("iam:CreateLoginProfile", "iam:UpdateLoginProfile"))

    assert opened(both, ADMIN_USER) == []
    assert opened(both, replace(ADMIN_USER, has_mfa=False)) == [(("iam:UpdateLoginProfile",), ADMIN_USER.id)]
    assert opened(both, replace(ADMIN_USER, has_password=False)) == [(("iam:CreateLoginProfile",), ADMIN_USER.id)]


def test_it_rewrites_the_trust_of_an_administrator():
    user = user_with(allow("iam:UpdateAssumeRolePolicy"))

    assert opened(user, ADMIN_ROLE) == [(("iam:UpdateAssumeRolePolicy",), ADMIN_ROLE.id)]
    assert opened(user, replace(ADMIN_ROLE, path="/aws-service-role/x/")) == []


def assumable_by(principal):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return replace(PLAIN_ROLE, trust_policy={"Statement": [statement]})


def test_it_widens_a_role_that_it_can_assume():
    user = user_with(allow("iam:PutRolePolicy"))

    assert opened(user, assumable_by(user.id)) == [(("iam:PutRolePolicy",), PLAIN_ROLE.id)]
    assert opened(user, assumable_by(ACCOUNT)) == []
    assert opened(user_with(allow("iam:PutRolePolicy", "sts:AssumeRole")), assumable_by(ACCOUNT)) == [
        (("iam:PutRolePolicy", "sts:AssumeRole"), PLAIN_ROLE.id)
    ]
    assert opened(user, PLAIN_ROLE) == []


def test_it_widens_a_user_whose_key_it_makes():
    both = user_with(allow("iam:PutUserPolicy", "iam:CreateAccessKey", resource=PLAIN_USER.id))

    assert opened(both, PLAIN_USER) == [(("iam:PutUserPolicy", "iam:CreateAccessKey"), PLAIN_USER.id)]
    assert opened(user_with(allow("iam:PutUserPolicy", resource=PLAIN_USER.id)), PLAIN_USER) == []


def test_what_was_not_listed_leaves_a_gap():
    (way,) = found(user_with(STARTING), unlisted={(IAM_ROLE.KIND, ACCOUNT): "denied"})

    assert way.gap == "denied"


def test_an_administrator_whose_policies_were_not_read_leaves_a_gap():
    (way,) = found(user_with(STARTING), replace(ADMIN_ROLE, attached_policies=("arn:aws:iam::aws:policy/Gone",)))

    assert "was not read" in way.gap
