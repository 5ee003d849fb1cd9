"""Opens the disks that a command asks for: image files, a folder, EBS snapshots, machines of AWS and Azure."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poise.app.doors import AwsWanted, AzureWanted, Clock
from poise.disk.facts.machine import Identity
from poise.disk.source.block import BlockUnread, Budget
from poise.disk.target import FolderTarget, ImageTarget, Target
from poise.model.errors import UsageError

if TYPE_CHECKING:
    import boto3
    import httpx

    from poise.disk.source.aws_snapshots import AwsSnapshots, Instance
    from poise.disk.source.azure_snapshots import AzureSnapshots

ON_PREMISES = "hosts"
"""Scope of machines that no cloud holds, if none is given."""
TIMEOUT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class DiskWanted:
    """Which machine is read, and how."""

    sources: tuple[str, ...] = ()
    """Image files, devices, EBS snapshots (`snap-...`) or addresses of Azure snapshots: its disks, root first."""
    root: Path | None = None
    """A folder that holds its root, instead."""
    instance: str | None = None
    """Id of an EC2 instance or of an Azure machine, instead."""
    uses_newest: bool = False
    """Read the newest snapshots that an instance has, and make none."""
    name: str = ""
    scope: str = ""
    aws: AwsWanted = field(default_factory=AwsWanted)
    azure: AzureWanted = field(default_factory=AzureWanted)
    budget: Budget = field(default_factory=Budget)


@contextmanager
def open_target(wanted: DiskWanted, clock: Clock) -> Iterator[Target]:
    """Open the way to a machine's disks; nothing is made or read yet.

    Raises :class:`UsageError` for what is not there, or for more than one way at once.
    """
    ways = [bool(wanted.sources), wanted.root is not None, wanted.instance is not None]
    if sum(ways) != 1:
        raise UsageError("Give images or snapshots, or --root, or --instance.", "One of them, for one machine.")
    try:
        if wanted.root is not None:
            yield _folder(wanted, wanted.root)
        elif wanted.instance is not None and wanted.instance.startswith("/subscriptions/"):
            with _azure(wanted, wanted.instance, clock) as target:
                yield target
        elif wanted.instance is not None:
            yield _instance(wanted, wanted.instance)
        else:
            with _sources(wanted) as target:
                yield target
    except BlockUnread as problem:
        raise UsageError(f"{problem.reason}.") from problem


@contextmanager
def _sources(wanted: DiskWanted) -> Iterator[Target]:
    kinds = {_kind(source) for source in wanted.sources}
    if len(kinds) > 1:
        raise UsageError("The disks of one machine are all files, all snapshots or all addresses.")
    kind = kinds.pop()
    if kind == "snapshot":
        yield _snapshots(wanted)
    elif kind == "address":
        with _sas(wanted) as target:
            yield target
    else:
        paths = [Path(source) for source in wanted.sources]
        for path in paths:
            if not path.exists():
                raise UsageError(f"{path} does not exist.")
        yield ImageTarget(identity=_identity(wanted, paths[0].stem), paths=paths, budget=wanted.budget)


def _kind(source: str) -> str:
    if source.startswith("snap-"):
        return "snapshot"
    return "address" if source.startswith(("https://", "http://")) else "file"


def _folder(wanted: DiskWanted, root: Path) -> Target:
    if not root.is_dir():
        raise UsageError(f"{root} is no folder.")
    return FolderTarget(identity=_identity(wanted, root.resolve().name or "root"), folder=root)


def _identity(wanted: DiskWanted, name: str) -> Identity:
    chosen = wanted.name or name
    return Identity(id=f"host://{chosen}", name=chosen, scope=wanted.scope or ON_PREMISES)


@contextmanager
def _sas(wanted: DiskWanted) -> Iterator[Target]:
    from poise.disk.source.sas import checked
    from poise.disk.target import SasTarget

    for address in wanted.sources:
        checked(address)
    name = wanted.sources[0].split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    with http_client(wanted.azure) as client:
        yield SasTarget(identity=_identity(wanted, name), client=client, addresses=wanted.sources, budget=wanted.budget)


@dataclass(frozen=True)
class _Aws:
    """Clients of one region."""

    ec2: Any
    ebs: Any
    region: str
    partition: str

    @property
    def snapshots(self) -> AwsSnapshots:
        from poise.disk.source.aws_snapshots import AwsSnapshots

        return AwsSnapshots(self.ec2, self.region, self.partition)


def aws_clients(wanted: AwsWanted) -> _Aws:
    """Return the clients of the region that is asked for. Raises :class:`UsageError` if none is set."""
    from poise.collect.aws.connector import LiveChoice, session_of
    from poise.collect.aws.reading.live import LiveSettings
    from poise.disk.target import THREADS

    choice = LiveChoice(profile=wanted.profile, role_arn=wanted.role_arn, external_id=wanted.external_id)
    session: boto3.Session = session_of(choice)
    region = wanted.regions[0] if wanted.regions else session.region_name
    if not region:
        raise UsageError("No region is set.", "Pass --region.")
    from poise.collect.aws.reading.live import Clients

    clients = Clients(session, LiveSettings(endpoint_url=wanted.endpoint_url, connections=THREADS))
    partition = session.get_partition_for_region(region)
    return _Aws(clients.get("ec2", region), clients.get("ebs", region), region, partition)


def _instance(wanted: DiskWanted, id: str) -> Target:
    from poise.disk.source.aws_snapshots import Waiting
    from poise.disk.target import InstanceTarget

    aws = aws_clients(wanted.aws)
    instance = aws.snapshots.instance(id)
    return InstanceTarget(
        identity=_of_instance(wanted, instance, aws.region),
        ebs=aws.ebs,
        snapshots=aws.snapshots,
        instance=instance,
        label=secrets.token_hex(8),
        waiting=Waiting(time.sleep),
        uses_newest=wanted.uses_newest,
        budget=wanted.budget,
    )


def _of_instance(wanted: DiskWanted, instance: Instance, region: str) -> Identity:
    return Identity(
        id=f"host://{instance.arn}",
        name=wanted.name or instance.name,
        scope=wanted.scope or instance.account,
        region=region,
        cloud_asset=instance.arn,
        tags=instance.tags,
    )


def _snapshots(wanted: DiskWanted) -> Target:
    from poise.disk.target import EbsTarget

    aws = aws_clients(wanted.aws)
    owner = aws.snapshots.owner(wanted.sources[0])
    identity = _of_instance(wanted, owner, aws.region) if owner else _identity(wanted, wanted.sources[0])
    return EbsTarget(identity=identity, ebs=aws.ebs, snapshots=wanted.sources, budget=wanted.budget)


@contextmanager
def _azure(wanted: DiskWanted, id: str, clock: Clock) -> Iterator[Target]:
    from poise.disk.target import AzureTarget

    if wanted.uses_newest:
        raise UsageError("Existing snapshots of Azure are given by their address.", "Pass the address with its SAS.")
    with http_client(wanted.azure) as client:
        snapshots = azure_snapshots(wanted.azure, client, clock)
        machine = snapshots.machine(id)
        identity = Identity(
            id=f"host://{machine.id}",
            name=wanted.name or machine.name,
            scope=wanted.scope or machine.id.split("/")[2],
            region=machine.region,
            cloud_asset=machine.id,
            tags=machine.tags,
        )
        yield AzureTarget(
            identity=identity,
            client=client,
            snapshots=snapshots,
            machine=machine,
            label=secrets.token_hex(4),
            budget=wanted.budget,
        )


def http_client(wanted: AzureWanted) -> httpx.Client:
    """Return a client that trusts the certificates that are set."""
    import httpx

    from poise.disk.target import THREADS

    trust: Any = True
    if wanted.ca_file is not None:
        import ssl

        trust = ssl.create_default_context(cafile=str(wanted.ca_file))
    limits = httpx.Limits(max_connections=THREADS)
    return httpx.Client(verify=trust, timeout=TIMEOUT_S, limits=limits, trust_env=True)


def azure_snapshots(wanted: AzureWanted, client: httpx.Client, clock: Clock) -> AzureSnapshots:
    """Return the snapshots of the subscriptions that the credentials see."""
    from dataclasses import replace

    from poise.collect.azure.reading.live import credential_of
    from poise.collect.azure.reading.settings import AzureSettings
    from poise.disk.source.arm import ArmCalls
    from poise.disk.source.azure_snapshots import AzureSnapshots

    settings = AzureSettings.of_cloud(wanted.cloud)
    settings = replace(
        settings,
        base_url=(wanted.base_url or settings.base_url).rstrip("/"),
        authority=wanted.authority or settings.authority,
        scope=wanted.scope or "",
        ca_file=wanted.ca_file,
        token=wanted.token,
    )
    credential = credential_of(settings)
    calls = ArmCalls(client, settings.base_url, lambda: credential.get_token(settings.token_scope).token, time.sleep)
    return AzureSnapshots(calls, clock)
