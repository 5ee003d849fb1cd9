"""Opens the door again through which something was read: the source says which, the last scan says how."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from poise.app import doors
from poise.app.doors import AwsWanted, AzureWanted, FilesDoor, HostsWanted
from poise.app.workspace import Workspace
from poise.collect.connector import Connector
from poise.model.errors import UsageError
from poise.model.listings import Paging

FILES = "files:"
SCANS_LOOKED_AT = 200
Options = Mapping[str, list[str]]


def reopened(workspace: Workspace, source: str) -> list[Connector]:
    """Return the connectors of a source.

    Raises :class:`UsageError` if it cannot be read again: a sample, an export that is gone, a door of another kind.
    """
    clock, key = workspace.clock, workspace.store.secret_key()
    if source.startswith(FILES):
        return _export(workspace, Path(source.removeprefix(FILES)))
    options = _last_options(workspace, source)
    if source == "aws":
        return [doors.open_aws(clock, key, _aws(options))]
    if source == "azure":
        return [doors.open_azure(clock, key, _azure(options))]
    if source == "ssh":
        return [*doors.open_hosts(clock, key, _hosts(options))]
    if source == "demo":
        raise UsageError("This is the sample estate: nobody can read it again.", "Scan a cloud of your own.")
    raise UsageError(f"{source} cannot be read again from here.", "Scan it again as you did before.")


def _export(workspace: Workspace, path: Path) -> list[Connector]:
    if not path.exists():
        raise UsageError(f"The export {path} is gone.", "Put a new one in its place, or scan another.")
    return FilesDoor(workspace.clock, workspace.store.secret_key()).open([path])


def _last_options(workspace: Workspace, source: str) -> Options:
    """Return the options of the last scan of a source; none for one that was not started by a command."""
    page = workspace.store.scans.page(Paging(limit=SCANS_LOOKED_AT, count_up_to=1))
    commands = (row.command for row in page.rows if row.source == source)
    return options_of(next((text for text in commands if " scan " in f" {text} "), ""))


def options_of(command: str) -> Options:
    """Return the options of a command line, and its arguments under an empty name."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    found: dict[str, list[str]] = {"": []}
    words = words[words.index("scan") + 2 :] if "scan" in words else []
    place = 0
    while place < len(words):
        word, place = words[place], place + 1
        if not word.startswith("-"):
            found[""].append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals and name not in SWITCHES and place < len(words):
            value, place = words[place], place + 1
        found.setdefault(name, []).append(value)
    return found


SWITCHES = frozenset(
    {"gentle", "sudo", "secrets", "ci", "require-complete", "allow-incomplete", "quiet", "q", "v", "vv", "dry-run"}
)
"""Options without a value."""


def _aws(options: Options) -> AwsWanted:
    return AwsWanted(
        profile=_last(options, "profile"),
        role_arn=_last(options, "role-arn"),
        external_id=_last(options, "external-id"),
        regions=tuple(options.get("region", ())),
        endpoint_url=_last(options, "endpoint-url"),
        gentle="gentle" in options,
    )


def _azure(options: Options) -> AzureWanted:
    ca_file = _last(options, "ca-file")
    return AzureWanted(
        subscriptions=tuple(options.get("subscription", ())),
        cloud=_last(options, "cloud") or "public",
        base_url=_last(options, "base-url"),
        authority=_last(options, "authority"),
        scope=_last(options, "scope"),
        ca_file=Path(ca_file) if ca_file else None,
        gentle="gentle" in options,
    )


def _hosts(options: Options) -> HostsWanted:
    def path(name: str) -> Path | None:
        text = _last(options, name)
        return Path(text) if text else None

    return HostsWanted(
        destinations=tuple(options.get("", ())),
        file=path("hosts"),
        name=_last(options, "list-name") or "hosts",
        user=_last(options, "user") or "",
        key=path("key"),
        jump=_last(options, "jump") or "",
        sudo="sudo" in options,
        known_hosts=path("known-hosts"),
        config=path("ssh-config"),
        timeout_s=float(_last(options, "timeout") or 600),
        secrets="secrets" in options,
    )


def _last(options: Options, name: str) -> str | None:
    values: Sequence[str] = options.get(name, ())
    return values[-1] if values else None
