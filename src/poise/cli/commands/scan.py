"""`poise scan`: reads the configuration of a cloud and judges it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.scanning import Ending, Outcome, ending, run_scan
from poise.cli.settings import BY_NAME

if TYPE_CHECKING:
    from poise.app.workspace import Workspace
    from poise.collect.connector import Connector

FAILURES = typer.Option("--fail-on", metavar="LEVEL", help="Exit with 1 at this risk: critical, high, medium, low.")
PLAN_COLUMNS = (
    Column("Scope", "scope"),
    Column("Region", "region"),
    Column("Service", "service"),
    Column("Call", "call"),
    Column("Permission", "permission"),
)


@dataclass(frozen=True)
class Way:
    """How any scan runs and ends."""

    ci: Annotated[bool, typer.Option("--ci", help="Same as --fail-on high --require-complete.")] = False
    fail_on: Annotated[str | None, FAILURES] = None
    require_complete: Annotated[
        bool, typer.Option("--require-complete", help="Exit with 3 if something could not be read.")
    ] = False
    allow_incomplete: Annotated[bool, typer.Option("--allow-incomplete", help="Do not, even with --ci.")] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the calls it would make; read nothing.")] = False


@dataclass(frozen=True)
class AwsChoice:
    """Which account is read, and as whom."""

    profile: Annotated[str | None, typer.Option(help="Profile of the AWS configuration files.")] = None
    role_arn: Annotated[str | None, typer.Option(metavar="ARN", help="Role to assume before reading.")] = None
    external_id: Annotated[str | None, typer.Option(metavar="ID", help="External id that the role asks for.")] = None
    region: Annotated[list[str] | None, typer.Option(metavar="REGION", help="Region to read. Repeatable.")] = None
    service: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Service to read. Repeatable.")] = None
    endpoint_url: Annotated[str | None, typer.Option(metavar="URL", help="Address of an AWS-compatible API.")] = None
    gentle: Annotated[bool, typer.Option("--gentle", help="Stay far below the request quotas.")] = False


@dataclass(frozen=True)
class AzureChoice:
    """Which subscriptions are read, and where."""

    subscription: Annotated[list[str] | None, typer.Option(metavar="ID", help="Subscription to read. Repeatable.")] = (
        None
    )
    service: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Service to read. Repeatable.")] = None
    cloud: Annotated[str | None, typer.Option(metavar="NAME", help="public, government or china.")] = None
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="Address of Azure Resource Manager.")] = None
    authority: Annotated[str | None, typer.Option(metavar="URL", help="Address of the sign-in service.")] = None
    graph_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of Microsoft Graph; empty: read no directory.")
    ] = None
    scope: Annotated[str | None, typer.Option(metavar="SCOPE", help="Scope of the token.")] = None
    ca_file: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificates to trust.")] = None
    gentle: Annotated[bool, typer.Option("--gentle", help="Stay far below the request quotas.")] = False


@dataclass(frozen=True)
class HostChoice:
    """Which hosts are read, and how they are reached."""

    hosts: Annotated[Path | None, typer.Option(metavar="FILE", help="List of hosts: hosts.toml.")] = None
    list_name: Annotated[str, typer.Option(metavar="NAME", help="Name of the list of the hosts given here.")] = "hosts"
    user: Annotated[str, typer.Option(metavar="NAME", help="Who signs in.")] = ""
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Private key; the agent's and ssh's own if none.")
    ] = None
    jump: Annotated[str, typer.Option(metavar="HOSTS", help="Hosts to go through, with commas.")] = ""
    sudo: Annotated[bool, typer.Option("--sudo", help="Read as root, by sudo without a password.")] = False
    known_hosts: Annotated[Path | None, typer.Option(metavar="FILE", help="Known hosts, instead of yours.")] = None
    ssh_config: Annotated[Path | None, typer.Option(metavar="FILE", help="ssh_config, instead of yours.")] = None
    timeout: Annotated[int, typer.Option(metavar="SECONDS", help="How long one host may take.", min=1)] = 600
    secrets: Annotated[bool, typer.Option("--secrets", help="Fetch every readable file and search it for secrets.")] = (
        False
    )


@command
def aws(run: Invocation, choice: AwsChoice, way: Way) -> int:
    """Scan an AWS account.

    Credentials come from where the AWS command line finds them; --profile and --role-arn choose others.
    `poise connect policy aws` prints the permissions that it needs.
    `-o html=FILE` and `-o sarif=FILE` write reports of what was scanned.
    """
    from poise.app.doors import AwsWanted, open_aws

    wanted = AwsWanted(
        profile=run.setting("aws.profile", choice.profile),
        role_arn=run.setting("aws.role_arn", choice.role_arn),
        external_id=run.setting("aws.external_id", choice.external_id),
        regions=tuple(run.setting("aws.region", choice.region)),
        services=tuple(run.setting("aws.service", choice.service)),
        endpoint_url=run.setting("aws.endpoint_url", choice.endpoint_url),
        gentle=choice.gentle or run.setting("gentle"),
    )
    return _scan(run, way, lambda space: [open_aws(space.clock, space.store.secret_key(), wanted)])


@command
def azure(run: Invocation, choice: AzureChoice, way: Way) -> int:
    """Scan Azure subscriptions.

    Credentials come from the environment, a managed identity or the Azure command line.
    `poise connect policy azure` prints the role that it needs.
    `-o html=FILE` and `-o sarif=FILE` write reports of what was scanned.
    """
    from poise.app.doors import AzureWanted, open_azure

    ca_file = run.setting("azure.ca_file", choice.ca_file)
    wanted = AzureWanted(
        subscriptions=tuple(run.setting("azure.subscription", choice.subscription)),
        services=tuple(run.setting("azure.service", choice.service)),
        cloud=run.setting("azure.cloud", choice.cloud),
        base_url=run.setting("azure.base_url", choice.base_url),
        authority=run.setting("azure.authority", choice.authority),
        graph_url=run.setting("azure.graph_url", choice.graph_url),
        scope=run.setting("azure.scope", choice.scope),
        ca_file=Path(ca_file) if ca_file else None,
        token=run.setting("azure.token"),
        gentle=choice.gentle or run.setting("gentle"),
    )
    return _scan(run, way, lambda space: [open_azure(space.clock, space.store.secret_key(), wanted)])


@command
def host(
    run: Invocation,
    choice: HostChoice,
    way: Way,
    destinations: Annotated[
        list[str] | None, typer.Argument(metavar="[[USER@]HOST[:PORT]]...", help="Hosts.", show_default=False)
    ] = None,
) -> int:
    """Scan hosts over SSH, with no agent on them.

    The system's own ssh connects: its configuration, agent and known hosts hold, and a host whose key is not known is
    refused. Only commands that read are sent. A host that cannot be reached is named and does not stop the others.
    `-o html=FILE` and `-o sarif=FILE` write reports of what was scanned.
    """
    from poise.app.doors import HostsWanted, open_hosts

    wanted = HostsWanted(
        destinations=tuple(destinations or ()),
        file=choice.hosts,
        name=choice.list_name,
        user=choice.user,
        key=choice.key,
        jump=choice.jump,
        sudo=choice.sudo,
        known_hosts=choice.known_hosts,
        config=choice.ssh_config,
        timeout_s=choice.timeout,
        secrets=choice.secrets,
    )
    return _scan(run, way, lambda space: open_hosts(space.clock, space.store.secret_key(), wanted), _match)


@command
def files(
    run: Invocation,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders and files of provider answers.")],
    way: Way,
) -> int:
    """Scan folders and files of provider answers.

    A path may be a folder of AWS command line answers (ACCOUNT/REGION/service-operation.json), the answer of
    get-account-authorization-details, a folder of recorded Azure answers, the output of `poise list assets -o json`,
    or a folder that holds any of these.
    `-o html=FILE` and `-o sarif=FILE` write reports of what was scanned.
    """
    from poise.app.doors import FilesDoor

    return _scan(run, way, lambda space: FilesDoor(space.clock, space.store.secret_key()).open(paths))


def _match(run: Invocation, workspace: Workspace, connectors: Sequence[Connector]) -> None:
    """Compare the software of the machines that were scanned with the advisories that are here."""
    from poise.app.vulnerabilities import index_path, match_scanned

    path = index_path(run.data_dir, run.setting("vulns.index"))
    for connector in connectors:
        scopes = [scope.id for scope in connector.scopes()]
        if not match_scanned(workspace, connector.source, scopes, path):
            run.say("No vulnerabilities were looked for: there are no advisories. Run `poise vulns sync`.")


def _scan(
    run: Invocation,
    way: Way,
    connectors: Callable[[Workspace], Sequence[Connector]],
    then: Callable[[Invocation, Workspace, Sequence[Connector]], None] = lambda run, workspace, opened: None,
) -> int:
    from poise.app.doors import not_needed

    outcome = Outcome(run)
    ends = _ending(run, way)
    started = time.monotonic()
    run.validate_own_checks()
    with run.workspace() as workspace:
        opened = connectors(workspace)
        try:
            if way.dry_run:
                _plan(run, opened)
                return 0
            report = run_scan(run, workspace, opened, lambda: then(run, workspace, opened))
            unused = not_needed(opened)
        finally:
            for connector in opened:
                getattr(connector, "close", lambda: None)()
        outcome.tell(workspace, report, started, unused)
    return ending(report, ends)


def _ending(run: Invocation, way: Way) -> Ending:
    fail_on = way.fail_on or run.setting("fail_on") or ("high" if way.ci else None)
    if fail_on is not None:
        BY_NAME["fail_on"].checked(fail_on, "--fail-on")
    complete = way.require_complete or way.ci or run.setting("require_complete")
    return Ending(fail_on, complete and not way.allow_incomplete)


def _plan(run: Invocation, connectors: Sequence[Connector]) -> None:
    from poise.app.scan import plan

    rows = [
        {
            "scope": planned.key.scope,
            "region": planned.key.region,
            "service": planned.key.service,
            "call": planned.call,
            "permission": planned.permission,
        }
        for planned in plan(connectors)
    ]
    run.answer(Answer(rows, PLAN_COLUMNS))
    run.say(f"{len(rows):,} kinds of calls; those about single assets are made for each of them. Nothing was read.")
