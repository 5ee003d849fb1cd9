"""What the registry of a Windows machine says."""

from collections.abc import Mapping

from poise.model.asset import Part


class WindowsFacts(Part, frozen=True, kw_only=True):
    """A Windows machine."""

    product: str
    """`Windows Server 2022 Datacenter`."""
    edition: str
    """`ServerDatacenter`."""
    installation: str
    """`Server`, `Server Core`, `Client`."""
    build: str
    """Build with its revision: `20348.2322`: tells which cumulative update is in."""
    hotfixes: tuple[str, ...]
    """Updates by number: `KB5034129`, sorted."""
    policies: Mapping[str, str]
    """Registry values of a fixed list, by short path: `Lsa\\LmCompatibilityLevel` -> `5`; those that are set."""
    services: Mapping[str, str]
    """Start type of services: `automatic`, `manual`, `disabled`, `boot`, `system`."""
