"""How Azure Resource Manager and Microsoft Graph are reached: which cloud, as whom, how fast."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from poise.model.errors import UsageError

GRAPHS = {
    "public": "https://graph.microsoft.com",
    "government": "https://graph.microsoft.us",
    "china": "https://microsoftgraph.chinacloudapi.cn",
}
"""Cloud -> end point of Microsoft Graph."""
CLOUDS = {
    "public": ("https://management.azure.com", "https://login.microsoftonline.com"),
    "government": ("https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
    "china": ("https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}
"""Cloud -> end point of Resource Manager, and authority that gives tokens for it."""


@dataclass(frozen=True, kw_only=True)
class AzureSettings:
    """Where answers come from. :meth:`of_cloud` fills the first two for a cloud by name."""

    base_url: str = CLOUDS["public"][0]
    """End point of Resource Manager."""
    authority: str = CLOUDS["public"][1]
    """Who gives tokens."""
    graph_url: str = ""
    """End point of Microsoft Graph; empty: the directory is not read."""
    scope: str = ""
    """Scope of the token; empty for the end point's own."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    token: str | None = field(default=None, repr=False)
    """A ready token instead of signing in, for emulators."""
    secret_key: bytes = field(default=b"", repr=False)
    """Key of the store under which hidden texts are fingerprinted."""
    max_attempts: int = 8
    """Tries of one call, throttling included."""
    longest_wait_s: float = 60.0
    """A call that is told to wait longer is given up."""
    requests_per_s: float = 25.0
    """Reads a second, on average: the rate at which Resource Manager refills a subscription's allowance."""
    burst: int = 250
    """Reads that may come at once before the rate holds: the size of that allowance."""

    def __post_init__(self) -> None:
        for url in filter(None, (self.base_url, self.graph_url)):
            if not url.startswith("https://"):
                raise UsageError(f"{url} is not an https:// address.", "Azure tokens are sent over TLS only.")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise UsageError(f"There is no file {self.ca_file}.", "Name a file with the certificates to trust.")

    @classmethod
    def of_cloud(cls, name: str) -> AzureSettings:
        """Return the settings of a cloud: ``public``, ``government`` or ``china``."""
        if name not in CLOUDS:
            raise UsageError(f"There is no Azure cloud {name!r}.", f"It is one of {', '.join(CLOUDS)}.")
        base_url, authority = CLOUDS[name]
        return cls(base_url=base_url, authority=authority, graph_url=GRAPHS[name])

    def of_graph(self) -> AzureSettings:
        """Return the settings for Microsoft Graph: its own end point, and a token for it."""
        return replace(self, base_url=self.graph_url, scope="")

    @property
    def token_scope(self) -> str:
        """The scope that tokens are asked for."""
        return self.scope or f"{self.base_url.rstrip('/')}/.default"
