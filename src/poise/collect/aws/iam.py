"""Reads IAM: users, groups, roles, policies, identity providers, instance profiles, server certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from poise.collect.aws.iam_details import Answers, Items, read_details, take_tags
from poise.collect.aws.reading.credential_report import read_report
from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.iam import (
    IamGroup,
    IamInstanceProfile,
    IamOidcProvider,
    IamPolicy,
    IamRole,
    IamSamlProvider,
    IamServerCertificate,
    IamUser,
)
from poise.model.errors import NotRead
from poise.model.listing import Read

PER_REGION = False
READS = (
    Read(
        "iam:GetAccountAuthorizationDetails",
        "iam:GetAccountAuthorizationDetails",
        ("IamUser", "IamGroup", "IamRole", "IamPolicy"),
    ),
    Read("iam:GenerateCredentialReport", "iam:GenerateCredentialReport", ("IamUser.has_password",)),
    Read(
        "iam:GetCredentialReport",
        "iam:GetCredentialReport",
        (
            "IamUser.has_password",
            "IamUser.password_last_used",
            "IamUser.password_last_changed",
            "IamUser.has_mfa",
            "IamUser.access_keys",
            "IamUser.active_certificates",
        ),
    ),
    Read("iam:ListRoles", "iam:ListRoles", ("IamRole.max_session_seconds",)),
    Read("iam:ListPolicyTags", "iam:ListPolicyTags", ("IamPolicy.tags",)),
    Read("iam:ListInstanceProfiles", "iam:ListInstanceProfiles", ("IamInstanceProfile",)),
    Read("iam:ListInstanceProfileTags", "iam:ListInstanceProfileTags", ("IamInstanceProfile.tags",)),
    Read("iam:ListOpenIDConnectProviders", "iam:ListOpenIDConnectProviders", ("IamOidcProvider",)),
    Read(
        "iam:GetOpenIDConnectProvider",
        "iam:GetOpenIDConnectProvider",
        (
            "IamOidcProvider.created",
            "IamOidcProvider.url",
            "IamOidcProvider.audiences",
            "IamOidcProvider.thumbprints",
            "IamOidcProvider.tags",
        ),
    ),
    Read("iam:ListSAMLProviders", "iam:ListSAMLProviders", ("IamSamlProvider",)),
    Read("iam:ListSAMLProviderTags", "iam:ListSAMLProviderTags", ("IamSamlProvider.tags",)),
    Read("iam:ListServerCertificates", "iam:ListServerCertificates", ("IamServerCertificate",)),
    Read("iam:ListServerCertificateTags", "iam:ListServerCertificateTags", ("IamServerCertificate.tags",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield what IAM holds, and the state of each listing."""
    details = read_details(reader)
    policy_tags = _answers(reader, "ListPolicyTags", "PolicyArn", _own_policies(details["Policies"]))
    answers = Answers(reader.account, read_report(reader), _sessions(reader), policy_tags)
    yield from listed(IamUser, details["UserDetailList"], answers.user)
    yield from listed(IamGroup, details["GroupDetailList"], answers.group)
    yield from listed(IamRole, details["RoleDetailList"], answers.role)
    yield from listed(IamPolicy, details["Policies"], answers.policy)
    yield from _instance_profiles(reader)
    openid = reader.pages("iam", "ListOpenIDConnectProviders", "OpenIDConnectProviderList")
    yield from listed(IamOidcProvider, openid, partial(_oidc_provider, reader))
    saml = reader.pages("iam", "ListSAMLProviders", "SAMLProviderList")
    yield from listed(IamSamlProvider, saml, partial(_saml_provider, reader))
    certificates = reader.pages("iam", "ListServerCertificates", "ServerCertificateMetadataList")
    yield from listed(IamServerCertificate, certificates, partial(_server_certificate, reader))


def _sessions(reader: AwsReader) -> dict[str, Json] | NotRead:
    try:
        return {role["Arn"]: role for role in reader.pages("iam", "ListRoles", "Roles")}
    except NotRead as problem:
        return problem
    except (KeyError, TypeError) as problem:
        return NotRead("iam:ListRoles", "malformed", f"iam:ListRoles: malformed item: {problem}")


