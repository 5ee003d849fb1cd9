"""Permissions, roles and administrators of AWS as edges: what is proven, what hangs on what, and what is not there."""

import pytest

from poise.graph.asked import ASKED
from poise.graph.build import build
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.aws.iam import IamPolicy
from poise.model.graph import EVERYONE, Capability, EdgeKind, EdgeState
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.model.samples.aws_iam import IAM_GROUP, IAM_POLICY
from poise.model.samples.aws_kms import KMS_KEY
from tests.graph.estates import ALONE, allow, between, bucket, graph_of, role, trust, user

MAY, ASSUME = EdgeKind.HAS_PERMISSION, EdgeKind.CAN_ASSUME
WEB, CI, PII = f"arn:aws:iam::{ACCOUNT}:role/web", f"arn:aws:iam::{ACCOUNT}:user/ci", "arn:aws:s3:::pii"
READ = allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::pii", "arn:aws:s3:::pii/*"])


def reads(graph, source=WEB, target=PII):
    """Return the edges that give reading."""
    return [one for one in between(graph, source, target, MAY) if one.capability is Capability.READ]


def test_a_role_that_may_read_a_bucket_reads_it_for_certain():
    (edge,) = reads(graph_of(role(policy=READ), bucket()))
    assert (edge.state, edge.actions) == (EdgeState.CERTAIN, ("s3:GetObject",))
    assert edge.evidence[0].asset == WEB
    assert (edge.evidence[0].field, edge.evidence[0].place) == ("inline_policies", "statement 1")


def test_listing_alone_is_no_reading():
    assert not reads(graph_of(role(policy=allow("s3:ListBucket", PII)), bucket()))


def test_reading_another_prefix_is_said_as_its_condition():
    (edge,) = reads(graph_of(role(policy=allow("s3:GetObject", "arn:aws:s3:::pii/public/*")), bucket()))
    assert edge.state is EdgeState.CONDITIONAL
    assert "public" in edge.condition


def test_reading_another_bucket_reads_not_this_one():
    assert not reads(graph_of(role(policy=allow("s3:GetObject", "arn:aws:s3:::pii2/*")), bucket()))
    assert not reads(graph_of(role(policy=allow("s3:GetObject", "arn:aws:s3:::pi/*")), bucket()))


def test_a_deny_of_the_bucket_unless_from_an_endpoint_leaves_that_condition():
    deny = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [PII, f"{PII}/*"],
            "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
        },
    }
    (edge,) = reads(graph_of(role(policy=READ), bucket(policy=deny)))
    assert edge.state is EdgeState.CONDITIONAL
    assert "vpce-1" in edge.condition


def test_a_deny_for_everybody_empties_the_graph():
    deny = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [PII, f"{PII}/*"]},
    }
    graph = graph_of(role(policy=allow("s3:*")), user(policy=READ), bucket(policy=deny))
    assert not graph.into(PII, (MAY,))


def test_what_is_encrypted_with_a_key_is_read_by_whom_may_decrypt():
    key = replace(
        KMS_KEY, policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*"), grants=(), manager="CUSTOMER"
    )
    key.policy["Statement"][0]["Resource"] = "*"
    locked = bucket(encryption="aws:kms", encryption_key=key.id)
    assert not reads(graph_of(role(policy=READ), locked, key))
    both = {"Version": "2012-10-17", "Statement": [*READ["Statement"], *allow("kms:Decrypt", key.id)["Statement"]]}
    (edge,) = reads(graph_of(role(policy=both), locked, key))
    assert edge.state is EdgeState.CERTAIN
    (unread,) = reads(graph_of(role(policy=both), locked))
    assert unread.state is EdgeState.UNKNOWN
    assert key.id in unread.condition


def test_a_boundary_that_leaves_reading_out_takes_it_away():
    boundary = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/limit", document=allow("ec2:*"))
    bound = role(policy=READ, permissions_boundary=boundary.id)
    assert not reads(graph_of(bound, boundary, bucket()))


def test_a_boundary_that_was_not_read_makes_it_unknown():
    bound = role(policy=READ, permissions_boundary=f"arn:aws:iam::{ACCOUNT}:policy/limit")
    (edge,) = reads(graph_of(bound, bucket()))
    assert edge.state is EdgeState.UNKNOWN
    assert "limit" in edge.condition


def test_guardrails_that_were_not_read_make_it_unknown_and_are_named():
    graph = build(Estate((AWS_ACCOUNT, role(policy=READ), bucket())))
    (edge,) = reads(graph)
    assert edge.state is EdgeState.UNKNOWN
    assert "service control policies" in edge.condition


def test_a_policy_that_was_not_read_is_told_once_of_the_account_not_of_every_asset():
    hidden = role(attached_policies=(f"arn:aws:iam::{ACCOUNT}:policy/hidden",))
    graph = graph_of(hidden, bucket(), bucket("more"))
    assert [one.target for one in graph.out(WEB, (MAY,))] == [ALONE.id]
    (edge,) = graph.out(WEB, (MAY,))
    assert (edge.state, edge.capability) == (EdgeState.UNKNOWN, None)
    assert "hidden" in edge.condition


def test_a_bucket_policy_alone_lets_a_user_in():
    grant = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": CI}, "Action": "s3:GetObject", "Resource": f"{PII}/*"},
    }
    graph = graph_of(user(), user("other"), bucket(policy=grant))
    assert [one.source for one in graph.into(PII, (MAY,))] == [CI]
    assert graph.into(PII, (MAY,))[0].evidence[0].asset == PII


def test_users_that_get_the_same_answers_are_asked_about_once():
    many = [user(f"u{at}", allow("s3:GetObject")) for at in range(50)]
    graph = graph_of(*many, *(bucket(f"b{at}") for at in range(20)))
    kinds = [one for one in graph.of_kind(MAY) if one.capability is Capability.READ]
    assert len(kinds) == 1000


def test_a_variable_in_a_policy_tells_users_apart():
    own = allow("s3:GetObject", "arn:aws:s3:::home-${aws:username}/*")
    graph = graph_of(user("ann", own), user("bob", own), bucket("home-ann"), bucket("home-bob"))
    readers = [(one.source[-3:], one.target[-3:]) for one in graph.of_kind(MAY)]
    assert sorted(readers) == [("ann", "ann"), ("bob", "bob")]


def test_members_of_a_group_have_its_rights_and_are_its_members():
    group = replace(IAM_GROUP, name="readers", inline_policies={"own": READ}, attached_policies=())
    graph = graph_of(user(groups=("readers",)), group, bucket())
    (edge,) = reads(graph, CI)
    assert edge.evidence[0].asset == group.id
    assert between(graph, CI, group.id, EdgeKind.MEMBER_OF)


def test_an_administrator_administers_the_account():
    graph = graph_of(role(policy=allow("*")))
    (edge,) = between(graph, WEB, ALONE.id, MAY)
    assert (edge.capability, edge.state) == (Capability.ADMIN, EdgeState.CERTAIN)
    assert graph.node(WEB).insights["privileged"] is True


def test_everything_but_iam_administers_nothing():
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}
    assert not between(graph_of(role(policy=policy)), WEB, ALONE.id, MAY)


def test_both_halves_of_assuming_are_named():
    data = role("data", trust_policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    graph = graph_of(role(policy=allow("sts:AssumeRole", data.id)), data)
    (edge,) = between(graph, WEB, data.id, ASSUME)
    assert edge.state is EdgeState.CERTAIN
    assert {proof.asset for proof in edge.evidence} == {WEB, data.id}


def test_one_half_of_assuming_is_none():
    data = role("data", trust_policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    assert not between(graph_of(role(), data), WEB, data.id)
    closed = role("data", trust_policy=trust({"Service": "ec2.amazonaws.com"}))
    assert not between(graph_of(role(policy=allow("sts:AssumeRole")), closed), WEB, closed.id, ASSUME)


def test_an_external_id_is_a_condition_of_taking_the_role():
    data = role(
        "data",
        trust_policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, StringEquals={"sts:ExternalId": "x-17"}),
    )
    (edge,) = between(graph_of(role(policy=allow("sts:AssumeRole")), data), WEB, data.id, ASSUME)
    assert edge.state is EdgeState.CONDITIONAL
    assert "ExternalId" in edge.condition


def test_a_foreign_account_is_trusted_and_may_take_the_role():
    vendor = role("vendor", trust_policy=trust({"AWS": "arn:aws:iam::999988887777:root"}))
    graph = graph_of(vendor)
    outside = "arn:aws:iam::999988887777:root"
    assert graph.node(outside).kind == "account"
    assert between(graph, vendor.id, outside, EdgeKind.TRUSTS_ISSUER)
    assert between(graph, outside, vendor.id, ASSUME)[0].state is EdgeState.CERTAIN


def test_anyone_may_take_a_role_that_trusts_everyone():
    graph = graph_of(role(trust_policy=trust({"AWS": "*"})))
    assert between(graph, EVERYONE, WEB, ASSUME)


GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
AUDIENCE = {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
SUBJECT = "token.actions.githubusercontent.com:sub"


def deploy(operator, subject):
    condition = {"StringEquals": dict(AUDIENCE)}
    if subject:
        condition.setdefault(operator, {})[SUBJECT] = subject
    return role("deploy", trust_policy=trust({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", **condition))


def test_a_repository_that_the_subject_pins_is_a_node():
    graph = graph_of(deploy("StringLike", "repo:org/app:ref:refs/heads/main"))
    (edge,) = graph.of_kind(ASSUME)
    assert edge.source == "repo://github.com/org/app"
    assert graph.node(edge.source).kind == "repository"


@pytest.mark.parametrize("subject", [None, "repo:*/app:*", "*"])
def test_without_an_own_subject_anyone_at_the_issuer_may_take_the_role(subject):
    graph = graph_of(deploy("StringLike", subject))
    (edge,) = graph.of_kind(ASSUME)
    assert edge.source == "issuer:token.actions.githubusercontent.com/*"
    assert edge.state is EdgeState.CERTAIN


