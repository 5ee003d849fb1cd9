"""The escalation catalogue: every row fires on its example and not on its near miss."""

import re

import pytest

from poise.policy.answer import Answer, Decision, Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.escalation import (
    PASS_ROLE,
    Result,
    catalogue,
    escalations,
    escalations_for,
    escalations_of,
)
from poise.policy.aws.evaluation import Inputs, named
from poise.policy.aws.sources import sources_of

from .documents import OURS, can, cannot, policy

USER = f"arn:aws:iam::{OURS}:user/u"


def ids(*statements):
    return {found.escalation.id for found in escalations_of([policy(*statements)])}


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_fires_on_its_example_and_not_on_its_near_miss(row):
    assert row.id in ids(can(list(row.positive)))
    assert row.id not in ids(can(list(row.negative)))


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_needs_each_of_its_actions(row):
    assert row.id in ids(*(can(action) for action in row.actions))
    for action in row.actions:
        assert row.id not in ids(can("*"), cannot(action))
        assert row.id not in ids(can([other for other in row.actions if other != action] or "x:y"))


@pytest.mark.parametrize("row", catalogue(), ids=lambda row: row.id)
def test_a_row_is_well_formed(row):
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", row.technique)
    assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z0-9]+", action) for action in row.actions)
    assert bool(row.passes_to) is (PASS_ROLE in [action.lower() for action in row.actions])
    assert row.needs or row.result in (Result.IDENTITY, Result.RESOURCE)


def test_the_catalogue_has_unique_ids_and_enough_rows():
    rows = catalogue()
    assert len({row.id for row in rows}) == len(rows) >= 57


def test_cloudformation_without_pass_role_is_no_escalation():
    assert not ids(can(["cloudformation:CreateStack", "cloudformation:DescribeStacks"]))


def test_pass_role_alone_is_no_escalation_with_or_without_a_harmless_statement():
    assert not ids(can("iam:PassRole", f"arn:aws:iam::{OURS}:role/r"))
    assert not ids(can("iam:PassRole", f"arn:aws:iam::{OURS}:role/r"), can("s3:ListBucket"))


def test_permissions_add_up_over_statements_and_policies():
    halves = can("iam:PassRole"), can("ec2:RunInstances")
    assert "ec2_run_instances" in ids(*halves)
    over_two = escalations_of([policy(halves[0]), policy(halves[1])])
    assert "ec2_run_instances" in {found.escalation.id for found in over_two}


def test_a_function_is_taken_over_without_pass_role():
    assert "lambda_update_code" in ids(can("lambda:UpdateFunctionCode"))


def test_actions_are_read_without_case():
    assert {"iam_create_policy_version", "iam_create_access_key"} <= ids(
        can(["IAM:CREATEPOLICYVERSION", "iam:createaccesskey"])
    )


def test_the_service_that_gets_the_role_matters():
    only_glue = {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}
    found = ids(can("iam:PassRole", condition=only_glue), can(["glue:CreateDevEndpoint", "ec2:RunInstances"]))
    assert "glue_create_dev_endpoint" in found
    assert "ec2_run_instances" not in found


def test_a_conditional_deny_leaves_a_conditional_escalation():
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    (found,) = (
        one
        for one in escalations_of([policy(can("iam:CreatePolicyVersion"), cannot("iam:*", condition=tls))])
        if one.escalation.id == "iam_create_policy_version"
    )
    assert found.answer.decision is Decision.CONDITIONAL


def test_a_boundary_stops_an_administrator():
    inputs = Inputs(
        identity=sources_of([policy(can("*"))]),
        boundary=named("boundary", policy(can(None, NotAction=["iam:*", "sts:*"]))),
    )

    found = {one.escalation.id for one in escalations_for(Caller.of(USER), inputs)}
    assert not {name for name in found if name.startswith("iam_")}
    assert "ec2_run_instances" not in found
    assert "ssm_send_command" in found


def test_an_unread_guardrail_makes_what_is_allowed_unknown():
    scps = Unread("service control policies", "denied")
    inputs = Inputs(identity=sources_of([policy(can("iam:CreateAccessKey"))]), scps=scps)
    found = escalations_for(Caller.of(USER), inputs)
    assert {(one.escalation.id, one.answer.decision) for one in found} == {("iam_create_access_key", Decision.UNKNOWN)}


def test_the_root_user_can_do_every_row():
    root = Caller.of(f"arn:aws:iam::{OURS}:root")
    found = {one.escalation.id for one in escalations_for(root, Inputs())}
    assert "iam_create_access_key" in found


def test_what_was_not_read_makes_every_row_unknown_not_silent():
    unknown = Answer(Decision.UNKNOWN, unread=(Unread("policies", "denied"),))
    found = list(escalations(lambda action, context: unknown))
    assert len(found) == len(catalogue())
    assert all(one.answer.decision is Decision.UNKNOWN for one in found)
