"""Permissions, escalation and edges: what users of other tools reported as wrong, each with its siblings."""

import pytest

from poise.model import replace
from poise.model.aws.account import AwsAccount
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.model.samples.aws_iam import ALLOW_ALL, AWS_POLICY, IAM_GROUP, IAM_POLICY, IAM_ROLE, IAM_USER
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.policy.answer import Decision, Level
from poise.policy.aws.entitlements import ask, side_of
from poise.policy.aws.escalation import escalations_of
from poise.policy.aws.exposure import trust_exposure
from poise.policy.aws.grants import allows, is_admin
from poise.policy.aws.holdings import Holding
from tests.policy.aws.documents import FOREIGN, OURS, allow, can, cannot, deny, policy
from tests.policy.azure import documents as azure

from .asking import state, verdict

PLAIN_USER = replace(IAM_USER, inline_policies={}, groups=(), attached_policies=(), permissions_boundary=None)
PLAIN_ROLE = replace(IAM_ROLE, inline_policies={}, attached_policies=(), permissions_boundary=None)
ALONE = replace(AWS_ACCOUNT, organization_id=None, management_account=None)
ASSUME = "sts:AssumeRole"


def found(*documents):
    return {one.escalation.id for one in escalations_of(documents)}


def holding(**inline):
    return replace(PLAIN_ROLE, inline_policies=inline)


def asked(principal, action, asset, *others):
    inventory = ListInventory([ALONE, principal, asset, *others])
    return ask(side_of(principal, inventory), action, Holding(asset, inventory), None).decision


@pytest.mark.parametrize(
    "actions",
    [
        ["cloudformation:CreateStack", "cloudformation:DescribeStacks"],
        ["cloudformation:CreateStack", "cloudformation:*"],
        ["ec2:RunInstances"],
        ["lambda:CreateFunction", "lambda:InvokeFunction"],
    ],
)
def test_b01_a_way_that_passes_a_role_needs_the_right_to_pass_it(actions):
    def passing(document):
        return {one.escalation.id for one in escalations_of([document]) if one.escalation.passes_to}

    assert not passing(policy(can(actions)))
    assert passing(policy(can([*actions, "iam:PassRole"])))


def test_b03_a_harmless_statement_changes_nothing():
    lone = can("iam:PassRole", f"arn:aws:iam::{OURS}:role/app")
    harmless = can("cloudwatch:ListMetrics")
    assert found(policy(lone)) == found(policy(lone, harmless)) == set()
    start = can("ec2:RunInstances")
    assert found(policy(lone, start)) == found(policy(lone, harmless, start))


@pytest.mark.parametrize(
    "documents",
    [
        [policy(can(["iam:PassRole", "ec2:RunInstances"]))],
        [policy(can("iam:PassRole"), can("ec2:RunInstances"))],
        [policy(can("iam:PassRole")), policy(can("ec2:RunInstances"))],
    ],
)
def test_b04_statements_and_policies_of_one_principal_add_up(documents):
    assert found(*documents) == found(policy(can(["iam:PassRole", "ec2:RunInstances"]))) != set()


def test_b04_a_group_adds_to_its_members_and_a_boundary_takes_away():
    group = replace(IAM_GROUP, inline_policies={"start": policy(can("ec2:RunInstances"))}, attached_policies=())
    user = replace(PLAIN_USER, groups=(group.name,), inline_policies={"pass": policy(can("iam:PassRole"))})
    admin = replace(
        PLAIN_ROLE,
        id=f"{IAM_ROLE.id}-admin",
        inline_policies={"all": ALLOW_ALL},
        trust_policy=policy(allow({"Service": "ec2.amazonaws.com"}, ASSUME, None)),
    )
    assert state("aws.iam.user_can_raise_own_rights", user, group, admin) == "unhealthy"
    limit = replace(IAM_POLICY, document=policy(can("ec2:*")))
    bounded = replace(user, permissions_boundary=limit.id)
    assert state("aws.iam.user_can_raise_own_rights", bounded, group, admin, limit) == "healthy"