def _own_policies(policies: Items) -> list[str]:
    return [arn for arn in _texts(policies, "Arn") if ":iam::aws:" not in arn]


def _texts(items: Items, key: str) -> list[str]:
    found = (item.get(key) for item in items.read if isinstance(item, dict))
    return [text for text in found if isinstance(text, str)]


def _answers(reader: AwsReader, operation: str, parameter: str, values: list[str]) -> dict[str, Json | NotRead]:
    """Make a call for each value, several at a time; return each answer, or the problem in its place."""

    def answer(value: str) -> Json | NotRead:
        try:
            return reader.get("iam", operation, **{parameter: value})
        except NotRead as problem:
            return problem

    return dict(zip(values, reader.each(answer, values), strict=True))


def _instance_profiles(reader: AwsReader) -> Iterator[Piece]:
    profiles = Items.all_of(reader.pages("iam", "ListInstanceProfiles", "InstanceProfiles"))
    names = _texts(profiles, "InstanceProfileName")
    tags = _answers(reader, "ListInstanceProfileTags", "InstanceProfileName", names)

    def convert(item: Json) -> Iterator[Piece]:
        facts = Facts(IamInstanceProfile)
        facts.pick("iam:ListInstanceProfiles", item, created=_created, path="Path", role=_role)
        name = item["InstanceProfileName"]
        take_tags(facts, "iam:ListInstanceProfileTags", tags[name])
        yield from facts.finish(id=item["Arn"], name=name, scope=reader.account, region="global")

    yield from listed(IamInstanceProfile, profiles, convert)


def _role(profile: Json) -> str | None:
    """A profile holds one role or none (IAM User Guide, "Use instance profiles")."""
    roles: Sequence[Json] = profile["Roles"]
    return roles[0]["Arn"] if roles else None


def _oidc_provider(reader: AwsReader, item: Json) -> Iterator[Piece]:
    facts = Facts(IamOidcProvider)
    arn = item["Arn"]
    facts.read(
        partial(reader.get, "iam", "GetOpenIDConnectProvider", OpenIDConnectProviderArn=arn),
        created=_created,
        url="Url",
        audiences=_listing("ClientIDList"),
        thumbprints=_listing("ThumbprintList"),
        tags=_tags,
    )
    name = arn.split(":oidc-provider/", 1)[1]
    yield from facts.finish(id=arn, name=name, scope=reader.account, region="global")


def _saml_provider(reader: AwsReader, item: Json) -> Iterator[Piece]:
    facts = Facts(IamSamlProvider)
    facts.pick("iam:ListSAMLProviders", item, created=_created, valid_until=_valid_until)
    arn = item["Arn"]
    facts.read(partial(reader.get, "iam", "ListSAMLProviderTags", SAMLProviderArn=arn), tags=_tags)
    name = arn.split(":saml-provider/", 1)[1]
    yield from facts.finish(id=arn, name=name, scope=reader.account, region="global")


def _valid_until(item: Json) -> str | None:
    return as_text(item["ValidUntil"]) if "ValidUntil" in item else None


def _server_certificate(reader: AwsReader, item: Json) -> Iterator[Piece]:
    facts = Facts(IamServerCertificate)
    facts.pick(
        "iam:ListServerCertificates",
        item,
        path="Path",
        uploaded=lambda i: as_text(i["UploadDate"]),
        expires=lambda i: as_text(i["Expiration"]),
    )
    name = item["ServerCertificateName"]
    facts.read(partial(reader.get, "iam", "ListServerCertificateTags", ServerCertificateName=name), tags=_tags)
    yield from facts.finish(id=item["Arn"], name=name, scope=reader.account, region="global")


def _created(item: Json) -> str:
    return as_text(item["CreateDate"])


def _tags(answer: Json) -> dict[str, str]:
    return tags_of(answer.get("Tags"))


def _listing(key: str) -> Callable[[Json], Json]:
    """IAM leaves an empty list out of the answer."""
    return lambda answer: answer.get(key, ())
