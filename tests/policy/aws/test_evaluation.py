"""All layers together. Expectations: IAM User Guide, evaluation logic within and across accounts."""

import pytest

from poise.model.aws.s3 import AclGrant
from poise.model.errors import BadInput
from poise.policy.answer import Decision, Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.evaluation import Inputs, Request, evaluate, named
from poise.policy.aws.key_grants import KeyGrant
from poise.policy.aws.sources import sources_of

from .documents import FOREIGN, OURS, allow, can, cannot, deny, policy

ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN
USER = f"arn:aws:iam::{OURS}:user/u"
ROLE = f"arn:aws:iam::{OURS}:role/path/r"
SESSION = f"arn:aws:sts::{OURS}:assumed-role/r/s"
STRANGER = f"arn:aws:iam::{FOREIGN}:role/x"
OBJECT = "arn:aws:s3:::b/k"
KEY = f"arn:aws:kms:eu-west-1:{OURS}:key/1"
TARGET = f"arn:aws:iam::{OURS}:role/target"
ALL = sources_of([policy(can("*"))])
NOTHING = sources_of([policy(can("x:y"))])


def session():
    return Caller.of(SESSION, role=ROLE)


def ask(caller=USER, action="s3:GetObject", asset=OBJECT, owner=OURS, context=None, **inputs):
    caller = Caller.of(caller) if isinstance(caller, str) else caller
    layers = {name: layer(value) for name, value in inputs.items()}
    request = Request(caller=caller, action=action, resource=asset, owner=owner, context=context or {})
    return evaluate(request, Inputs(**layers))


def layer(value):
    return named("document", value) if isinstance(value, dict) else value


def decision(*args, **more):
    return ask(*args, **more).decision


def s3(principal, **more):
    return policy(allow(principal, "s3:*", "*", **more))


def test_nothing_is_allowed_without_a_grant():
    answer = ask()
    assert answer.decision is DENY
    assert "identity policies" in answer.because[0].text


def test_either_side_is_enough_in_one_account():
    assert decision(identity=ALL) is ALLOW
    assert decision(resource=s3({"AWS": USER})) is ALLOW


@pytest.mark.parametrize(
    ("caller", "principal", "expected"),
    [
        (USER, {"AWS": USER}, ALLOW),
        (USER, "*", ALLOW),
        (USER, {"AWS": OURS}, DENY),
        (session(), {"AWS": SESSION}, ALLOW),
        (session(), "*", ALLOW),
        (session(), {"AWS": ROLE}, DENY),
        (session(), {"AWS": OURS}, DENY),
    ],
)
def test_which_grants_of_a_resource_policy_a_boundary_does_not_limit(caller, principal, expected):
    assert decision(caller, resource=s3(principal), boundary=NOTHING) is expected


@pytest.mark.parametrize(
    ("principal", "expected"),
    [({"AWS": SESSION}, ALLOW), ("*", ALLOW), ({"AWS": ROLE}, DENY), ({"AWS": OURS}, DENY)],
)
def test_which_grants_of_a_resource_policy_a_session_policy_does_not_limit(principal, expected):
    assert decision(session(), resource=s3(principal), identity=ALL, session=NOTHING) is expected


def test_a_grant_to_a_role_needs_no_identity_policy():
    assert decision(session(), resource=s3({"AWS": ROLE})) is ALLOW
    assert decision(Caller.of(ROLE), resource=s3({"AWS": ROLE})) is ALLOW
    assert decision(session(), resource=s3({"AWS": ROLE}), boundary=ALL, session=ALL) is ALLOW


def test_a_wildcard_with_the_role_in_a_condition_is_not_limited_by_a_boundary():
    condition = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    assert decision(session(), resource=s3("*", condition=condition), boundary=NOTHING) is ALLOW
    other = {"ArnEquals": {"aws:PrincipalArn": TARGET}}
    assert decision(session(), resource=s3("*", condition=other)) is DENY


def test_a_role_named_by_one_of_its_sessions_is_conditional():
    answer = ask(Caller.of(ROLE), resource=s3({"AWS": SESSION}))
    assert answer.decision is CONDITIONAL
    assert SESSION in str(answer.residual)


