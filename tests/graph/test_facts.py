"""Plain facts of AWS as edges: what holds what, acts as what, is copied where, is open to whom, holds which secret."""

import pytest
from msgspec import structs

from poise.graph.build import build
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.aws.kms import KeyGrant
from poise.model.graph import EVERYONE, Capability, EdgeKind, EdgeState
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT
from poise.model.samples.aws_ec2 import ELASTIC_IP, IMAGE, INSTANCE, SNAPSHOT, VOLUME
from poise.model.samples.aws_kms import KMS_KEY
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION, NO_SECRETS, ONE_SECRET
from poise.model.samples.aws_rds import RDS_INSTANCE, RDS_SNAPSHOT
from poise.model.samples.aws_vpc import GATEWAY, PUBLIC_SUBNET, VPC
from tests.graph.estates import ALONE, CARD, NETWORK, PROFILE, ROLE_ARN, between, bucket, graph_of, role, user

CONTAINS, ACTS, COPIES = EdgeKind.CONTAINS, EdgeKind.CAN_AUTHENTICATE_AS, EdgeKind.COPIES_TO


def test_each_asset_hangs_below_what_is_nearest():
    graph = graph_of(*NETWORK)
    above = {one.source for one in graph.into(INSTANCE.id, (CONTAINS,))}
    assert above == {PUBLIC_SUBNET.id}
    assert [one.source for one in graph.into(PUBLIC_SUBNET.id, (CONTAINS,))] == [VPC.id]
    assert [one.source for one in graph.into(VPC.id, (CONTAINS,))] == [ALONE.id]
    assert [one.source for one in graph.into(CARD.id, (CONTAINS,))] == [INSTANCE.id]


def test_an_organization_holds_its_account():
    graph = graph_of(replace(AWS_ACCOUNT, id="arn:aws:account::5:account", scope="5"))
    assert between(graph, AWS_ACCOUNT.organization_id, "arn:aws:account::5:account", CONTAINS)


def test_a_machine_acts_as_the_role_of_its_profile():
    (edge,) = graph_of(*NETWORK, PROFILE, role()).out(INSTANCE.id, (ACTS,))
    assert (edge.target, edge.state) == (ROLE_ARN, EdgeState.CERTAIN)
    assert {proof.asset for proof in edge.evidence} == {INSTANCE.id, PROFILE.id}


def test_a_machine_whose_metadata_service_is_off_acts_as_nobody():
    off = replace(INSTANCE, metadata=structs.replace(INSTANCE.metadata, http_endpoint="disabled"))
    assert not graph_of(off, PROFILE, role()).out(INSTANCE.id, (ACTS,))


def test_a_profile_that_was_not_read_makes_the_role_unknown():
    (edge,) = graph_of(INSTANCE).out(INSTANCE.id, (ACTS,))
    assert edge.state is EdgeState.UNKNOWN


def test_a_profile_without_a_role_gives_none():
    assert not graph_of(INSTANCE, replace(PROFILE, role=None)).out(INSTANCE.id, (ACTS,))


def test_metadata_without_tokens_is_told():
    loose = replace(INSTANCE, metadata=structs.replace(INSTANCE.metadata, http_tokens="optional"))
    assert graph_of(loose).node(INSTANCE.id).insights["metadata_without_token"] is True
    assert graph_of(INSTANCE).node(INSTANCE.id).insights["metadata_without_token"] is False
    hidden = replace(INSTANCE, unread={"metadata": "denied"})
    assert "metadata_without_token" not in graph_of(hidden).node(INSTANCE.id).insights


def test_data_are_followed_to_their_copies():
    snapshot = replace(SNAPSHOT, volume=VOLUME.id)
    image = replace(IMAGE, snapshots=(snapshot.id,))
    taken = replace(RDS_SNAPSHOT, database=RDS_INSTANCE.name)
    graph = graph_of(VOLUME, snapshot, image, RDS_INSTANCE, taken, bucket(replication=("arn:aws:s3:::far",)))
    assert between(graph, VOLUME.id, snapshot.id, COPIES)
    assert between(graph, snapshot.id, image.id, COPIES)
    assert between(graph, RDS_INSTANCE.id, taken.id, COPIES)
    assert between(graph, "arn:aws:s3:::pii", "arn:aws:s3:::far", COPIES)


def test_a_database_of_another_account_is_not_taken_for_the_source():
    taken = replace(RDS_SNAPSHOT, database=RDS_INSTANCE.name, scope="999988887777")
    assert not between(graph_of(RDS_INSTANCE, taken), RDS_INSTANCE.id, taken.id)


