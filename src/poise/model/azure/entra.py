"""Records of who there is in an Entra directory: tenants, users, groups, administrative units."""

from poise.model.asset import Asset, Part, asset_kind


@asset_kind("Microsoft.Entra/tenant", "azure")
class EntraTenant(Asset):
    """A directory that subscriptions trust."""

    verified_domains: tuple[str, ...]
    """Domains that it has proven to own."""


@asset_kind("Microsoft.Graph/users", "azure")
class EntraUser(Asset):
    """A person's account."""

    user_principal_name: str
    """What one signs in with."""
    enabled: bool | None
    """Whether it may sign in; None if not told."""
    user_type: str | None
    """`Member` or `Guest`; None for very old accounts, which are members."""
    mail: str | None
    """Its address; None if it has none."""


class GroupEligibility(Part, frozen=True, kw_only=True):
    """Somebody who may make itself a member or an owner of a group for a while (Privileged Identity Management)."""

    principal_id: str
    """Object id of who may: a person, or a group, whose members then may."""
    access: str
    """What is activated: `member` or `owner`."""
    starts: str | None
    """From when, ISO 8601; None if not told."""
    ends: str | None
    """Until when, ISO 8601; None if it does not end."""


@asset_kind("Microsoft.Graph/groups", "azure")
class EntraGroup(Asset):
    """A group, with those who are in it directly."""

    members: tuple[str, ...]
    """Object ids of its direct members: users, groups, service principals, devices."""
    owners: tuple[str, ...]
    """Object ids of who may change it."""
    eligible: tuple[GroupEligibility, ...]
    """Who may activate membership or ownership; nobody in groups that a rule fills or that come from on premises."""
    security_enabled: bool | None
    """Whether rights may be given to it; None if not told."""
    role_assignable: bool | None
    """Whether directory roles may be given to it: it is then guarded by its own rules; None counts as not."""
    group_types: tuple[str, ...]
    """`Unified` for Microsoft 365, `DynamicMembership` for a rule instead of a list."""
    membership_rule: str | None
    """Rule of a dynamic group; None if people are added one by one."""
    synchronized: bool | None
    """Whether it comes from a directory on premises; None if not."""


@asset_kind("Microsoft.Graph/administrativeUnits", "azure")
class AdministrativeUnit(Asset):
    """A part of the directory that roles may be limited to."""

    members: tuple[str, ...]
    """Object ids of what is in it."""
    restricted: bool | None
    """Whether roles on the whole tenant do not reach its members; None counts as not."""