def test_effective_is_identity_and_boundary_and_session():
    assert decision(identity=ALL, boundary=ALL) is ALLOW
    assert decision(identity=ALL, boundary=NOTHING) is DENY
    assert decision(identity=NOTHING, boundary=ALL) is DENY
    assert decision(session(), identity=ALL, session=NOTHING) is DENY
    assert decision(session(), identity=ALL, boundary=ALL, session=ALL) is ALLOW


def test_a_boundary_without_iam_stops_an_administrator():
    boundary = policy(can(None, NotAction="iam:*"))
    assert decision(action="iam:CreateUser", asset=USER, identity=ALL, boundary=boundary) is DENY
    assert decision(identity=ALL, boundary=boundary) is ALLOW


LAYERS = ("identity", "boundary", "endpoint")


@pytest.mark.parametrize("where", LAYERS)
def test_a_deny_in_any_layer_is_final(where):
    stop = policy(allow("*", "*"), deny("*", "s3:*", Sid="Stop"))
    layers = {"identity": ALL, "resource": s3({"AWS": USER})} | {where: stop}
    answer = ask(**layers)
    assert answer.decision is DENY
    assert [reason.sid for reason in answer.because] == ["Stop"]


def test_a_deny_in_guardrails_resource_or_session_is_final():
    stop = sources_of([policy(can("*"), cannot("s3:*"))])
    assert decision(identity=ALL, scps=(ALL, stop)) is DENY
    assert decision(identity=ALL, rcps=(stop,)) is DENY
    assert decision(session(), identity=ALL, session=stop) is DENY
    assert decision(identity=ALL, resource=policy(deny({"AWS": OURS}, "s3:*"))) is DENY
    assert decision(session(), identity=ALL, resource=policy(deny({"AWS": ROLE}, "s3:*"))) is DENY
    assert decision(identity=ALL, resource=policy(deny({"AWS": FOREIGN}, "s3:*"))) is ALLOW


def test_every_level_of_guardrails_must_allow():
    assert decision(identity=ALL, scps=(ALL, ALL, ALL)) is ALLOW
    assert decision(identity=ALL, scps=(ALL, NOTHING, ALL)) is DENY
    assert decision(identity=ALL, scps=(ALL, NOTHING + ALL)) is ALLOW
    assert decision(identity=ALL, scps=((),)) is DENY
    answer = ask(identity=ALL, scps=(ALL, NOTHING))
    assert "level 1" in answer.because[0].text


def test_guardrails_limit_grants_of_resource_policies_too():
    assert decision(resource=s3({"AWS": USER}), scps=(NOTHING,)) is DENY


def test_the_root_user_is_stopped_by_guardrails_alone():
    root = f"arn:aws:iam::{OURS}:root"
    assert decision(root) is ALLOW
    assert decision(root, scps=(NOTHING,)) is DENY


def test_guardrails_do_not_act_on_service_linked_roles():
    linked = f"arn:aws:iam::{OURS}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    assert decision(linked, identity=ALL, scps=(NOTHING,), rcps=(NOTHING,)) is ALLOW


def test_resource_control_policies_act_on_listed_services_alone():
    assert decision(identity=ALL, rcps=(NOTHING,)) is DENY
    assert decision(action="ec2:RunInstances", asset="*", identity=ALL, rcps=(NOTHING,)) is ALLOW
    request = Request(caller=Caller.of(USER), action="kms:RetireGrant", resource=KEY, owner=OURS)
    key = named("key", policy(allow({"AWS": USER}, "kms:*")))
    assert evaluate(request, Inputs(resource=key, rcps=(NOTHING,))).decision is ALLOW


def test_both_sides_are_needed_across_accounts():
    side = s3({"AWS": STRANGER})
    assert decision(STRANGER, identity=ALL) is DENY
    assert decision(STRANGER, resource=side) is DENY
    assert decision(STRANGER, identity=ALL, resource=side) is ALLOW
    assert decision(STRANGER, identity=ALL, resource=s3({"AWS": FOREIGN})) is ALLOW
    assert decision(STRANGER, identity=ALL, resource=s3("*")) is ALLOW
    assert decision(STRANGER, resource=s3("*")) is DENY
    assert decision(STRANGER, identity=ALL, resource=s3({"AWS": OURS})) is DENY
    assert decision(STRANGER, identity=ALL, resource=side, boundary=NOTHING) is DENY
    assert decision(STRANGER, identity=ALL, resource=side, rcps=(NOTHING,)) is DENY