def test_a_shared_snapshot_is_published_to_everyone():
    shared = replace(SNAPSHOT, shared_with_groups=("all",), shared_with_accounts=("999988887777",))
    graph = graph_of(shared)
    assert between(graph, EVERYONE, shared.id, EdgeKind.PUBLISHES)
    (foreign,) = between(graph, "arn:aws:iam::999988887777:root", shared.id, EdgeKind.HAS_PERMISSION)
    assert foreign.capability is Capability.READ
    assert graph.node(shared.id).insights["allows_public_access"] is True


def test_a_copy_that_is_shared_without_its_key_is_not_read():
    # EBS User Guide, "Share an Amazon EBS snapshot": the other account must be let use the customer managed key.
    shared = replace(SNAPSHOT, key=KMS_KEY.id, shared_with_groups=(), shared_with_accounts=("999988887777",))
    foreign = "arn:aws:iam::999988887777:root"
    statements = KMS_KEY.policy["Statement"]
    opened = {**KMS_KEY.policy, "Statement": [*statements, {**statements[0], "Principal": {"AWS": foreign}}]}
    (edge,) = between(graph_of(shared, replace(KMS_KEY, policy=opened)), foreign, shared.id)
    assert (edge.capability, edge.state) == (Capability.READ, EdgeState.CERTAIN)
    (edge,) = between(graph_of(shared, KMS_KEY), foreign, shared.id)
    assert (edge.capability, edge.state) == (None, EdgeState.CERTAIN)
    (edge,) = between(graph_of(shared), foreign, shared.id)
    assert (edge.capability, edge.state) == (Capability.READ, EdgeState.UNKNOWN)
    grant = KeyGrant(id="g", name=None, grantee=f"{foreign[:-4]}role/copy", operations=("Decrypt",), constraints=None)
    (edge,) = between(graph_of(shared, replace(KMS_KEY, grants=(grant,))), foreign, shared.id)
    assert (edge.capability, edge.state) == (Capability.READ, EdgeState.CERTAIN)


def test_a_public_bucket_is_read_by_everyone():
    policy = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pii/*"},
    }
    opened = bucket(policy=policy, public_access_block=None, encryption="AES256", encryption_key=None)
    graph = build(Estate((replace(ALONE, public_access_block=None), opened)))
    (edge,) = between(graph, EVERYONE, opened.id)
    assert (edge.capability, edge.state) == (Capability.READ, EdgeState.CERTAIN)
    locked = replace(opened, encryption="aws:kms", encryption_key=KMS_KEY.id)
    (edge,) = between(build(Estate((replace(ALONE, public_access_block=None), locked, KMS_KEY))), EVERYONE, opened.id)
    assert (edge.state, edge.condition) == (EdgeState.CONDITIONAL, f"the object is not encrypted with {KMS_KEY.name}")
    insights = graph.node(opened.id).insights
    assert (insights["allows_public_access"], insights["exposed"], insights["exposure_width"]) == (True, True, "wide")


def test_a_blocked_bucket_is_read_by_nobody():
    policy = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pii/*"},
    }
    graph = graph_of(bucket(policy=policy))
    assert not between(graph, EVERYONE, "arn:aws:s3:::pii")
    assert graph.node("arn:aws:s3:::pii").insights["exposed"] is False


def test_reading_needs_the_key_that_it_is_encrypted_with():
    locked = replace(VOLUME, key=KMS_KEY.id)
    assert between(graph_of(locked, KMS_KEY), VOLUME.id, KMS_KEY.id, EdgeKind.IS_ENCRYPTED_WITH)


def test_one_secret_in_two_places_is_one_node():
    other = replace(LAMBDA_FUNCTION, id=f"{LAMBDA_FUNCTION.id}2", environment=ONE_SECRET)
    graph = graph_of(replace(LAMBDA_FUNCTION, environment=ONE_SECRET), other, replace(INSTANCE, user_data=NO_SECRETS))
    secrets = {edge.target for edge in graph.of_kind(EdgeKind.HOLDS_SECRET)}
    assert len(secrets) == 1
    assert len(list(graph.of_kind(EdgeKind.HOLDS_SECRET))) == 2


def test_addresses_and_gateways_hang_where_they_belong():
    address = replace(ELASTIC_IP, instance=INSTANCE.id)
    graph = graph_of(*NETWORK, address)
    assert between(graph, address.id, INSTANCE.id, EdgeKind.ROUTES_TO)
    assert between(graph, GATEWAY.id, VPC.id, EdgeKind.ROUTES_TO)


@pytest.mark.parametrize("has", [True, False])
def test_a_second_factor_is_told_and_its_absence_too(has):
    assert graph_of(user(has_mfa=has)).node(f"arn:aws:iam::{ACCOUNT}:user/ci").insights["has_mfa"] is has


def test_databases_take_passwords():
    assert graph_of(RDS_INSTANCE).node(RDS_INSTANCE.id).insights["allows_basic_authentication"] is True
