"""Records of programs in an Entra directory: applications, service principals, and what was granted to them."""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.azure.identities import FederatedCredential


class ApplicationCredential(Part, frozen=True, kw_only=True):
    """A secret or certificate by which a program signs in; never the secret itself."""

    key: str
    """Its own id."""
    name: str | None
    """What it is called; None if it has no name."""
    starts: str | None
    """When it begins, ISO 8601; None if not told."""
    ends: str | None
    """When it ends, ISO 8601; None if not told."""


class PublishedRole(Part, frozen=True, kw_only=True):
    """A permission that the API of a program offers to other programs."""

    id: str
    """By which it is granted."""
    value: str | None
    """Its name, such as `Application.ReadWrite.All`; None if it has none."""


class AssignedRole(Part, frozen=True, kw_only=True):
    """A permission of an API that was granted to somebody."""

    principal_id: str
    """Object id of who holds it."""
    principal_type: str | None
    """`ServicePrincipal`, `User` or `Group`; None if not told."""
    role_id: str
    """Id of the permission among those that the API offers."""


@asset_kind("Microsoft.Graph/applications", "azure")
class EntraApplication(Asset):
    """A program as it was registered: its service principals act."""

    app_id: str
    """By which its service principals name it."""
    owners: tuple[str, ...]
    """Object ids of who may change it, and add a secret."""
    secrets: tuple[ApplicationCredential, ...]
    """Passwords that it may sign in with."""
    certificates: tuple[ApplicationCredential, ...]
    """Certificates that it may sign in with."""
    federated_credentials: tuple[FederatedCredential, ...]
    """Issuers whose tokens let one act as it."""
    sign_in_audience: str | None
    """Whom it serves: `AzureADMyOrg` for its own tenant alone, `AzureADMultipleOrgs` and wider; None if not told."""
    instance_lock: tuple[str, ...] | None
    """Locked properties of its service principals, such as `credentialsWithUsageVerify`; None if there is no lock."""


@asset_kind("Microsoft.Graph/servicePrincipals", "azure")
class EntraServicePrincipal(Asset):
    """A program, or a managed identity, as it acts in this directory."""

    app_id: str
    """Of its application."""
    principal_type: str | None
    """`Application`, `ManagedIdentity`, `Legacy` or `SocialIdp`; None if not told."""
    enabled: bool | None
    """Whether it may sign in; None if not told."""
    home_tenant: str | None
    """Tenant in which its application was registered; None for managed identities."""
    owners: tuple[str, ...]
    """Object ids of who may change it, and add a secret."""
    secrets: tuple[ApplicationCredential, ...]
    """Passwords of its own."""
    certificates: tuple[ApplicationCredential, ...]
    """Certificates of its own."""
    published_roles: tuple[PublishedRole, ...]
    """Permissions that its API offers to other programs."""
    assigned_roles: tuple[AssignedRole, ...] | None
    """Who holds these permissions; None for Microsoft Graph, whose grants are records of their own."""


@asset_kind("Microsoft.Graph/appRoleAssignments", "azure")
class AppRoleAssignment(Asset):
    """A permission of Microsoft Graph that was granted to a program."""

    principal_id: str
    """Object id of who holds it."""
    principal_type: str | None
    """`ServicePrincipal`, `User` or `Group`; None if not told."""
    resource_id: str
    """Object id of the service principal whose API it is."""
    role_id: str
    """Id of the permission among those that the API offers."""
