"""Guardrails from the records of an organization: every level counts, what was not read says so. The rules are those
of the Organizations User Guide, "SCP evaluation" and "Resource control policies"."""

import pytest

from poise.model import replace
from poise.model.aws.organizations import OrganizationAccount, OrganizationalUnit, OrganizationPolicy
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, BLOCK_NONE, S3_BUCKET
from poise.model.samples.aws_iam import IAM_ROLE
from poise.model.samples.aws_organizations import (
    MANAGEMENT_ACCOUNT,
    ORGANIZATION,
    ORGANIZATION_ACCOUNT,
    ORGANIZATIONAL_UNIT,
    RESOURCE_CONTROL_POLICY,
    ROOT_ID,
    SERVICE_CONTROL_POLICY,
    UNIT_ID,
)
from poise.policy.answer import Decision
from poise.policy.aws.entitlements import ask, root_of, side_of
from poise.policy.aws.holdings import Holding
from poise.policy.aws.organization import RESOURCE_CONTROL, SERVICE_CONTROL, guardrails_of_account
from poise.policy.aws.outsiders import outsiders

MEMBER = replace(AWS_ACCOUNT, public_access_block=BLOCK_NONE)
TREE = (ORGANIZATION, ORGANIZATIONAL_UNIT, ORGANIZATION_ACCOUNT, SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY)
BUCKET = replace(S3_BUCKET, policy=None)
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ADMIN = replace(IAM_ROLE, inline_policies={"all": EVERYTHING}, attached_policies=(), permissions_boundary=None)


def policy(name, statement, *targets, like=SERVICE_CONTROL_POLICY):
    document = {"Version": "2012-10-17", "Statement": [statement]}
    arn = f"arn:aws:organizations::{MANAGEMENT_ACCOUNT}:policy/o-a1b2c3d4e5/{name}"
    return replace(like, id=arn, name=name, aws_managed=False, document=document, targets=targets)


def inventory_of(*assets, account=MEMBER, tree=TREE, incomplete=None):
    return ListInventory([account, BUCKET, *tree, *assets], incomplete)


def asked(*assets, action="s3:GetObject", who=ADMIN, **how):
    inventory = inventory_of(*assets, **how)
    guardrails = guardrails_of_account(ACCOUNT, inventory, RESOURCE_CONTROL).levels
    side = root_of(ACCOUNT, inventory) if who is None else side_of(who, inventory)
    return ask(side, action, Holding(BUCKET, inventory), guardrails)


DENY = {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}


def test_full_access_at_every_level_limits_nothing():
    assert asked().decision is Decision.ALLOW


@pytest.mark.parametrize("target", [ROOT_ID, UNIT_ID, ACCOUNT])
def test_a_deny_at_any_level_denies_and_is_named(target):
    answer = asked(policy("no-reading", DENY, target))
    assert answer.decision is Decision.DENY
    assert answer.because[0].source == f"{SERVICE_CONTROL}: no-reading"


def test_a_deny_at_another_unit_or_account_is_none():
    assert asked(policy("no-reading", DENY, "ou-ab12-other", "999988887777")).decision is Decision.ALLOW


def test_the_statement_that_denied_can_be_shown():
    inventory = inventory_of(policy("no-reading", DENY, UNIT_ID))
    assert side_of(ADMIN, inventory).documents[f"{SERVICE_CONTROL}: no-reading"]["Statement"] == [DENY]


def test_a_level_whose_list_omits_the_action_denies_it():
    bare = replace(SERVICE_CONTROL_POLICY, targets=(ROOT_ID, ACCOUNT))
    listed = policy("only-ec2", {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}, UNIT_ID)
    tree = (*TREE[:3], bare, RESOURCE_CONTROL_POLICY)
    assert asked(listed, tree=tree).decision is Decision.DENY


def test_the_root_user_of_a_member_is_bound_too():
    assert asked(policy("no-reading", DENY, ROOT_ID), who=None).decision is Decision.DENY


def test_a_service_linked_role_is_not_bound():
    linked = replace(
        ADMIN,
        path="/aws-service-role/x.amazonaws.com/",
        id=IAM_ROLE.id.replace("role/", "role/aws-service-role/x.amazonaws.com/"),
    )
    assert asked(policy("no-reading", DENY, ROOT_ID), who=linked).decision is Decision.ALLOW


def test_the_management_account_is_not_bound():
    manager = replace(MEMBER, management_account=ACCOUNT)
    assert asked(policy("no-reading", DENY, ROOT_ID), account=manager).decision is Decision.ALLOW


def test_a_resource_control_policy_acts_on_the_asset():
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    answer = asked(policy("perimeter", deny, UNIT_ID, like=RESOURCE_CONTROL_POLICY))
    assert answer.decision is Decision.DENY
    assert answer.because[0].source == f"{RESOURCE_CONTROL}: perimeter"


def test_a_type_that_is_switched_off_has_no_effect():
    tree = (replace(ORGANIZATION, policy_types=("RESOURCE_CONTROL_POLICY",)), *TREE[1:])
    assert asked(policy("no-reading", DENY, ROOT_ID), tree=tree).decision is Decision.ALLOW


def test_an_organization_for_bills_alone_has_no_guardrails():
    tree = (replace(ORGANIZATION, feature_set="CONSOLIDATED_BILLING"), *TREE[1:])
    assert asked(policy("no-reading", DENY, ROOT_ID), tree=tree).decision is Decision.ALLOW


