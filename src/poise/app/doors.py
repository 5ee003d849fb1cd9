"""Opens the connectors that a command asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from poise.collect.assets_file import AssetsFile
from poise.collect.connector import Connector
from poise.model.errors import UsageError

if TYPE_CHECKING:
    from poise.collect.aws.connector import LiveAws
    from poise.collect.azure.connector import LiveAzure
    from poise.collect.host.connector import SshHosts

Clock = Callable[[], datetime]
THREADS = 8
"""Calls that are made at once."""
MOST_DEPTH = 4
"""Folders below a given path that are searched for exports."""


@dataclass(frozen=True)
class FilesDoor:
    """Opens exports that lie in files."""

    clock: Clock
    secret_key: bytes
    source: str = "files"
    """Name of the door in the store; ``files`` gives each export a source of its own, by its path."""

    def open(self, paths: Sequence[Path]) -> list[Connector]:
        """Return a connector for every export that is found at or below the paths.

        Raises :class:`UsageError` for a path that does not exist or holds nothing that is understood.
        """
        found: list[Connector] = []
        for path in paths:
            if not path.exists():
                raise UsageError(f"{path} does not exist.")
            here = list(self._exports(path.resolve()))
            if not here:
                raise UsageError(
                    f"{path} holds no export that Poise understands.",
                    "See `poise scan files --help` for the forms that it reads.",
                )
            found += here
        return found

    def _exports(self, path: Path, depth: int = 0) -> Iterator[Connector]:
        connector = self._recognised(path)
        if connector is not None:
            yield connector
        elif path.is_dir() and depth < MOST_DEPTH:
            for below in sorted(path.iterdir()):
                if not below.name.startswith("."):
                    yield from self._exports(below, depth + 1)

    def _recognised(self, path: Path) -> Connector | None:
        name = self.source if self.source != "files" else f"files:{path}"
        return self._folder(path, name) if path.is_dir() else self._file(path, name)

    def _folder(self, path: Path, name: str) -> Connector | None:
        from poise.collect.aws.connector import AwsFolder
        from poise.collect.azure.connector import AzureFolder

        if AwsFolder.recognises(path):
            return AwsFolder(path, name, self.clock, self.secret_key)
        if AzureFolder.recognises(path):
            return AzureFolder(path, name, self.clock, self.secret_key)
        return None

    def _file(self, path: Path, name: str) -> Connector | None:
        from poise.collect.aws.authorization_details import AwsAuthorizationDetails

        if path.suffix != ".json":
            return None
        if AssetsFile.recognises(path):
            return AssetsFile(path, name, self.clock)
        if AwsAuthorizationDetails.recognises(path):
            return AwsAuthorizationDetails(path, name, self.clock, self.secret_key)
        return None


def not_needed(connectors: Sequence[Connector]) -> list[Path]:
    """Return the files of exports that nothing asked for, after a scan."""
    return [path for one in connectors for path in getattr(one, "not_needed", list)()]


@dataclass(frozen=True, kw_only=True)
class AwsWanted:
    """Which account to read, as whom, and how."""

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    """Regions to read; empty for all that the account has enabled."""
    services: tuple[str, ...] = ()
    """Service modules to read; empty for all."""
    endpoint_url: str | None = None
    gentle: bool = False
    """Read one call at a time and leave most of the account's quota to others."""


@dataclass(frozen=True, kw_only=True)
class AzureWanted:
    """Which subscriptions to read, where, and how."""

    subscriptions: tuple[str, ...] = ()
    """Ids or names; empty for all that the credentials see."""
    services: tuple[str, ...] = ()
    """Service modules to read; empty for all."""
    cloud: str = "public"
    """`public`, `government` or `china`."""
    base_url: str | None = None
    authority: str | None = None
    graph_url: str | None = None
    """End point of Microsoft Graph; empty: the directory is not read; None: the cloud's own."""
    scope: str | None = None
    ca_file: Path | None = None
    token: str | None = None
    """A ready token instead of signing in, for emulators."""
    gentle: bool = False
    """Read one call at a time, at a tenth of the rate."""


