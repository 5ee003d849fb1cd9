"""One ordinary asset of each kind of IAM, as it should be."""

from poise.model.asset import Document, replace
from poise.model.aws.account import PasswordPolicy
from poise.model.aws.iam import (
    AccessKey,
    IamGroup,
    IamInstanceProfile,
    IamOidcProvider,
    IamPolicy,
    IamRole,
    IamSamlProvider,
    IamServerCertificate,
    IamUser,
)
from poise.model.samples.aws import ACCOUNT

READ_REPORTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}],
}
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
DENY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
WITH_MFA = {
    "Statement": {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    }
}
BROKEN_POLICY = {"Statement": "Allow everything"}
EC2_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
PASSWORD_POLICY = PasswordPolicy(
    minimum_length=14,
    require_symbols=True,
    require_numbers=True,
    require_uppercase=True,
    require_lowercase=True,
    max_age_days=None,
    reuse_prevention=24,
)
ACCESS_KEY = AccessKey(
    number=1,
    active=True,
    last_changed="2026-10-20T08:00:00+00:00",
    last_used="2026-11-24T18:30:00+00:00",
    last_used_service="s3",
    last_used_region="eu-west-1",
)

IAM_POLICY = IamPolicy(
    id=f"arn:aws:iam::{ACCOUNT}:policy/read-reports",
    name="read-reports",
    tags={"team": "finance"},
    owner=ACCOUNT,
    created="2024-03-01T09:00:00+00:00",
    path="/",
    unique_id="ANPAEXAMPLE1READREPORT",
    document=READ_REPORTS,
    default_version="v2",
    other_versions={},
    attachments=2,
    boundary_uses=0,
    scope=ACCOUNT,
    region="global",
)
AWS_POLICY = IamPolicy(
    id="arn:aws:iam::aws:policy/AdministratorAccess",
    name="AdministratorAccess",
    tags={},
    owner="aws",
    created="2015-02-06T18:39:46+00:00",
    path="/",
    unique_id="ANPAEXAMPLE2ADMINISTRA",
    document=ALLOW_ALL,
    default_version="v1",
    other_versions={},
    attachments=0,
    boundary_uses=0,
    scope=ACCOUNT,
    region="global",
)
IAM_GROUP = IamGroup(
    id=f"arn:aws:iam::{ACCOUNT}:group/analysts",
    name="analysts",
    tags={},
    created="2024-03-01T09:00:00+00:00",
    path="/",
    unique_id="AGPAEXAMPLE1ANALYSTSAA",
    inline_policies={},
    attached_policies=(IAM_POLICY.id,),
    scope=ACCOUNT,
    region="global",
)
IAM_USER = IamUser(
    id=f"arn:aws:iam::{ACCOUNT}:user/omar",
    name="omar",
    tags={"team": "finance"},
    created="2024-03-01T09:00:00+00:00",
    path="/",
    unique_id="AIDAEXAMPLE1OMARAAAAAA",
    groups=(IAM_GROUP.name,),
    inline_policies={},
    attached_policies=(),
    permissions_boundary=None,
    has_password=True,
    password_last_used="2026-11-23T07:55:00+00:00",
    password_last_changed="2026-09-01T10:00:00+00:00",
    has_mfa=True,
    access_keys=(ACCESS_KEY,),
    active_certificates=0,
    scope=ACCOUNT,
    region="global",
)
IAM_ROLE = IamRole(
    id=f"arn:aws:iam::{ACCOUNT}:role/web",
    name="web",
    tags={"team": "shop"},
    created="2024-03-01T09:00:00+00:00",
    path="/",
    unique_id="AROAEXAMPLE1WEBAAAAAAA",
    trust_policy=EC2_TRUST,
    inline_policies={},
    attached_policies=(IAM_POLICY.id,),
    permissions_boundary=None,
    instance_profiles=(f"arn:aws:iam::{ACCOUNT}:instance-profile/web",),
    last_used="2026-11-25T04:00:00+00:00",
    max_session_seconds=3600,
    scope=ACCOUNT,
    region="global",
)
IAM_INSTANCE_PROFILE = IamInstanceProfile(
    id=f"arn:aws:iam::{ACCOUNT}:instance-profile/web",
    name="web",
    tags={},
    created="2024-03-01T09:00:00+00:00",
    path="/",
    role=IAM_ROLE.id,
    scope=ACCOUNT,
    region="global",
)
IAM_OIDC_PROVIDER = IamOidcProvider(
    id=f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
    name="token.actions.githubusercontent.com",
    tags={},
    created="2024-03-01T09:00:00+00:00",
    url="token.actions.githubusercontent.com",
    audiences=("sts.amazonaws.com",),
    thumbprints=("6938fd4d98bab03faadb97b34396831e3780aea1",),
    scope=ACCOUNT,
    region="global",
)


def trusting_github(subject: str | None, audience: str | None = "sts.amazonaws.com") -> IamRole:
    """Return a role for workflows of GitHub whose token has this subject, or pattern of one; None: not asked."""
    issuer = "token.actions.githubusercontent.com"
    condition: Document = {}
    if audience is not None:
        condition["StringEquals"] = {f"{issuer}:aud": audience}
    if subject is not None:
        condition["StringLike"] = {f"{issuer}:sub": subject}
    statement: Document = {
        "Effect": "Allow",
        "Principal": {"Federated": IAM_OIDC_PROVIDER.id},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return replace(IAM_ROLE, trust_policy={"Version": "2012-10-17", "Statement": [statement]})


GITHUB_ROLE = trusting_github("repo:acme/shop:ref:refs/heads/main")
IAM_SAML_PROVIDER = IamSamlProvider(
    id=f"arn:aws:iam::{ACCOUNT}:saml-provider/staff",
    name="staff",
    tags={},
    created="2024-03-01T09:00:00+00:00",
    valid_until="2034-03-01T09:00:00+00:00",
    scope=ACCOUNT,
    region="global",
)
IAM_SERVER_CERTIFICATE = IamServerCertificate(
    id=f"arn:aws:iam::{ACCOUNT}:server-certificate/shop",
    name="shop",
    tags={},
    path="/",
    uploaded="2026-05-01T09:00:00+00:00",
    expires="2027-06-01T09:00:00+00:00",
    scope=ACCOUNT,
    region="global",
)