def test_anonymous_callers_need_a_grant_to_everyone():
    nobody = Caller.anonymous()
    assert decision(nobody, resource=s3("*")) is ALLOW
    assert decision(nobody, resource=s3({"AWS": [USER, OURS]})) is DENY
    assert decision(nobody, identity=ALL) is DENY
    org = s3("*", condition={"StringEquals": {"aws:PrincipalAccount": OURS}})
    assert decision(nobody, resource=org) is DENY
    assert decision(nobody, resource=s3("*"), rcps=(NOTHING,)) is DENY
    assert decision(nobody, resource=s3("*"), scps=(NOTHING,)) is ALLOW


def test_services_are_named_as_such():
    service = Caller.service("Config.amazonaws.com")
    assert decision(service, resource=s3({"Service": "config.amazonaws.com"})) is ALLOW
    assert decision(service, resource=s3({"Service": "sns.amazonaws.com"})) is DENY
    confined = s3({"Service": "config.amazonaws.com"}, condition={"StringEquals": {"aws:SourceAccount": OURS}})
    assert decision(service, resource=confined) is CONDITIONAL
    assert decision(service, resource=confined, context={"aws:SourceAccount": OURS}) is ALLOW


def test_not_principal_denies_everyone_else():
    spared = policy(deny(None, "s3:*", NotPrincipal={"AWS": [USER, OURS]}))
    assert decision(identity=ALL, resource=spared) is ALLOW
    assert decision(f"{USER}2", identity=ALL, resource=policy(deny(None, "s3:*", NotPrincipal={"AWS": USER}))) is DENY
    assert decision(identity=ALL, resource=policy(deny(None, "s3:*", NotPrincipal={"AWS": USER}))) is CONDITIONAL
    assert decision(identity=ALL, resource=policy(deny(None, "s3:*", NotPrincipal="*"))) is ALLOW


def test_not_principal_denies_others_of_an_account_that_is_listed_beside_a_user():
    beside = policy(deny(None, "s3:*", NotPrincipal={"AWS": [f"{USER}2", OURS]}))
    assert decision(identity=ALL, resource=beside) is DENY
    alone = policy(deny(None, "s3:*", NotPrincipal={"AWS": OURS}))
    assert decision(identity=ALL, resource=alone) is CONDITIONAL
    assert decision(f"arn:aws:iam::{OURS}:root", resource=alone) is ALLOW


KMS = {"action": "kms:Decrypt", "asset": KEY}


def key_policy(principal, **more):
    return policy(allow(principal, "kms:*", "*", **more))


def test_a_key_needs_its_policy():
    assert decision(identity=ALL, **KMS) is DENY
    assert decision(f"arn:aws:iam::{OURS}:root", **KMS) is DENY


@pytest.mark.parametrize(
    ("principal", "identity", "expected"),
    [
        ({"AWS": OURS}, ALL, ALLOW),
        ({"AWS": OURS}, NOTHING, DENY),
        ({"AWS": USER}, NOTHING, ALLOW),
        ({"AWS": USER}, ALL, ALLOW),
        ({"AWS": ROLE}, ALL, DENY),
        ({"AWS": FOREIGN}, ALL, DENY),
    ],
)
def test_a_key_policy_allows_or_hands_over_to_its_account(principal, identity, expected):
    request = Request(caller=Caller.of(USER), action="kms:Decrypt", resource=KEY, owner=OURS)
    inputs = Inputs(identity=identity, resource=named("key", key_policy(principal)))
    assert evaluate(request, inputs).decision is expected


def test_actions_of_kms_without_a_key_need_no_key_policy():
    assert decision(action="kms:ListKeys", asset="*", identity=ALL) is ALLOW


def kms(grant, context=None, caller=USER):
    request = Request(caller=Caller.of(caller), action="kms:Decrypt", resource=KEY, owner=OURS, context=context or {})
    return evaluate(request, Inputs(resource=named("key", key_policy({"AWS": FOREIGN})), grants=grant)).decision


def test_a_grant_of_a_key_stands_beside_its_policy():
    grant = KeyGrant(id="g", grantee=USER, operations=("Decrypt",))
    assert kms((grant,)) is ALLOW
    assert kms((KeyGrant(id="g", grantee=USER, operations=("Encrypt",)),)) is DENY
    assert kms((grant,), caller=f"{USER}2") is DENY
    assert kms(Unread("grants", "access denied")) is UNKNOWN


