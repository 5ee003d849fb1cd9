"""The options of commands about disks, and the words in which a scan of disks is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted, level_style
from poise.collect.files import text_of

if TYPE_CHECKING:
    from poise.app.disk import DiskOptions
    from poise.app.disk_doors import DiskWanted
    from poise.app.disk_report import DiskReport
    from poise.app.doors import AwsWanted, AzureWanted

FINDING_COLUMNS = (
    Column("Risk", "risk.level", style=level_style),
    Column("Verdict", "verdict"),
    Column("Title", "title"),
    Column("Reason", "reason"),
)


@dataclass(frozen=True)
class DiskChoice:
    """Which machine is read."""

    root: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder that holds its root, instead.")] = None
    instance: Annotated[
        str | None, typer.Option(metavar="ID", help="EC2 instance, or resource id of an Azure machine, instead.")
    ] = None
    newest: Annotated[
        bool, typer.Option("--newest-snapshots", help="Read the newest snapshots of an instance; make none.")
    ] = False
    address_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with addresses of snapshots, one a line.")
    ] = None
    name: Annotated[str, typer.Option(help="What the machine is called.", show_default=False)] = ""
    scope: Annotated[str, typer.Option(help="Scope that it belongs to.", show_default=False)] = ""
    most_gib: Annotated[float, typer.Option(metavar="N", min=0.001, help="GiB to read at most, of each disk.")] = 16
    most_requests: Annotated[int, typer.Option(metavar="N", min=1, help="Requests at most, for each disk.")] = 100_000


@dataclass(frozen=True)
class DiskWay:
    """How the scan runs and ends."""

    key_file: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Key of an encrypted (LUKS) volume. Repeatable.")
    ] = None
    no_secrets: Annotated[bool, typer.Option("--no-secrets", help="Do not search files for secrets.")] = False
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=1, help="Longest time to read a machine.")] = 900
    fail_on: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="Exit with 1 at this risk: critical, high, medium, low.")
    ] = None
    require_complete: Annotated[
        bool, typer.Option("--require-complete", help="Exit with 3 if something could not be read.")
    ] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be made and read; do nothing.")] = False

    def options(self, secret_key: bytes) -> DiskOptions:
        """Return how disks are read. Raises :class:`UsageError` for a key file that cannot be read."""
        from poise.app.disk import DiskOptions
        from poise.disk.sandbox import Bounds

        return DiskOptions(
            passphrases=tuple(text_of(path).rstrip("\n") for path in self.key_file or ()),
            secret_key=None if self.no_secrets else secret_key,
            bounds=Bounds(wall_s=self.timeout, cpu_s=max(1, int(self.timeout))),
        )


@dataclass(frozen=True)
class AwsAccess:
    """As whom AWS is asked, and where."""

    profile: Annotated[str | None, typer.Option(help="AWS: profile of the configuration files.")] = None
    role_arn: Annotated[str | None, typer.Option(metavar="ARN", help="AWS: role to assume.")] = None
    external_id: Annotated[str | None, typer.Option(metavar="ID", help="AWS: external id of the role.")] = None
    region: Annotated[str | None, typer.Option(metavar="REGION", help="AWS: region of the snapshots.")] = None
    endpoint_url: Annotated[str | None, typer.Option(metavar="URL", help="AWS: address of a compatible API.")] = None

    def wanted(self, run: Invocation) -> AwsWanted:
        """Return it with what is set elsewhere."""
        from poise.app.doors import AwsWanted

        return AwsWanted(
            profile=run.setting("aws.profile", self.profile),
            role_arn=run.setting("aws.role_arn", self.role_arn),
            external_id=run.setting("aws.external_id", self.external_id),
            regions=(self.region,) if self.region else tuple(run.setting("aws.region")),
            endpoint_url=run.setting("aws.endpoint_url", self.endpoint_url),
        )


@dataclass(frozen=True)
class AzureAccess:
    """As whom Azure is asked, and where."""

    subscription: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Azure: subscription of the snapshots. Repeatable.")
    ] = None
    cloud: Annotated[str | None, typer.Option(metavar="NAME", help="Azure: public, government or china.")] = None
    ca_file: Annotated[Path | None, typer.Option(metavar="FILE", help="Azure: certificates to trust.")] = None

    def wanted(self, run: Invocation) -> AzureWanted:
        """Return it with what is set elsewhere."""
        from poise.app.doors import AzureWanted

        ca_file = run.setting("azure.ca_file", self.ca_file)
        return AzureWanted(
            subscriptions=tuple(run.setting("azure.subscription", self.subscription)),
            cloud=run.setting("azure.cloud", self.cloud),
            base_url=run.setting("azure.base_url"),
            authority=run.setting("azure.authority"),
            scope=run.setting("azure.scope"),
            ca_file=Path(ca_file) if ca_file else None,
            token=run.setting("azure.token"),
        )


def disk_wanted(
    run: Invocation, sources: tuple[str, ...], choice: DiskChoice, access: tuple[AwsAccess, AzureAccess]
) -> DiskWanted:
    """Return which machine is read. Raises :class:`UsageError` for a file of addresses that cannot be read."""
    from poise.app.disk_doors import DiskWanted
    from poise.disk.source.block import Budget

    listed = text_of(choice.address_file).split() if choice.address_file else []
    return DiskWanted(
        sources=(*sources, *listed),
        root=choice.root,
        instance=choice.instance,
        uses_newest=choice.newest,
        name=choice.name,
        scope=choice.scope,
        aws=access[0].wanted(run),
        azure=access[1].wanted(run),
        budget=Budget(int(choice.most_gib * (1 << 30)), choice.most_requests),
    )


def tell(run: Invocation, report: DiskReport) -> None:
    """Write the findings, or the JSON of the scan; sum it up on the standard error stream."""
    document = report.public()
    run.answer(Answer(document["findings"], FINDING_COLUMNS, document=document))
    known = [
        _amount(document["packages"], "package"),
        _amount(document["vulnerabilities"], "vulnerability", "vulnerabilities"),
        _amount(document["secrets"], "secret"),
        counted(len(document["findings"]), "finding"),
    ]
    stats = document["stats"]
    cost = f"{stats['blocks_read']:,} blocks ({stats['bytes_read'] / 1e6:,.1f} MB) in {stats['seconds']:.1f} s"
    run.say(f"{', '.join(known)}; {cost}.")
    if report.reading.unchanged_since:
        since = ", ".join(report.reading.unchanged_since)
        run.say(f"No block that it was read from has changed since {since}: its facts are used again.")
    for gap in report.gaps:
        run.say(f"Not read: {gap}")


def _amount(found: Any, one: str, many: str = "") -> str:
    if found is None:
        return f"{many or f'{one}s'} unknown"
    return f"{len(found):,} {many}" if many and len(found) != 1 else counted(len(found), one)
