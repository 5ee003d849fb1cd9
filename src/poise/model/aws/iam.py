"""Records of AWS IAM: users, groups, roles, policies, identity providers, server certificates.

Facts of a user's password, MFA and keys come from the credential report, which AWS makes anew at most every
four hours.
"""

from poise.model.asset import Asset, Document, Part, asset_kind


class AccessKey(Part, frozen=True, kw_only=True):
    """One of a user's two access keys, as the credential report shows it."""

    number: int
    """1 or 2: the place in the report, which does not tell the key's id."""
    active: bool
    """Whether it can sign requests."""
    last_changed: str | None
    """When it was made, or last switched on or off, ISO 8601; None where the report does not tell."""
    last_used: str | None
    """When it last signed a request, ISO 8601; None if never known."""
    last_used_service: str | None
    """Service that it last called; None if never known."""
    last_used_region: str | None
    """Region that it last called; None if never known, or for a global service."""


@asset_kind("AWS::IAM::User", "aws")
class IamUser(Asset):
    """A user with its policies and credentials."""

    created: str
    """When it was made, ISO 8601."""
    path: str
    """Path of its name, `/` for none."""
    unique_id: str
    """Id that no later user of this name will have, `AIDA...`."""
    groups: tuple[str, ...]
    """Names of its groups; a name is unique in an account."""
    inline_policies: dict[str, Document]
    """Name and document of each policy that is part of it."""
    attached_policies: tuple[str, ...]
    """ARNs of managed policies attached to it."""
    permissions_boundary: str | None
    """ARN of the policy that bounds it; None if nothing does."""
    has_password: bool
    """Whether it can sign in to the console."""
    password_last_used: str | None
    """When it last signed in by password, ISO 8601; None if never known."""
    password_last_changed: str | None
    """When the password was set, ISO 8601; None if there is none."""
    has_mfa: bool
    """Whether an MFA device is assigned."""
    access_keys: tuple[AccessKey, ...]
    """Its access keys, inactive ones included where the report shows them."""
    active_certificates: int
    """Number of active X.509 signing certificates."""


@asset_kind("AWS::IAM::Group", "aws")
class IamGroup(Asset):
    """A group of users with its policies."""

    created: str
    """When it was made, ISO 8601."""
    path: str
    """Path of its name, `/` for none."""
    unique_id: str
    """Id that no later group of this name will have, `AGPA...`."""
    inline_policies: dict[str, Document]
    """Name and document of each policy that is part of it."""
    attached_policies: tuple[str, ...]
    """ARNs of managed policies attached to it."""


@asset_kind("AWS::IAM::Role", "aws")
class IamRole(Asset):
    """A role with its policies and those who may take it."""

    created: str
    """When it was made, ISO 8601."""
    path: str
    """Path of its name; `/aws-service-role/...` for a role that only its service can change."""
    unique_id: str
    """Id that no later role of this name will have, `AROA...`."""
    trust_policy: Document
    """Who may assume it."""
    inline_policies: dict[str, Document]
    """Name and document of each policy that is part of it."""
    attached_policies: tuple[str, ...]
    """ARNs of managed policies attached to it."""
    permissions_boundary: str | None
    """ARN of the policy that bounds it; None if nothing does."""
    instance_profiles: tuple[str, ...]
    """ARNs of instance profiles that hand it to machines."""
    last_used: str | None
    """When it last made a request, ISO 8601; None if not in the last 400 days, or not since tracking began."""
    max_session_seconds: int
    """Longest session that may be asked for."""


@asset_kind("AWS::IAM::ManagedPolicy", "aws")
class IamPolicy(Asset):
    """A customer managed policy, or one of AWS's own that is in use."""

    owner: str
    """Account that can change it; `aws` for AWS's own."""
    created: str
    """When it was made, ISO 8601."""
    path: str
    """Path of its name, `/` for none."""
    unique_id: str
    """Id that no later policy of this name will have, `ANPA...`."""
    document: Document
    """The version in force."""
    default_version: str
    """Name of the version in force, e.g. `v3`."""
    other_versions: dict[str, Document]
    """Name and document of versions that could be put in force."""
    attachments: int
    """Number of users, groups and roles that it is attached to."""
    boundary_uses: int
    """Number of users and roles that it bounds."""


@asset_kind("AWS::IAM::InstanceProfile", "aws")
class IamInstanceProfile(Asset):
    """What hands a role to a machine."""

    created: str
    """When it was made, ISO 8601."""
    path: str
    """Path of its name, `/` for none."""
    role: str | None
    """ARN of its role; None if it has none yet."""


@asset_kind("AWS::IAM::OIDCProvider", "aws")
class IamOidcProvider(Asset):
    """An OpenID Connect provider whose tokens roles may trust."""

    created: str
    """When it was made, ISO 8601."""
    url: str
    """Issuer, without `https://`."""
    audiences: tuple[str, ...]
    """Client ids that tokens may be made for."""
    thumbprints: tuple[str, ...]
    """SHA-1 thumbprints of certificates that are accepted, hex."""


@asset_kind("AWS::IAM::SAMLProvider", "aws")
class IamSamlProvider(Asset):
    """A SAML provider whose assertions roles may trust."""

    created: str
    """When it was made, ISO 8601."""
    valid_until: str | None
    """When its metadata ends, ISO 8601; None if the metadata names no end."""


@asset_kind("AWS::IAM::ServerCertificate", "aws")
class IamServerCertificate(Asset):
    """A TLS certificate that was uploaded to IAM."""

    path: str
    """Path of its name, `/` for none."""
    uploaded: str
    """When it was uploaded, ISO 8601."""
    expires: str
    """When it ends, ISO 8601."""
