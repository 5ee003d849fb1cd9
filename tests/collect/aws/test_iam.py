"""IAM's answers become users, groups, roles, policies and providers; each gap stays where it belongs."""

import pytest

from poise.collect.aws import iam
from poise.collect.connector import gather
from poise.model.aws.iam import AccessKey, IamGroup, IamInstanceProfile, IamPolicy, IamRole, IamUser
from poise.model.errors import NotRead
from poise.model.kinds import by_kind
from poise.model.listing import ListingState, PartitionKey
from tests.collect.aws.iam_answers import (
    ACCOUNT,
    BOUNDARY,
    COLUMNS,
    MADE,
    POLICY,
    PROFILE,
    READ,
    ROLE,
    TRUST,
    Answering,
    answers,
    denied,
    percent_encoded,
)

KEY = PartitionKey("test", "aws", ACCOUNT, "iam", "global")
DETAILS = "iam:GetAccountAuthorizationDetails"
CREDENTIALS = {
    "has_password",
    "password_last_used",
    "password_last_changed",
    "has_mfa",
    "access_keys",
    "active_certificates",
}


def read(given):
    reader = Answering(given)
    return gather(KEY, iam.collect(reader), iam.READS, MADE)


def the(kind, collected):
    return next(asset for asset in collected.assets if isinstance(asset, kind))


def state_of(kind, collected):
    return next(listing.state for listing in collected.listings if listing.kind == kind.KIND)


def test_every_field_of_every_kind_is_known():
    collected = read(answers())

    assert {type(asset).__name__ for asset in collected.assets} == {
        "IamUser", "IamGroup", "IamRole", "IamPolicy", "IamInstanceProfile", "IamOidcProvider", "IamSamlProvider",
        "IamServerCertificate",
    }  # fmt: skip
    assert {asset.id: dict(asset.unread) for asset in collected.assets if asset.unread} == {}
    assert collected.gaps == ()
    assert {listing.state for listing in collected.listings} == {ListingState.COMPLETE}
    assert len(collected.listings) == 8


def test_reads_name_fields_that_exist():
    kinds = {kind.__name__: kind for kind in by_kind().values()}
    for one in iam.READS:
        for fed in one.feeds:
            name, _, field = fed.partition(".")
            assert not field or field in ("tags", *kinds[name].FACTS)


def test_every_call_is_declared():
    reader = Answering(answers())
    list(iam.collect(reader))

    assert {call for call, _ in reader.asked} == {one.call for one in iam.READS}


def test_a_user_has_its_policies_and_credentials():
    user = the(IamUser, read(answers()))

    assert user.id == f"arn:aws:iam::{ACCOUNT}:user/omar"
    assert (user.name, user.scope, user.region) == ("omar", ACCOUNT, "global")
    assert user.tags == {"team": "finance"}
    assert user.created == "2024-03-01T09:00:00+00:00"
    assert user.groups == ("analysts",)
    assert user.inline_policies == {}
    assert user.attached_policies == (POLICY,)
    assert user.permissions_boundary == BOUNDARY
    assert user.has_password
    assert user.has_mfa
    assert user.password_last_used == "2026-11-20T08:00:00+00:00"
    assert user.active_certificates == 1
    assert user.access_keys == (
        AccessKey(
            number=1,
            active=True,
            last_changed="2026-10-01T08:00:00+00:00",
            last_used="2026-11-24T08:00:00+00:00",
            last_used_service="s3",
            last_used_region="eu-west-1",
        ),
    )


def test_a_role_has_its_trust_and_what_hands_it_out():
    collected = read(answers())
    role = the(IamRole, collected)

    assert (role.id, role.name, role.path) == (ROLE, "web", "/shop/")
    assert role.trust_policy == TRUST
    assert role.inline_policies == {"own": READ}
    assert role.permissions_boundary is None
    assert role.instance_profiles == (PROFILE,)
    assert role.last_used == MADE.isoformat()
    assert role.max_session_seconds == 7200
    assert the(IamInstanceProfile, collected).role == ROLE


def test_a_role_that_was_never_used_has_no_last_use():
    given = answers()
    given[DETAILS]["RoleDetailList"][0]["RoleLastUsed"] = {}

    assert the(IamRole, read(given)).last_used is None


def test_an_old_export_without_the_last_use_leaves_it_unread():
    given = answers()
    del given[DETAILS]["RoleDetailList"][0]["RoleLastUsed"]

    assert set(the(IamRole, read(given)).unread) == {"last_used"}


def test_a_policy_has_the_version_in_force_and_the_others():
    policy = the(IamPolicy, read(answers()))

    assert policy.document == READ
    assert policy.default_version == "v2"
    assert policy.other_versions == {"v1": TRUST}
    assert policy.owner == ACCOUNT
    assert policy.tags == {"team": "shop"}


def test_of_aws_policies_only_those_in_use_are_kept():
    given = answers()
    own = given[DETAILS]["Policies"][0]
    used = own | {"Arn": "arn:aws:iam::aws:policy/job-function/Used", "AttachmentCount": 1}
    bounding = own | {
        "Arn": "arn:aws:iam::aws:policy/Bounding",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 1,
    }
    idle = own | {"Arn": "arn:aws:iam::aws:policy/Idle", "AttachmentCount": 0}
    given[DETAILS]["Policies"] += [used, bounding, idle]

    found = {a.name: a for a in read(given).assets if isinstance(a, IamPolicy)}

    assert set(found) == {"read", "Used", "Bounding"}
    assert found["Used"].owner == "aws"
    assert found["Used"].tags == {}


