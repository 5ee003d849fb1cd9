"""Answers of IAM as its API reference documents them, and a reader that gives them."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from urllib.parse import quote

import orjson

from poise.model.errors import NotRead

ACCOUNT = "111122223333"
MADE = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
PROFILE = f"arn:aws:iam::{ACCOUNT}:instance-profile/shop/web"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/shop/web"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/read"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/bounds"


def percent_encoded(document: object) -> str:
    """Write a document as the API itself sends it."""
    return quote(orjson.dumps(document).decode(), safe="")


def details() -> dict:
    """Return an answer of GetAccountAuthorizationDetails as boto3 gives it."""
    return {
        "UserDetailList": [
            {
                "Path": "/",
                "UserName": "omar",
                "UserId": "AIDAEXAMPLEOMAR",
                "Arn": f"arn:aws:iam::{ACCOUNT}:user/omar",
                "CreateDate": MADE,
                "GroupList": ["analysts"],
                "AttachedManagedPolicies": [{"PolicyName": "read", "PolicyArn": POLICY}],
                "PermissionsBoundary": {
                    "PermissionsBoundaryType": "Policy",
                    "PermissionsBoundaryArn": BOUNDARY,
                },
                "Tags": [{"Key": "team", "Value": "finance"}],
            },
        ],
        "GroupDetailList": [
            {
                "Path": "/",
                "GroupName": "analysts",
                "GroupId": "AGPAEXAMPLEANALYSTS",
                "Arn": f"arn:aws:iam::{ACCOUNT}:group/analysts",
                "CreateDate": MADE,
                "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": READ}],
                "AttachedManagedPolicies": [],
            },
        ],
        "RoleDetailList": [
            {
                "Path": "/shop/",
                "RoleName": "web",
                "RoleId": "AROAEXAMPLEWEB",
                "Arn": ROLE,
                "CreateDate": MADE,
                "AssumeRolePolicyDocument": TRUST,
                "InstanceProfileList": [{"InstanceProfileName": "web", "Arn": PROFILE}],
                "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": READ}],
                "AttachedManagedPolicies": [{"PolicyName": "read", "PolicyArn": POLICY}],
                "Tags": [],
                "RoleLastUsed": {"LastUsedDate": MADE, "Region": "eu-west-1"},
            },
        ],
        "Policies": [
            {
                "PolicyName": "read",
                "PolicyId": "ANPAEXAMPLEREAD",
                "Arn": POLICY,
                "Path": "/",
                "DefaultVersionId": "v2",
                "AttachmentCount": 2,
                "PermissionsBoundaryUsageCount": 0,
                "IsAttachable": True,
                "CreateDate": MADE,
                "UpdateDate": MADE,
                "PolicyVersionList": [
                    {"Document": READ, "VersionId": "v2", "IsDefaultVersion": True, "CreateDate": MADE},
                    {"Document": TRUST, "VersionId": "v1", "IsDefaultVersion": False, "CreateDate": MADE},
                ],
            },
        ],
        "IsTruncated": False,
    }


COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
    "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)
ROOT_ROW = (
    f"<root_account>,arn:aws:iam::{ACCOUNT}:root,2020-01-01T00:00:00+00:00,not_supported,no_information,"
    "not_supported,not_supported,true,false,N/A,2024-05-05T00:00:00+00:00,eu-west-1,s3,"
    "false,N/A,2024-06-06T00:00:00+00:00,N/A,N/A,false,N/A,false,N/A"
)
OMAR_ROW = (
    f"omar,arn:aws:iam::{ACCOUNT}:user/omar,2024-03-01T09:00:00+00:00,true,2026-11-20T08:00:00+00:00,"
    "2026-09-01T08:00:00+00:00,N/A,true,true,2026-10-01T08:00:00+00:00,2026-11-24T08:00:00+00:00,eu-west-1,s3,"
    "false,N/A,N/A,N/A,N/A,true,2024-03-01T09:00:00+00:00,false,N/A"
)
REPORT = "\n".join((COLUMNS, ROOT_ROW, OMAR_ROW))


def answers() -> dict:
    """Return an answer for each call that is made for IAM and the account."""
    arn = f"arn:aws:iam::{ACCOUNT}"
    return {
        "iam:GetAccountAuthorizationDetails": details(),
        "iam:GenerateCredentialReport": {"State": "COMPLETE"},
        "iam:GetCredentialReport": {"Content": REPORT.encode(), "GeneratedTime": MADE, "ReportFormat": "text/csv"},
        "iam:ListRoles": {"Roles": [{"Arn": ROLE, "RoleName": "web", "MaxSessionDuration": 7200}]},
        "iam:ListPolicyTags": {"Tags": [{"Key": "team", "Value": "shop"}], "IsTruncated": False},
        "iam:ListInstanceProfiles": {
            "InstanceProfiles": [
                {"InstanceProfileName": name, "Path": "/", "Arn": profile, "CreateDate": MADE, "Roles": roles}
                for name, profile, roles in (
                    ("web", PROFILE, [{"Arn": ROLE}]),
                    ("idle", f"{arn}:instance-profile/idle", []),
                )
            ],
        },
        "iam:ListInstanceProfileTags": {"Tags": []},
        "iam:ListOpenIDConnectProviders": {
            "OpenIDConnectProviderList": [{"Arn": f"{arn}:oidc-provider/gitlab.example.org/a"}]
        },
        "iam:GetOpenIDConnectProvider": {
            "Url": "gitlab.example.org/a",
            "ClientIDList": ["https://gitlab.example.org"],
            "ThumbprintList": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            "CreateDate": MADE,
            "Tags": [{"Key": "team", "Value": "build"}],
        },
        "iam:ListSAMLProviders": {
            "SAMLProviderList": [{"Arn": f"{arn}:saml-provider/staff", "ValidUntil": MADE, "CreateDate": MADE}]
        },
        "iam:ListSAMLProviderTags": {"Tags": []},
        "iam:ListServerCertificates": {
            "ServerCertificateMetadataList": [
                {
                    "Path": "/",
                    "ServerCertificateName": "shop",
                    "ServerCertificateId": "ASCAEXAMPLE",
                    "Arn": f"{arn}:server-certificate/shop",
                    "UploadDate": MADE,
                    "Expiration": MADE,
                },
            ],
        },
        "iam:ListServerCertificateTags": {"Tags": []},
        "iam:ListAccountAliases": {"AccountAliases": ["shop-production"]},
        "iam:GetAccountSummary": {
            "SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1}
        },
        "iam:ListVirtualMFADevices": {
            "VirtualMFADevices": [
                {"SerialNumber": f"{arn}:mfa/root-account-mfa-device", "User": {"Arn": f"{arn}:user/omar"}},
                {"SerialNumber": f"{arn}:mfa/spare"},
            ]
        },
        "iam:GetAccountPasswordPolicy": {
            "PasswordPolicy": {
                "MinimumPasswordLength": 14,
                "RequireSymbols": True,
                "RequireNumbers": True,
                "RequireUppercaseCharacters": True,
                "RequireLowercaseCharacters": False,
                "AllowUsersToChangePassword": True,
                "ExpirePasswords": True,
                "MaxPasswordAge": 90,
                "PasswordReusePrevention": 24,
            }
        },
        "s3control:GetPublicAccessBlock": {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": False,
            }
        },
        "organizations:DescribeOrganization": {
            "Organization": {"Id": "o-a1b2c3d4e5", "MasterAccountId": ACCOUNT, "FeatureSet": "ALL"}
        },
        "organizations:ListTagsForResource": {"Tags": [{"Key": "stage", "Value": "production"}]},
    }  # fmt: skip


class Answering:
    """A reader that gives prepared answers: a value, several in turn, or a problem."""

    account = ACCOUNT
    partition = "aws"
    region = "us-east-1"

    def __init__(self, given: dict) -> None:
        self.given = deepcopy(given)
        self.asked: list[tuple[str, dict]] = []

    def get(self, service, operation, /, **params):
        call = f"{service}:{operation}"
        self.asked.append((call, params))
        if call not in self.given:
            raise NotRead(call, "not_in_export", f"{call} is not in this export")
        answer = self.given[call]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, NotRead):
            raise answer
        return answer

    def pages(self, service, operation, items, /, **params) -> Iterator:
        yield from self.get(service, operation, **params).get(items) or ()

    def each(self, convert, items):
        return map(convert, items)

    def in_region(self, region):
        return self


def denied(call: str) -> NotRead:
    """Return the problem that AWS's refusal becomes."""
    return NotRead(call, "AccessDenied", f"AccessDenied on {call}: no")
