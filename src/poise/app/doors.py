"""Opens the connectors that a command asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from poise.collect.assets_file import AssetsFile
from poise.collect.connector import Connector
from poise.model.errors import UsageError

if TYPE_CHECKING:
    from poise.collect.aws.connector import LiveAws, LiveChoice
    from poise.collect.azure.connector import AzureChoice, LiveAzure
    from poise.collect.azure.reading.settings import AzureSettings

Clock = Callable[[], datetime]
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


def open_aws(clock: Clock, secret_key: bytes, choice: LiveChoice, *, endpoint_url: str | None, gentle: bool) -> LiveAws:
    """Return the connector of the live account that a choice names.

    ``gentle`` reads one call at a time and leaves most of the account's quota to others.
    """
    from poise.collect.aws.connector import LiveAws
    from poise.collect.aws.reading.live import LiveSettings

    settings = LiveSettings(endpoint_url=endpoint_url, secret_key=secret_key)
    return LiveAws(choice, settings, clock, threads=1 if gentle else 8)


def open_azure(clock: Clock, choice: AzureChoice, settings: AzureSettings, *, gentle: bool) -> LiveAzure:
    """Return the connector of the live subscriptions that a choice names."""
    from poise.collect.azure.connector import LiveAzure

    if gentle:
        settings = replace(settings, requests_per_s=settings.requests_per_s / 10, burst=settings.burst // 10)
    return LiveAzure(choice, settings, clock, threads=1 if gentle else 8)