@pytest.mark.parametrize("written", [READ, percent_encoded(READ), str(READ).replace("'", '"')])
def test_a_document_may_be_an_object_or_text(written):
    given = answers()
    given[DETAILS]["GroupDetailList"][0]["GroupPolicyList"][0]["PolicyDocument"] = written

    assert the(IamGroup, read(given)).inline_policies == {"own": READ}


@pytest.mark.parametrize("broken", ["<html>", "%7B%22Statement%22", 7, None, [READ]])
def test_a_document_that_is_none_leaves_its_field_unread(broken):
    given = answers()
    given[DETAILS]["GroupDetailList"][0]["GroupPolicyList"][0]["PolicyDocument"] = broken

    collected = read(given)

    assert set(the(IamGroup, collected).unread) == {"inline_policies"}
    assert not collected.is_complete


def test_every_page_is_read():
    given = answers()
    first = given[DETAILS] | {"UserDetailList": [], "IsTruncated": True, "Marker": "next"}
    reader = Answering(given | {DETAILS: [first, given[DETAILS] | {"RoleDetailList": []}]})

    collected = gather(KEY, iam.collect(reader), iam.READS, MADE)

    assert [params.get("Marker") for call, params in reader.asked if call == DETAILS] == [None, "next"]
    assert the(IamUser, collected)
    assert the(IamRole, collected)
    assert state_of(IamUser, collected) is ListingState.COMPLETE


@pytest.mark.parametrize("problem", [denied(DETAILS), NotRead(DETAILS, "not_in_export", "no file")])
def test_pages_that_are_missing_make_every_listing_partial(problem):
    given = answers()
    first = given[DETAILS] | {"IsTruncated": True, "Marker": "next"}

    collected = read(given | {DETAILS: [first, problem]})

    assert the(IamUser, collected)
    assert state_of(IamUser, collected) is ListingState.PARTIAL
    assert not collected.is_complete


def test_a_list_that_is_empty_before_the_missing_page_is_not_complete():
    given = answers()
    first = given[DETAILS] | {"UserDetailList": [], "IsTruncated": True, "Marker": "next"}

    collected = read(given | {DETAILS: [first, NotRead(DETAILS, "not_in_export", "no file")]})

    assert state_of(IamUser, collected) is ListingState.PARTIAL


def test_an_answer_cut_short_without_a_marker_is_partial():
    given = answers()
    given[DETAILS] |= {"IsTruncated": True}

    assert state_of(IamRole, read(given)) is ListingState.PARTIAL


def test_denied_details_deny_four_listings_and_nothing_else():
    collected = read(answers() | {DETAILS: denied(DETAILS)})

    states = {listing.kind: listing.state for listing in collected.listings}
    assert [kind for kind, state in states.items() if state is ListingState.DENIED] == [
        "AWS::IAM::User",
        "AWS::IAM::Group",
        "AWS::IAM::Role",
        "AWS::IAM::ManagedPolicy",
    ]
    assert {gap.permission for gap in collected.gaps} == {DETAILS}


def test_a_denied_report_leaves_only_credentials_unread():
    collected = read(answers() | {"iam:GetCredentialReport": denied("iam:GetCredentialReport")})

    assert set(the(IamUser, collected).unread) == CREDENTIALS


def test_a_user_made_after_the_report_has_unread_credentials():
    given = answers()
    given["iam:GetCredentialReport"]["Content"] = COLUMNS.encode()

    user = the(IamUser, read(given))

    assert set(user.unread) == CREDENTIALS
    assert "no row for this user" in user.unread["has_mfa"]


def test_a_denied_list_of_roles_leaves_only_the_session_unread():
    collected = read(answers() | {"iam:ListRoles": denied("iam:ListRoles")})

    assert set(the(IamRole, collected).unread) == {"max_session_seconds"}


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("iam:ListPolicyTags", "IamPolicy"),
        ("iam:ListInstanceProfileTags", "IamInstanceProfile"),
        ("iam:ListSAMLProviderTags", "IamSamlProvider"),
        ("iam:ListServerCertificateTags", "IamServerCertificate"),
    ],
)
def test_denied_tags_leave_only_tags_unread(call, kind):
    collected = read(answers() | {call: denied(call)})

    found = {type(a).__name__: set(a.unread) for a in collected.assets if a.unread}
    assert found == {kind: {"tags"}}


def test_a_denied_provider_keeps_its_place():
    collected = read(answers() | {"iam:GetOpenIDConnectProvider": denied("iam:GetOpenIDConnectProvider")})

    provider = next(a for a in collected.assets if a.KIND == "AWS::IAM::OIDCProvider")
    assert provider.name == "gitlab.example.org/a"
    assert set(provider.unread) == {"created", "url", "audiences", "thumbprints", "tags"}


@pytest.mark.parametrize("name", ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"])
def test_a_malformed_item_makes_only_its_listing_partial(name):
    given = answers()
    given[DETAILS][name] += [{}, "text", None]

    states = {listing.kind: listing.state for listing in read(given).listings}

    assert list(states.values()).count(ListingState.PARTIAL) == 1


@pytest.mark.parametrize("name", ["UserDetailList", "Policies"])
def test_a_list_that_is_none_makes_the_details_unreadable(name):
    given = answers()
    given[DETAILS][name] = "<html>"

    assert state_of(IamUser, read(given)) is ListingState.PARTIAL


def test_malformed_roles_leave_only_the_session_unread():
    collected = read(answers() | {"iam:ListRoles": {"Roles": ["text"]}})

    assert set(the(IamRole, collected).unread) == {"max_session_seconds"}
