"""Pieces that several Azure records share: the firewall of a service's public end point."""

from poise.model.asset import Part


class NetworkRules(Part, frozen=True, kw_only=True):
    """Who reaches the public end point of a storage account or vault (`networkAcls`)."""

    default_action: str | None
    """`Allow` or `Deny` for callers that no rule names; None if not set, which means `Allow`."""
    bypass: tuple[str, ...] | None
    """Who passes without a rule: `AzureServices`, `Logging`, `Metrics`, or `None` alone; None if not set, which
    is `AzureServices`."""
    ip_rules: tuple[str, ...]
    """Addresses and ranges that pass."""
    subnets: tuple[str, ...]
    """Ids of the subnets that pass."""
    resource_instances: tuple[str, ...]
    """Ids of Azure resources that pass, each in its tenant."""
