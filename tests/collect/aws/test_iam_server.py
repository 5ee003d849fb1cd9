"""IAM and the account, read by boto3 from a real server."""

import json
from datetime import UTC, datetime

import pytest

from poise.collect.aws.connector import LiveAws, LiveChoice
from poise.collect.aws.reading.live import LiveSettings
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamGroup, IamOidcProvider, IamPolicy, IamRole, IamUser
from poise.model.listing import ListingState
from tests.collect.aws.iam_answers import READ, TRUST
from tests.moto import ACCOUNT, KEYS, client, moto_url, reset

__all__ = ["moto_url"]
pytestmark = pytest.mark.server
UNKNOWN_TO_MOTO = {"boundary_uses", "unique_id"}


@pytest.fixture
def collected(moto_url, monkeypatch):
    reset(moto_url)
    fill(client(moto_url, "iam"))
    for name, value in KEYS.items():
        monkeypatch.setenv(name.upper(), value)
    choice = LiveChoice(regions=("us-east-1",), services=("iam", "account"))
    live = LiveAws(choice, LiveSettings(endpoint_url=moto_url, max_attempts=1), lambda: datetime.now(UTC))
    (scope,) = live.scopes()
    yield {key.service: live.read(key) for key in live.partitions(scope)}
    live.close()


def fill(iam):
    arn = iam.create_policy(
        PolicyName="read", PolicyDocument=json.dumps(READ), Tags=[{"Key": "team", "Value": "shop"}]
    )["Policy"]["Arn"]
    iam.create_group(GroupName="analysts")
    iam.put_group_policy(GroupName="analysts", PolicyName="own", PolicyDocument=json.dumps(READ))
    iam.create_user(UserName="omar", Tags=[{"Key": "team", "Value": "finance"}])
    iam.add_user_to_group(UserName="omar", GroupName="analysts")
    iam.create_login_profile(UserName="omar", Password="Aa1!aaaaaaaaaaaa")
    iam.create_access_key(UserName="omar")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(TRUST), MaxSessionDuration=7200)
    iam.put_role_policy(RoleName="web", PolicyName="own", PolicyDocument=json.dumps(READ))
    iam.attach_role_policy(RoleName="web", PolicyArn=arn)
    iam.create_open_id_connect_provider(
        Url="https://gitlab.example.org",
        ClientIDList=["sts"],
        ThumbprintList=["6938fd4d98bab03faadb97b34396831e3780aea1"],
    )


def the(kind, collected):
    return next(asset for one in collected.values() for asset in one.assets if isinstance(asset, kind))


def test_a_user_and_its_group_are_read(collected):
    user, group = the(IamUser, collected), the(IamGroup, collected)

    assert user.id == f"arn:aws:iam::{ACCOUNT}:user/omar"
    assert not user.unread
    assert user.tags == {"team": "finance"}
    assert user.groups == ("analysts",)
    assert (user.has_password, user.has_mfa) == (True, False)
    assert [(key.number, key.active) for key in user.access_keys] == [(1, True)]
    assert group.inline_policies == {"own": READ}


def test_a_role_and_its_policies_are_read(collected):
    role = the(IamRole, collected)
    policies = {a.name: a for a in collected["iam"].assets if isinstance(a, IamPolicy)}

    assert not role.unread
    assert role.trust_policy == TRUST
    assert role.inline_policies == {"own": READ}
    assert set(role.attached_policies) == {policies["read"].id}
    assert role.max_session_seconds == 7200
    assert policies["read"].document == READ
    assert policies["read"].tags == {"team": "shop"}
    assert set(policies["read"].unread) <= UNKNOWN_TO_MOTO


def test_providers_are_read_and_every_listing_is_complete(collected):
    assert the(IamOidcProvider, collected).url == "gitlab.example.org"
    assert {listing.state for listing in collected["iam"].listings} == {ListingState.COMPLETE}


def test_the_account_is_read_where_the_server_answers(collected):
    account = the(AwsAccount, collected)

    assert account.id == f"arn:aws:account::{ACCOUNT}:account"
    assert account.password_policy is None
    assert account.organization_id is None
    assert account.tags == {}
    # Moto's report has no row of the root user, and its S3 Control wants a host name per account.
    assert set(account.unread) == {"root_has_password", "root_last_used", "root_key_last_used", "public_access_block"}
