"""`poise disk`: scans machines through their disks, with no agent on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import msgspec
import typer

from poise.app.workspace import utc_now
from poise.cli.command import command
from poise.cli.disks import AwsAccess, AzureAccess, DiskChoice, DiskWay, disk_wanted, tell
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted
from poise.cli.scanning import Ending, ending
from poise.model.errors import UsageError

PLAN_COLUMNS = (
    Column("Machine", "machine"),
    Column("Disk", "disk"),
    Column("Action", "action"),
    Column("GiB", "size_gib"),
    Column("Requests", "requests"),
    Column("Reason", "reason"),
)
SWEPT_COLUMNS = (Column("Snapshot", "snapshot"), Column("State", "state"), Column("Reason", "reason"))


@dataclass(frozen=True)
class Sweep:
    """Which leftovers are deleted."""

    older_than_hours: Annotated[
        int, typer.Option(metavar="N", min=1, help="Leave those that were made less than N hours ago.")
    ] = 24
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List them; delete nothing.")] = False


@command
def scan(
    run: Invocation,
    choice: DiskChoice,
    way: DiskWay,
    aws: AwsAccess,
    azure: AzureAccess,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="IMAGE|SNAPSHOT...", help="Image files, devices, snap-... or SAS addresses: its disks."),
    ] = None,
) -> int:
    """Scan one machine through its disks, and keep and judge what is found.

    Images may be raw, qcow2, VHD, VHDX or VMDK. Several sources are the disks of one machine, the system's first.
    --instance makes snapshots of the machine's disks, reads the blocks that are needed and deletes them again.
    An address with a signature is better kept in a file: --address-file.
    """
    from poise.app.disk import SOURCE, DiskConnector
    from poise.app.disk_doors import open_target
    from poise.app.disk_report import scan_disk
    from poise.app.disk_rescan import stored
    from poise.app.scan import ScanOptions
    from poise.app.vulnerabilities import index_path
    from poise.cli.progress import ScanProgress

    ends = Ending(way.fail_on, way.require_complete)
    run.targets()
    wanted = disk_wanted(run, tuple(sources or ()), choice, (aws, azure))
    with open_target(wanted, utc_now) as target:
        if way.dry_run:
            run.answer(Answer([msgspec.to_builtins(one) for one in target.plan()], PLAN_COLUMNS))
            run.say("Nothing was made or read.")
            return 0
        with run.workspace() as workspace:
            options, earlier = way.options(workspace.store.secret_key()), stored(workspace, SOURCE)
            connector = DiskConnector([target], options, workspace.clock, earlier=earlier)
            index = index_path(run.data_dir, run.setting("vulns.index"))
            with ScanProgress(run) as progress:
                report = scan_disk(workspace, connector, index, ScanOptions(command="poise disk scan", watch=progress))
    tell(run, report)
    if ends.require_complete and report.gaps and not report.reading.is_excluded:
        return max(ending(report.scan, ends), 3)
    return ending(report.scan, ends)


@command
def janitor(
    run: Invocation,
    provider: Annotated[str, typer.Argument(help="aws or azure")],
    sweep: Sweep,
    aws: AwsAccess,
    azure: AzureAccess,
) -> int:
    """Delete snapshots that interrupted scans left behind. Nothing without Poise's own tag is touched."""
    from poise.app.disk_upkeep import sweep_aws, sweep_azure

    older_than = timedelta(hours=sweep.older_than_hours)
    if provider == "aws":
        found = sweep_aws(aws.wanted(run), older_than, utc_now, dry_run=sweep.dry_run)
    elif provider == "azure":
        found = sweep_azure(azure.wanted(run), older_than, utc_now, dry_run=sweep.dry_run)
    else:
        raise UsageError(f"There are no snapshots of {provider!r}.", "Choose aws or azure.")
    rows = [msgspec.to_builtins(one) for one in found]
    run.answer(Answer(rows, SWEPT_COLUMNS))
    deleted = sum(row["state"] == "deleted" for row in rows)
    run.say(f"{counted(len(rows), 'leftover snapshot')}, {deleted} deleted.")
    return 3 if any(row["state"] == "failed" for row in rows) else 0


@command
def policy(
    run: Invocation,
    provider: Annotated[str, typer.Argument(help="aws or azure")],
    scope: Annotated[list[str] | None, typer.Option(help="Azure: subscription that may assign the role.")] = None,
) -> None:
    """Print the policy that scanning disks needs, beside the one of `poise connect policy`."""
    from poise.app import disk_upkeep

    text = msgspec.json.format(msgspec.json.encode(disk_upkeep.policy(provider, tuple(scope or ()))), indent=2)
    run.answer(Answer(text=f"{text.decode()}\n"))