@dataclass(frozen=True, kw_only=True)
class HostsWanted:
    """Which hosts to read over SSH, and how."""

    destinations: tuple[str, ...] = ()
    """`[USER@]ADDRESS[:PORT]`, besides those of the file."""
    file: Path | None = None
    """List of hosts."""
    name: str = "hosts"
    """Name of the list of destinations."""
    user: str = ""
    key: Path | None = None
    jump: str = ""
    sudo: bool = False
    known_hosts: Path | None = None
    """File of known hosts instead of the user's."""
    config: Path | None = None
    """Configuration of `ssh` instead of the user's."""
    timeout_s: float = 600.0
    """How long one host may take."""
    secrets: bool = False
    """Whether every readable file is fetched and searched for secrets."""


def open_hosts(clock: Clock, secret_key: bytes, wanted: HostsWanted) -> list[SshHosts]:
    """Return a connector for each list of hosts. Raises :class:`UsageError` and BadInput for hosts that cannot be."""
    from poise.collect.host.connector import SshHosts
    from poise.collect.host.hosts_file import of_destinations, read_file
    from poise.collect.host.session import Ssh

    defaults = {"user": wanted.user, "key": str(wanted.key or ""), "jump": wanted.jump, "sudo": wanted.sudo}
    lists = [read_file(wanted.file)] if wanted.file else []
    if wanted.destinations:
        lists.append(of_destinations(wanted.destinations, defaults, wanted.name))
    if not lists:
        raise UsageError("No host was given.", "Give destinations, or --hosts FILE.")
    ssh = Ssh(config=str(wanted.config or ""), known_hosts=str(wanted.known_hosts or ""), host_s=wanted.timeout_s)
    return [SshHosts(each, clock, ssh, secret_key if wanted.secrets else None) for each in lists]


def open_aws(clock: Clock, secret_key: bytes, wanted: AwsWanted) -> LiveAws:
    """Return the connector of a live account. Raises :class:`UsageError` for a service that there is not."""
    from poise.collect.aws import services
    from poise.collect.aws.connector import LiveAws, LiveChoice
    from poise.collect.aws.reading.live import LiveSettings

    _require_known(wanted.services, services.load())
    choice = LiveChoice(
        profile=wanted.profile,
        role_arn=wanted.role_arn,
        external_id=wanted.external_id,
        regions=wanted.regions,
        services=wanted.services,
    )
    settings = LiveSettings(endpoint_url=wanted.endpoint_url, secret_key=secret_key)
    return LiveAws(choice, settings, clock, threads=1 if wanted.gentle else THREADS)


def open_azure(clock: Clock, secret_key: bytes, wanted: AzureWanted) -> LiveAzure:
    """Return the connector of live subscriptions. Raises :class:`UsageError` for a service that there is not."""
    from poise.collect.azure import services
    from poise.collect.azure.connector import AzureChoice, LiveAzure
    from poise.collect.azure.reading.settings import AzureSettings

    _require_known(wanted.services, services.load() | services.of_tenants())
    settings = AzureSettings.of_cloud(wanted.cloud)
    settings = replace(
        settings,
        base_url=wanted.base_url or settings.base_url,
        authority=wanted.authority or settings.authority,
        graph_url=_graph_url(wanted, settings.graph_url),
        scope=wanted.scope or "",
        ca_file=wanted.ca_file,
        token=wanted.token,
        secret_key=secret_key,
    )
    if wanted.gentle:
        settings = replace(settings, requests_per_s=settings.requests_per_s / 10, burst=settings.burst // 10)
    choice = AzureChoice(subscriptions=wanted.subscriptions, services=wanted.services)
    return LiveAzure(choice, settings, clock, threads=1 if wanted.gentle else THREADS)


def _graph_url(wanted: AzureWanted, of_cloud: str) -> str:
    """Return where the directory is read: of an end point of one's own only where it is said, never on the internet."""
    if wanted.graph_url is not None:
        return wanted.graph_url
    return "" if wanted.base_url else of_cloud


def _require_known(wanted: Sequence[str], services: Mapping[str, object]) -> None:
    for name in wanted:
        if name not in services:
            raise UsageError(f"There is no service {name!r}.", f"Choose from {', '.join(services)}.")