def test_a_grant_asks_for_its_encryption_context():
    bound = KeyGrant(id="g", grantee=USER, operations=("Decrypt",), encryption_context={"Case": "1"})
    assert kms((bound,)) is CONDITIONAL
    assert kms((bound,), {"kms:EncryptionContext:Case": "1"}) is ALLOW
    assert kms((bound,), {"kms:EncryptionContext:Case": "2"}) is DENY


def assume(caller, trust, owner=OURS, **inputs):
    request = Request(caller=Caller.of(caller), action="sts:AssumeRole", resource=TARGET, owner=owner)
    return evaluate(request, Inputs(resource=named("trust", trust), **inputs)).decision


def trust(principal, action="sts:AssumeRole"):
    return allow(principal, action, None)


def test_a_role_is_taken_only_with_its_trust():
    assert assume(USER, policy(), identity=ALL) is DENY
    assert assume(USER, policy(trust({"AWS": USER}))) is ALLOW
    assert assume(USER, policy(trust({"AWS": OURS}))) is DENY
    assert assume(USER, policy(trust({"AWS": OURS})), identity=ALL) is ALLOW
    assert assume(STRANGER, policy(trust({"AWS": OURS})), identity=ALL) is DENY
    assert assume(STRANGER, policy(trust({"AWS": FOREIGN})), identity=ALL) is ALLOW
    assert assume(STRANGER, policy(trust({"AWS": STRANGER}))) is DENY


def test_a_deny_in_a_trust_policy_is_per_action():
    other = deny({"AWS": USER}, "sts:AssumeRoleWithWebIdentity", None)
    assert assume(USER, policy(trust({"AWS": USER}), other)) is ALLOW


def test_a_token_of_a_provider_needs_only_the_trust():
    provider = f"arn:aws:iam::{OURS}:oidc-provider/issuer.example"
    document = policy(
        allow(
            {"Federated": provider},
            "sts:AssumeRoleWithWebIdentity",
            None,
            {"StringEquals": {"issuer.example:sub": "me"}},
        )
    )
    request = Request(
        caller=Caller.provider(provider), action="sts:AssumeRoleWithWebIdentity", resource=TARGET, owner=OURS
    )
    inputs = Inputs(resource=named("trust", document))
    assert evaluate(request, inputs).decision is CONDITIONAL
    for subject, expected in (("me", ALLOW), ("you", DENY)):
        told = Request(
            caller=request.caller,
            action=request.action,
            resource=TARGET,
            owner=OURS,
            context={"issuer.example:sub": subject},
        )
        assert evaluate(told, inputs).decision is expected


GAP = Unread("guardrails of the organization", "access denied")


def test_an_unread_guardrail_turns_allow_into_unknown():
    answer = ask(identity=ALL, scps=GAP)
    assert answer.decision is UNKNOWN
    assert answer.unread == (GAP,)
    assert decision(identity=ALL, rcps=GAP) is UNKNOWN
    assert decision(identity=ALL, boundary=GAP) is UNKNOWN
    assert decision(identity=ALL, endpoint=GAP) is UNKNOWN
    assert decision(identity=ALL, resource=GAP) is UNKNOWN
    assert decision(identity=GAP) is UNKNOWN


def test_an_unread_input_that_cannot_matter_leaves_the_answer():
    assert decision(scps=GAP) is DENY
    assert decision(identity=policy(cannot("s3:*")), scps=GAP) is DENY
    assert decision(identity=ALL, scps=(NOTHING,), resource=GAP) is DENY
    assert decision(action="ec2:RunInstances", asset="*", identity=ALL, rcps=GAP) is ALLOW
    assert decision(Caller.anonymous(), resource=s3("*"), scps=GAP, identity=GAP) is ALLOW
    assert decision(STRANGER, resource=policy(), identity=GAP) is DENY


def test_a_condition_is_left_over_and_named():
    answer = ask(identity=policy(can("s3:*", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})))
    assert answer.decision is CONDITIONAL
    assert str(answer.residual) == "Bool aws:MultiFactorAuthPresent [true]"