@pytest.mark.parametrize("pattern", ["prowler:action", "nosuch:*", ["nosuch:thing"]])
def test_b06_all_but_an_unknown_action_is_everything(pattern):
    document = policy({"Effect": "Allow", "NotAction": pattern, "Resource": "*"})
    assert is_admin([document]).decision is Decision.ALLOW
    assert is_admin([policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})]).decision is not Decision.ALLOW


@pytest.mark.parametrize(
    "action", ["IAM:CREATEPOLICYVERSION", "iam:createpolicyversion", "Iam:CreatePolicyVersion", "iam:createPOLICY*"]
)
def test_b07_actions_are_without_case(action):
    assert found(policy(can(action))) >= found(policy(can("iam:CreatePolicyVersion"))) != set()
    assert found(policy(can("iam:createaccesskey"))) == found(policy(can("iam:CreateAccessKey"))) != set()


@pytest.mark.parametrize("denial", [cannot("*"), cannot("*", "*"), cannot(["iam:*", "*"])])
def test_b09_who_is_denied_everything_is_no_administrator(denial):
    assert is_admin([policy(can("*"), denial)]).decision is Decision.DENY
    role = holding(all=policy(can("*"), denial))
    assert state("aws.iam.role_with_administrator_rights", role) == "healthy"
    assert is_admin([policy(can("*"), cannot("s3:*"))]).decision is Decision.ALLOW


def test_b10_a_deny_with_a_condition_does_not_cancel():
    plain = can("iam:CreatePolicyVersion")
    unless_tls = cannot("iam:*", condition={"Bool": {"aws:SecureTransport": "false"}})
    assert found(policy(plain, unless_tls)) >= found(policy(plain)) != set()
    assert not found(policy(plain, cannot("iam:*")))