def test_an_account_that_administration_is_delegated_to_holds_the_records_itself():
    tree = [replace(asset, scope=ACCOUNT) for asset in TREE]
    deny = replace(policy("no-reading", DENY, ROOT_ID), scope=ACCOUNT)
    assert asked(deny, tree=tree).decision is Decision.DENY


def test_policies_kept_in_an_account_that_was_not_read_are_unknown():
    answer = asked(tree=())
    assert answer.decision is Decision.UNKNOWN
    assert MANAGEMENT_ACCOUNT in answer.unread[0].reason


@pytest.mark.parametrize("kind", [OrganizationAccount, OrganizationalUnit, OrganizationPolicy])
def test_a_list_of_the_organization_that_was_refused_is_unknown(kind):
    answer = asked(incomplete={(kind.KIND, MANAGEMENT_ACCOUNT): "AccessDenied"})
    assert answer.decision is Decision.UNKNOWN
    assert "AccessDenied" in answer.unread[0].reason


@pytest.mark.parametrize("field", ["targets", "document"])
def test_a_policy_that_was_not_read_may_stand_at_any_level(field):
    unread = replace(policy("hidden", DENY, ROOT_ID), unread={field: "AccessDenied"})
    answer = asked(unread)
    assert answer.decision is Decision.UNKNOWN
    assert answer.unread[0].input == f"{SERVICE_CONTROL}: hidden"


def test_a_policy_that_hangs_elsewhere_may_stay_unread():
    unread = replace(policy("hidden", DENY, "ou-ab12-other"), unread={"document": "AccessDenied"})
    assert asked(unread).decision is Decision.ALLOW


def test_a_tree_that_runs_in_circles_or_ends_early_is_unknown():
    circle = replace(ORGANIZATIONAL_UNIT, parent=UNIT_ID)
    lost = replace(ORGANIZATIONAL_UNIT, parent="ou-ab12-gone")
    for unit in (circle, lost):
        assert asked(tree=(ORGANIZATION, unit, *TREE[2:])).decision is Decision.UNKNOWN


def test_a_member_is_judged_by_what_another_member_read_as_delegated_administrator():
    """Organizations User Guide, "Delegated administrator for AWS Organizations": it lists the policies and the tree of
    the whole organization, so what it read holds for every member."""
    tree = [replace(asset, scope="777788889999") for asset in TREE]
    deny = replace(policy("no-reading", DENY, UNIT_ID), scope="777788889999")
    assert asked(tree=tree).decision is Decision.ALLOW
    assert asked(deny, tree=tree).decision is Decision.DENY


def test_another_organization_that_was_read_tells_nothing_of_this_one():
    foreign = [replace(ORGANIZATION, scope="777788889999", organization_id="o-other00000"), *TREE[1:]]
    answer = asked(tree=foreign)
    assert answer.decision is Decision.UNKNOWN
    assert "delegated" in answer.unread[0].reason


def test_a_second_reading_is_used_where_the_first_is_not_complete():
    read_twice = [*TREE, *(replace(asset, scope="777788889999") for asset in TREE)]
    refused = {(OrganizationPolicy.KIND, MANAGEMENT_ACCOUNT): "AccessDenied"}
    assert asked(tree=read_twice, incomplete=refused).decision is Decision.ALLOW


def guardrails_without_the_account(account, *assets):
    return guardrails_of_account(account, ListInventory([*TREE, *assets]), SERVICE_CONTROL).levels


def test_an_account_that_only_its_organization_knows_has_its_guardrails():
    levels = guardrails_without_the_account(ACCOUNT, policy("no-reading", DENY, UNIT_ID))
    names = [{source.name.rpartition(": ")[2] for source in level} for level in levels]
    assert names == [{"FullAWSAccess"}, {"FullAWSAccess", "no-reading"}, {"FullAWSAccess"}]


def test_the_management_account_is_exempt_though_only_its_organization_was_read():
    assert guardrails_without_the_account(MANAGEMENT_ACCOUNT) is None


def test_an_account_that_no_organization_lists_stays_unread():
    assert "the account itself was not read" in guardrails_without_the_account("999988887777").reason


def test_an_account_that_was_refused_its_organization_is_found_in_the_tree():
    refused = replace(MEMBER, unread={"organization_id": "AccessDenied", "management_account": "AccessDenied"})
    assert asked(policy("no-reading", DENY, UNIT_ID), account=refused).decision is Decision.DENY


def test_a_caller_of_an_account_that_nobody_scanned_is_bound_by_its_guardrails_too():
    """The account hangs in the organization that was read: "SCP evaluation" binds its principals, whoever owns the
    bucket. An account that no organization lists is judged by the side of the bucket alone."""
    sister, stranger = "555566667777", "999988887777"
    hangs = replace(ORGANIZATION_ACCOUNT, id=f"{ORGANIZATION_ACCOUNT.id}-2", account=sister)
    full = replace(SERVICE_CONTROL_POLICY, targets=(ROOT_ID, UNIT_ID, ACCOUNT, sister))
    for account, decision in ((sister, Decision.DENY), (stranger, Decision.ALLOW)):
        role = f"arn:aws:iam::{account}:role/reader"
        opened = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:GetObject", "Resource": "*"}
        bucket = replace(S3_BUCKET, policy={"Version": "2012-10-17", "Statement": [opened]})
        tree = (*TREE[:3], hangs, full, policy("no-reading", DENY, UNIT_ID))
        holding = Holding(bucket, ListInventory([MEMBER, bucket, *tree]))
        (side,) = outsiders(holding, {ACCOUNT})
        assert ask(side, "s3:GetObject", holding, None).decision is decision
