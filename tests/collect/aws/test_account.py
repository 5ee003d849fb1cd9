"""Answers about the account become its one asset."""

from poise.collect.aws import account
from poise.collect.connector import gather
from poise.model.aws.account import AwsAccount
from poise.model.errors import NotRead
from poise.model.listing import ListingState, PartitionKey
from tests.collect.aws.iam_answers import ACCOUNT, COLUMNS, MADE, Answering, answers, denied

KEY = PartitionKey("test", "aws", ACCOUNT, "account", "global")
OTHER = "444455556666"


def read(given):
    return gather(KEY, account.collect(Answering(given)), account.READS, MADE)


def the(collected):
    (found,) = collected.assets
    assert isinstance(found, AwsAccount)
    return found


def test_every_field_is_known():
    collected = read(answers())
    found = the(collected)

    assert collected.gaps == ()
    assert not found.unread
    assert found.id == f"arn:aws:account::{ACCOUNT}:account"
    assert (found.name, found.scope, found.region) == ("shop-production", ACCOUNT, "global")
    assert (found.root_has_password, found.root_has_mfa, found.root_access_keys) == (True, True, 0)
    assert found.organization_id == "o-a1b2c3d4e5"
    assert found.tags == {"stage": "production"}
    assert collected.listings[0].state is ListingState.COMPLETE


def test_every_call_is_declared():
    reader = Answering(answers())
    list(account.collect(reader))

    assert {call for call, _ in reader.asked} == {one.call for one in account.READS}


def test_the_block_is_asked_for_the_own_account():
    reader = Answering(answers())
    list(account.collect(reader))

    assert ("s3control:GetPublicAccessBlock", {"AccountId": ACCOUNT}) in reader.asked


def test_the_name_of_a_device_does_not_make_it_the_root_users():
    found = the(read(answers()))
    assert found.root_has_virtual_mfa is False

    given = answers()
    given["iam:ListVirtualMFADevices"]["VirtualMFADevices"][1]["User"] = {"Arn": f"arn:aws:iam::{ACCOUNT}:root"}
    assert the(read(given)).root_has_virtual_mfa is True


def test_the_last_use_of_the_root_user_is_the_latest_of_both_keys():
    found = the(read(answers()))

    assert found.root_last_used is None
    assert found.root_key_last_used == "2024-06-06T00:00:00+00:00"


def test_a_report_without_the_root_user_leaves_its_use_unread():
    given = answers()
    given["iam:GetCredentialReport"]["Content"] = COLUMNS.encode()

    assert set(the(read(given)).unread) == {"root_last_used", "root_key_last_used"}


def test_settings_that_were_never_made_are_none():
    absent = {
        "iam:GetAccountPasswordPolicy": NotRead("iam:GetAccountPasswordPolicy", "NoSuchEntity", "none"),
        "s3control:GetPublicAccessBlock": NotRead(
            "s3control:GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", "none"
        ),
        "organizations:DescribeOrganization": NotRead(
            "organizations:DescribeOrganization", "AWSOrganizationsNotInUseException", "none"
        ),
    }
    collected = read(answers() | absent)
    found = the(collected)

    assert found.password_policy is None
    assert found.public_access_block is None
    assert (found.organization_id, found.management_account) == (None, None)
    assert found.tags == {}
    assert collected.gaps == ()


def test_a_password_policy_without_limits_has_none():
    given = answers()
    policy = given["iam:GetAccountPasswordPolicy"]["PasswordPolicy"]
    del policy["MaxPasswordAge"], policy["PasswordReusePrevention"]

    found = the(read(given)).password_policy

    assert (found.max_age_days, found.reuse_prevention) == (None, None)
    assert found.require_lowercase is False


def test_each_denied_call_is_a_gap_on_its_own_fields():
    fields = {
        "iam:GetAccountSummary": {"root_has_password", "root_has_mfa", "root_access_keys"},
        "iam:ListVirtualMFADevices": {"root_has_virtual_mfa"},
        "iam:GetCredentialReport": {"root_last_used", "root_key_last_used"},
        "iam:GetAccountPasswordPolicy": {"password_policy"},
        "s3control:GetPublicAccessBlock": {"public_access_block"},
        "organizations:DescribeOrganization": {"organization_id", "management_account", "tags"},
        "organizations:ListTagsForResource": {"tags"},
        "iam:ListAccountAliases": set(),
    }
    for call, unread in fields.items():
        assert set(the(read(answers() | {call: denied(call)})).unread) == unread, call


def test_an_older_summary_leaves_the_root_password_unread():
    given = answers()
    del given["iam:GetAccountSummary"]["SummaryMap"]["AccountPasswordPresent"]

    assert set(the(read(given)).unread) == {"root_has_password"}


def test_tags_of_a_member_account_are_unread_without_making_the_run_incomplete():
    given = answers()
    given["organizations:DescribeOrganization"]["Organization"]["MasterAccountId"] = OTHER

    collected = read(given)

    assert set(the(collected).unread) == {"tags"}
    assert collected.is_complete


def test_an_account_without_alias_is_named_by_its_number():
    assert the(read(answers() | {"iam:ListAccountAliases": {"AccountAliases": []}})).name == ACCOUNT