def test_what_follows_from_the_caller_is_known():
    own = policy(can("s3:*", condition={"StringEquals": {"aws:username": "u", "aws:PrincipalAccount": OURS}}))
    assert decision(identity=own) is ALLOW
    assert decision(session(), identity=own) is DENY
    here = policy(can("kms:*", condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    assert decision(identity=here, asset=KEY, action="kms:Decrypt") is DENY
    sqs = f"arn:aws:sqs:eu-west-1:{OURS}:q"
    region = policy(can("sqs:*", condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    assert decision(identity=region, asset=sqs, action="sqs:SendMessage") is ALLOW


def test_other_partitions_are_judged_alike():
    caller = Caller.of(f"arn:aws-cn:sts::{OURS}:assumed-role/r/s", role=f"arn:aws-cn:iam::{OURS}:role/r")
    assert decision(caller, resource=s3({"AWS": f"arn:aws-cn:iam::{OURS}:role/r"})) is ALLOW


@pytest.mark.parametrize("arn", ["", "nonsense", "arn:aws:s3:::b", "*", f"arn:aws:iam::{OURS}:group/g"])
def test_what_is_no_principal_is_an_error(arn):
    with pytest.raises(BadInput, match="is not the ARN of a principal"):
        Caller.of(arn)


FEDERATED = f"arn:aws:sts::{OURS}:federated-user/u"


def test_a_federated_user_needs_a_session_policy_or_a_grant_of_its_own():
    assert decision(FEDERATED, identity=ALL) is DENY
    assert decision(FEDERATED, identity=ALL, session=ALL) is ALLOW
    assert decision(FEDERATED, identity=ALL, session=NOTHING) is DENY
    assert decision(FEDERATED, identity=ALL, session=NOTHING, resource=s3({"AWS": FEDERATED})) is ALLOW
    assert decision(FEDERATED, identity=ALL, session=NOTHING, resource=s3({"AWS": USER})) is DENY
    assert decision(FEDERATED, session=ALL, resource=s3({"AWS": USER})) is ALLOW


BUCKET = {"action": "s3:ListBucket", "asset": "arn:aws:s3:::b"}
EVERYONE = AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ")
ANY_ACCOUNT = AclGrant(grantee="http://acs.amazonaws.com/groups/global/AuthenticatedUsers", permission="FULL_CONTROL")
SOMEBODY = AclGrant(grantee="79a59df900b949e55d96a1e698fbaced", permission="READ")


def test_access_lists_grant_beside_the_bucket_policy():
    nobody = Caller.anonymous()
    assert decision(nobody, **BUCKET, acl=(EVERYONE,)) is ALLOW
    assert decision(nobody, **BUCKET, acl=(ANY_ACCOUNT,)) is DENY
    assert decision(nobody, action="s3:PutObject", acl=(EVERYONE,)) is DENY
    assert decision(STRANGER, **BUCKET, acl=(ANY_ACCOUNT,), identity=ALL) is ALLOW
    assert decision(STRANGER, **BUCKET, acl=(ANY_ACCOUNT,)) is DENY
    assert decision(STRANGER, **BUCKET, acl=(SOMEBODY,), identity=ALL) is CONDITIONAL
    assert decision(nobody, **BUCKET, acl=Unread("acl", "denied")) is UNKNOWN
    assert decision(nobody, **BUCKET, acl=(EVERYONE,), resource=policy(deny("*", "s3:*"))) is DENY


@pytest.mark.parametrize(("shut", "expected"), [(False, ALLOW), (True, DENY), (Unread("block", "x"), UNKNOWN)])
def test_a_restricted_public_bucket_admits_its_account_and_services_alone(shut, expected):
    public = policy(allow("*", "s3:*"), allow({"AWS": FOREIGN}, "s3:*"))
    assert decision(Caller.anonymous(), resource=public, restricts_public=shut) is expected
    assert decision(STRANGER, identity=ALL, resource=public, restricts_public=shut) is expected
    assert decision(resource=public, restricts_public=shut) is ALLOW
    assert decision(Caller.service("logging.s3.amazonaws.com"), resource=public, restricts_public=shut) is ALLOW
    assert decision(STRANGER, identity=ALL, resource=s3({"AWS": FOREIGN}), restricts_public=shut) is ALLOW


def test_an_owner_that_is_not_known_makes_unknown_what_hangs_on_it():
    answer = ask(identity=ALL, owner="")
    assert answer.decision is UNKNOWN
    assert answer.unread[0].input == "owner"
    assert decision(identity=ALL, resource=s3({"AWS": USER}), owner="") is ALLOW
    assert decision(identity=NOTHING, owner="") is DENY
    assert decision(Caller.anonymous(), resource=s3("*"), owner="") is ALLOW
