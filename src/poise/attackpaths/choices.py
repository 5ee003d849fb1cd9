"""What a tenant sets for the search: trusted networks, assumed breaches, which targets count."""

from __future__ import annotations

import msgspec


class Choices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is set."""

    trusted_networks: tuple[str, ...] = ()
    """Ranges from which no attacker is expected: no entry."""
    assumed_breaches: tuple[str, ...] = ()
    """Ids of assets that count as taken already."""
    trusted_accounts: tuple[str, ...] = ()
    """Foreign accounts that count as one's own: no entry."""
    trusted_tenants: tuple[str, ...] = ()
    """Foreign Entra tenants whose programs count as one's own: no entry."""
    minor_targets: bool = False
    """Whether machines, keys and stores without sensitive data are targets as well."""
    with_unknown: bool = False
    """Whether steps of which something was not read are taken: the blind spots."""
