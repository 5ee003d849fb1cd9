"""One file of the AWS CLI is enough for users, groups, roles and policies."""

import orjson
import pytest

from poise.collect.aws.authorization_details import AwsAuthorizationDetails
from poise.model.aws.account import AwsAccount
from poise.model.aws.iam import IamPolicy, IamRole, IamUser
from poise.model.errors import BadInput
from poise.model.listing import ListingState
from tests.collect.aws.iam_answers import ACCOUNT, MADE, READ, details


def door(path):
    return AwsAuthorizationDetails(path, f"files:{path}", lambda: MADE)


def written(tmp_path, content):
    path = tmp_path / "details.json"
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


def read_all(connector):
    (scope,) = connector.scopes()
    return {key.service: connector.read(key) for key in connector.partitions(scope)}


def test_users_groups_roles_and_policies_are_read(tmp_path):
    path = written(tmp_path, details())
    assert AwsAuthorizationDetails.recognises(path)
    connector = door(path)

    (scope,) = connector.scopes()
    collected = read_all(connector)

    assert scope.id == ACCOUNT
    known = [a for a in collected["iam"].assets if isinstance(a, IamRole)]
    assert known[0].inline_policies == {"own": READ}
    assert len(collected["iam"].assets) == 4
    assert {listing.state for listing in collected["iam"].listings[:4]} == {ListingState.COMPLETE}


def test_what_the_file_lacks_is_unread_and_expected(tmp_path):
    collected = read_all(door(written(tmp_path, details())))

    user = next(a for a in collected["iam"].assets if isinstance(a, IamUser))
    assert "has_mfa" in user.unread
    assert "not in this file" in user.unread["has_mfa"]
    (account,) = collected["account"].assets
    assert isinstance(account, AwsAccount)
    assert set(account.unread) == {"tags", *AwsAccount.FACTS}
    assert all(one.is_complete for one in collected.values())


def test_the_account_is_told_by_a_policy_too(tmp_path):
    content = details() | {"UserDetailList": [], "RoleDetailList": [], "GroupDetailList": []}

    assert door(written(tmp_path, content)).scopes()[0].id == ACCOUNT


def test_a_few_arns_of_another_account_do_not_change_whose_it_is(tmp_path):
    content = details()
    content["UserDetailList"].append(content["UserDetailList"][0] | {"Arn": "arn:aws:iam::999988887777:user/x"})

    assert door(written(tmp_path, content)).scopes()[0].id == ACCOUNT


def test_the_partition_is_told_by_the_arns(tmp_path):
    text = orjson.dumps(details()).replace(b"arn:aws:", b"arn:aws-cn:")
    collected = read_all(door(written(tmp_path, text)))

    assert collected["account"].assets[0].id == f"arn:aws-cn:account::{ACCOUNT}:account"
    policy = next(a for a in collected["iam"].assets if isinstance(a, IamPolicy))
    assert policy.id.startswith("arn:aws-cn:iam:")


def test_the_first_page_alone_is_partial(tmp_path):
    collected = read_all(door(written(tmp_path, details() | {"IsTruncated": True, "Marker": "next"})))

    assert {listing.state for listing in collected["iam"].listings[:4]} == {ListingState.PARTIAL}
    assert not collected["iam"].is_complete


def test_a_file_of_two_accounts_is_refused(tmp_path):
    content = details() | {"RoleDetailList": [], "GroupDetailList": [], "Policies": []}
    content["UserDetailList"].append(content["UserDetailList"][0] | {"Arn": "arn:aws:iam::999988887777:user/x"})

    with pytest.raises(BadInput, match="several accounts: 111122223333, 999988887777"):
        door(written(tmp_path, content)).scopes()


def test_a_file_without_an_account_is_refused(tmp_path):
    with pytest.raises(BadInput, match="names no account"):
        door(written(tmp_path, {"UserDetailList": [], "RoleDetailList": ["text", {"Arn": 7}]})).scopes()


def test_a_damaged_file_is_recognised_and_its_error_names_the_place(tmp_path):
    path = written(tmp_path, orjson.dumps(details())[:-9])

    assert AwsAuthorizationDetails.recognises(path)
    with pytest.raises(BadInput, match=r"details\.json:1:"):
        door(path).scopes()


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"Policies": []}', b"<html>"])
def test_other_files_are_not_recognised(tmp_path, content):
    assert not AwsAuthorizationDetails.recognises(written(tmp_path, content))


def test_a_missing_file_is_not_recognised(tmp_path):
    assert not AwsAuthorizationDetails.recognises(tmp_path / "none.json")