def test_a_wildcard_below_the_own_organization_is_not_anyone():
    (edge,) = graph_of(deploy("StringLike", "repo:org/*:*")).of_kind(ASSUME)
    assert edge.source == "issuer:token.actions.githubusercontent.com/repo:org/*:*"


def test_keys_of_the_services_themselves_are_not_asked_about():
    graph = graph_of(role(policy=allow("*")), replace(KMS_KEY, manager="AWS"))
    assert not between(graph, WEB, KMS_KEY.id)


def test_every_kind_that_is_asked_about_gives_some_capability():
    for kind, wanted in ASKED.items():
        assert any(one.capability for one in wanted), kind


def test_a_managed_policy_is_evidence_under_its_own_id():
    policy: IamPolicy = replace(IAM_POLICY, document=READ)
    (edge,) = reads(graph_of(role(attached_policies=(policy.id,)), policy, bucket()))
    assert (edge.evidence[0].asset, edge.evidence[0].field) == (policy.id, "document")


def test_each_of_a_class_points_at_its_own_policy():
    graph = graph_of(user("ann", READ), user("bob", READ), bucket())
    for name in ("ann", "bob"):
        (edge,) = reads(graph, f"arn:aws:iam::{ACCOUNT}:user/{name}")
        assert [(proof.asset[-3:], proof.field) for proof in edge.evidence] == [(name, "inline_policies")]


def test_a_boundary_and_an_identity_policy_do_not_stand_for_each_other():
    every = replace(IAM_POLICY, id=f"arn:aws:iam::{ACCOUNT}:policy/every", document=allow("*"))
    bound = user("bound", READ, permissions_boundary=every.id)
    wide = user("wide", READ, attached_policies=(every.id,))
    graph = graph_of(bound, wide, every, bucket())
    assert not [one for one in graph.out(bound.id, (MAY,)) if one.capability is Capability.WRITE]
    assert [one for one in graph.out(wide.id, (MAY,)) if one.capability is Capability.WRITE]


def test_a_trust_that_was_not_read_is_told_of_the_role():
    hidden = role(unread={"trust_policy": "denied"})
    (edge,) = [one for one in graph_of(hidden).into(WEB) if one.kind is ASSUME]
    assert (edge.source, edge.state) == (ALONE.id, EdgeState.UNKNOWN)
    assert "denied" in edge.condition


def test_a_key_policy_that_was_not_read_may_let_anyone_in():
    hidden = replace(KMS_KEY, manager="CUSTOMER", unread={"policy": "denied"})
    (edge,) = between(graph_of(hidden), EVERYONE, hidden.id)
    assert edge.state is EdgeState.UNKNOWN