def test_b12_what_is_denied_is_never_listed_as_allowed():
    revoked = cannot("*", condition={"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}})
    grant = can("iam:AttachUserPolicy")
    assert allows([policy(grant, cannot("iam:AttachUserPolicy"))], "iam:AttachUserPolicy").decision is Decision.DENY
    assert allows([policy(grant), policy(cannot("iam:*"))], "iam:AttachUserPolicy").decision is Decision.DENY
    assert allows([policy(grant, revoked)], "iam:AttachUserPolicy").decision is Decision.CONDITIONAL
    assert not found(policy(grant, cannot("iam:AttachUserPolicy")))


@pytest.mark.parametrize("action", ["ec2:RunInstances", "iam:PassRole", "s3:GetObject"])
def test_b13_a_grant_with_a_condition_is_kept_and_marked(action):
    answer = allows([policy(can(action, condition={"StringEquals": {"ec2:Owner": "amazon"}}))], action)
    assert answer.decision is Decision.CONDITIONAL
    assert "ec2:owner" in str(answer.residual).lower()


def test_b15_denies_alone_make_no_administrator():
    fence = cannot("*", condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})
    assert is_admin([policy(fence)]).decision is Decision.DENY
    assert is_admin([policy(cannot("*"))]).decision is Decision.DENY
    assert is_admin([policy(fence, can("*"))]).decision in (Decision.ALLOW, Decision.CONDITIONAL)


@pytest.mark.parametrize(
    ("trusted", "is_granted", "expected"),
    [
        (f"arn:aws:iam::{OURS}:role/other", True, Decision.DENY),
        ("CALLER", True, Decision.ALLOW),
        ("CALLER", False, Decision.ALLOW),
        (f"arn:aws:iam::{OURS}:root", True, Decision.ALLOW),
        (f"arn:aws:iam::{OURS}:root", False, Decision.DENY),
    ],
)
def test_b16_in_one_account_the_trust_alone_is_enough_if_it_names_the_caller(trusted, is_granted, expected):
    user = replace(PLAIN_USER, inline_policies={"go": policy(can(ASSUME))} if is_granted else {})
    name = user.id if trusted == "CALLER" else trusted
    role = replace(PLAIN_ROLE, trust_policy=policy(allow({"AWS": name}, ASSUME, None)))
    assert asked(user, ASSUME, role) is expected


@pytest.mark.parametrize("is_granted", [True, False])
@pytest.mark.parametrize("trusts", ["caller", "account", "nobody"])
def test_b16_across_accounts_both_sides_are_needed(trusts, is_granted):
    user = replace(PLAIN_USER, inline_policies={"go": policy(can(ASSUME))} if is_granted else {})
    names = {"caller": user.id, "account": f"arn:aws:iam::{OURS}:root", "nobody": f"arn:aws:iam::{FOREIGN}:root"}
    role = replace(
        PLAIN_ROLE,
        id=f"arn:aws:iam::{FOREIGN}:role/data",
        scope=FOREIGN,
        trust_policy=policy(allow({"AWS": names[trusts]}, ASSUME, None)),
    )
    expected = Decision.ALLOW if is_granted and trusts != "nobody" else Decision.DENY
    assert asked(user, ASSUME, role) is expected


def test_b18_a_statement_of_all_but_some_actions_is_the_complement():
    rest = policy({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"})
    assert allows([rest], "s3:GetObject").decision is Decision.ALLOW
    assert allows([rest], "iam:PassRole").decision is Decision.DENY
    fence = policy(can("*"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"})
    assert allows([fence], "s3:GetObject").decision is Decision.ALLOW
    assert allows([fence], "iam:PassRole").decision is Decision.DENY


@pytest.mark.parametrize("action", ["s3:GetObject", ["s3:GetObject"]])
def test_b19_a_single_statement_is_like_a_list_of_one(action):
    single = {"Version": "2012-10-17", "Statement": can(action)}
    assert allows([single], "s3:GetObject") == allows([policy(can(action))], "s3:GetObject")
    assert found({"Statement": can("*")}) == found(policy(can("*")))


def test_b21_a_deny_of_one_way_to_assume_leaves_the_other():
    provider = {"Federated": f"arn:aws:iam::{OURS}:saml-provider/x"}
    trust = policy(allow({"AWS": FOREIGN}, ASSUME, None), deny({"AWS": FOREIGN}, "sts:AssumeRoleWithWebIdentity", None))
    assert trust_exposure(trust, OURS).accounts == (FOREIGN,)
    shut = policy(allow({"AWS": FOREIGN}, ASSUME, None), deny({"AWS": FOREIGN}, ASSUME, None))
    assert trust_exposure(shut, OURS).level is Level.PRIVATE
    assert trust_exposure(policy(allow(provider, "sts:AssumeRoleWithSAML", None)), OURS).grants


@pytest.mark.parametrize(
    ("but", "expected"),
    [
        (["*/roleAssignments/*"], Decision.DENY),
        (["MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE"], Decision.DENY),
        (["*/write"], Decision.DENY),
        (["*/roleDefinitions/*"], Decision.ALLOW),
    ],
)
def test_b22_exceptions_of_a_role_match_like_its_actions(but, expected):
    role = azure.role("keeper", "Microsoft.Authorization/*", but=but)
    known = azure.inputs([role], [azure.given("keeper")])
    assert azure.ask(azure.ASSIGN, known).decision is expected


def test_b22_an_exception_is_no_deny_where_a_second_role_grants_it():
    roles = [azure.role("a", "*", but=["*/roleAssignments/*"]), azure.role("b", "Microsoft.Authorization/*")]
    known = azure.inputs(roles, [azure.given("a"), azure.given("b")])
    assert azure.ask(azure.ASSIGN, known).decision is Decision.ALLOW


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        (policy(can("s3:*")), Decision.DENY),
        (policy(can("iam:*")), Decision.ALLOW),
        (policy(cannot("*")), Decision.DENY),
    ],
)
def test_b24_what_a_principal_may_is_within_its_boundary(boundary, expected):
    limit = replace(IAM_POLICY, document=boundary)
    admin = replace(PLAIN_ROLE, inline_policies={"all": ALLOW_ALL}, permissions_boundary=limit.id)
    assert asked(admin, "iam:CreateUser", replace(IAM_USER, name="x"), limit) is expected


def test_b25_a_policy_that_is_a_boundary_alone_is_judged_like_any_other():
    bound = replace(IAM_POLICY, attachments=0, boundary_uses=1, document=policy(can("s3:*")))
    role = replace(PLAIN_ROLE, inline_policies={"all": ALLOW_ALL}, permissions_boundary=bound.id)
    assert state("aws.iam.policy_attached_to_nobody", bound) == "healthy"
    assert state("aws.iam.role_with_administrator_rights", role, bound) == "healthy"
    assert asked(role, "s3:GetBucketAcl", replace(IAM_USER, name="x"), bound) is Decision.ALLOW
    assert state("aws.iam.role_with_administrator_rights", role) == "unknown"


def test_b27_changing_the_code_of_a_function_takes_its_role():
    admin = replace(
        PLAIN_ROLE,
        id=f"arn:aws:iam::{ACCOUNT}:role/fn-admin",
        inline_policies={"all": ALLOW_ALL},
        trust_policy=policy(allow({"Service": "lambda.amazonaws.com"}, ASSUME, None)),
    )
    function = replace(LAMBDA_FUNCTION, role=admin.id)
    user = replace(PLAIN_USER, inline_policies={"code": policy(can("lambda:UpdateFunctionCode"))})
    assert state("aws.iam.user_can_raise_own_rights", user, admin, function) == "unhealthy"
    meek = replace(function, role=PLAIN_ROLE.id)
    assert state("aws.iam.user_can_raise_own_rights", user, admin, meek, PLAIN_ROLE) == "healthy"


def trusting(service, condition=None):
    return replace(PLAIN_ROLE, trust_policy=policy(allow({"Service": service}, ASSUME, None, condition)))


@pytest.mark.parametrize("service", ["ec2.amazonaws.com", "lambda.amazonaws.com"])
def test_b28_a_service_that_names_no_source_cannot_be_asked_for_one(service):
    assert state("aws.iam.service_trust_without_source", trusting(service)) == "not_applicable"
    assert state("aws.iam.service_trust_without_source", trusting("states.amazonaws.com")) == "unhealthy"
    own = {"StringEquals": {"aws:SourceAccount": OURS}}
    assert state("aws.iam.service_trust_without_source", trusting("states.amazonaws.com", own)) == "healthy"


LINKED = replace(
    PLAIN_ROLE,
    id=f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
    path="/aws-service-role/config.amazonaws.com/",
    inline_policies={"all": ALLOW_ALL},
    trust_policy=policy(allow({"Service": "config.amazonaws.com"}, ASSUME, None)),
)


@pytest.mark.parametrize("check", ["role_can_raise_own_rights", "service_trust_without_source"])
def test_b30_what_a_service_keeps_for_itself_is_not_the_users_to_change(check):
    assert state(f"aws.iam.{check}", LINKED) == "not_applicable"
    hands_out = replace(AWS_POLICY, document=policy(can("iam:PassRole")))
    assert state("aws.iam.policy_hands_out_any_role", hands_out) == "not_applicable"
    own = replace(IAM_POLICY, document=policy(can("iam:PassRole")))
    assert state("aws.iam.policy_hands_out_any_role", own) == "unhealthy"


@pytest.mark.parametrize("service", ["elastictranscoder.amazonaws.com", "autoscaling.amazonaws.com"])
def test_b31_no_remedy_is_offered_that_would_break_the_service(service):
    found, reason = verdict("aws.iam.service_trust_without_source", trusting(service))
    assert (found, "names the source" in reason) == ("not_applicable", True)
    assert isinstance(ALONE, AwsAccount)
