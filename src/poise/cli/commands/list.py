"""`poise list`: what was found, with the filters that the pages have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.app import exporting, path_lists, queries, shapes
from poise.app import paths as attack_paths
from poise.app.machines import machines as known_machines
from poise.app.parameters import ASSET_PARAMETERS, FINDING_PARAMETERS, Reading, asset_filter, finding_filter
from poise.cli.command import command, listing
from poise.cli.exempting import tell_exemptions
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted, level_style, moment, state_style, state_words
from poise.model.errors import UsageError
from poise.model.listings import Order, Paging

if TYPE_CHECKING:
    from poise.app.workspace import Workspace

Filters = Mapping[str, Sequence[str]]
FINDING_COLUMNS = (
    Column("Risk", "risk.level", style=level_style),
    Column("Verdict", "verdict", state_words, state_style),
    Column("Asset", "asset.name"),
    Column("Title", "title"),
    Column("Why", "reason"),
    Column("Scope", "asset.scope"),
    Column("Id", "id"),
)
RECOMMENDATION_COLUMNS = (
    Column("Severity", "severity", style=level_style),
    Column("Risk", "highest_risk", style=level_style),
    Column("Unhealthy", "counts.unhealthy"),
    Column("Unknown", "counts.unknown"),
    Column("Healthy", "counts.healthy"),
    Column("Check", "check"),
    Column("Title", "title"),
)
ASSET_COLUMNS = (
    Column("Name", "name"),
    Column("Kind", "kind"),
    Column("Scope", "scope"),
    Column("Region", "region"),
    Column("Risk", "highest_risk", style=level_style),
    Column("Unread", "unread", lambda gaps: str(len(gaps)) if gaps else ""),
    Column("Id", "id"),
)
MACHINE_COLUMNS = (
    Column("Name", "name"),
    Column("State", "state"),
    Column("Why", "reason"),
    Column("Exploited", "exploited"),
    Column("Packages", "packages"),
    Column("Secrets", "secrets"),
    Column("Through", "method"),
    Column("Read", "read_at", moment),
    Column("Scope", "scope"),
    Column("Id", "id"),
)
PATH_COLUMNS = (
    Column("Risk", "risk.level", style=level_style),
    Column("Title", "title"),
    Column("Ways", "count"),
    Column("State", "status"),
    Column("Fix to try", "fix_summary"),
    Column("Id", "id"),
)
SCAN_COLUMNS = (
    Column("Scan", "id"),
    Column("Source", "source"),
    Column("State", "state"),
    Column("Started", "started", moment),
    Column("Finished", "finished", moment),
    Column("Command", "command"),
)


@listing(FINDING_PARAMETERS)
def findings(
    run: Invocation,
    filters: Filters,
    every: Annotated[bool, typer.Option("--all", help="Every verdict, healthy and not applicable ones too.")] = False,
) -> None:
    """List findings: unhealthy and unknown verdicts, worst first.

    `-o html=FILE` and `-o sarif=FILE` write them as reports.
    """
    run.targets(exporting.format_names())
    with run.workspace() as workspace:
        reading = Reading(filters)
        wanted = finding_filter(reading, workspace.checks)
        _refuse(reading)
        found = queries.all_verdicts(workspace, wanted) if every else shapes.findings(workspace, wanted, _order(run))
        tally = Tally("verdict" if every else "finding", map(shapes.finding_json, found))
        run.answer(
            Answer(tally, FINDING_COLUMNS),
            lambda format: exporting.export(workspace, format, wanted),
            exporting.format_names(),
        )
        total = None if every else queries.findings(workspace, wanted, Paging(limit=1)).total
        _sum_up(run, workspace, tally, total)


@listing(FINDING_PARAMETERS)
def recommendations(
    run: Invocation,
    filters: Filters,
    every: Annotated[bool, typer.Option("--all", help="Those with nothing to do, too.")] = False,
) -> None:
    """List recommendations: a check with the counts of its verdicts, worst first."""
    run.targets()
    with run.workspace() as workspace:
        reading = Reading(filters)
        wanted = finding_filter(reading, workspace.checks)
        _refuse(reading)
        rows = queries.recommendations(workspace, wanted)
        shown = [row for row in rows if every or row.counts.unhealthy or row.counts.unknown]
        tally = Tally("recommendation", map(shapes.recommendation_json, shown))
        run.answer(Answer(tally, RECOMMENDATION_COLUMNS))
        _sum_up(run, workspace, tally, len(shown))


@listing(ASSET_PARAMETERS)
def assets(run: Invocation, filters: Filters) -> None:
    """List assets, healthy ones too.

    `-o json` holds all their facts, and `poise scan files` reads it back.
    """
    run.targets()
    with run.workspace() as workspace:
        reading = Reading(filters)
        wanted = asset_filter(reading)
        _refuse(reading)
        tally = Tally("asset", shapes.assets(workspace, wanted))
        run.answer(Answer(tally, ASSET_COLUMNS))
        _sum_up(run, workspace, tally, queries.assets(workspace, wanted, Paging(limit=1)).total)


@listing({"scope": ASSET_PARAMETERS["scope"]})
def machines(
    run: Invocation,
    filters: Filters,
    missed: Annotated[bool, typer.Option("--missed", help="Only those that were not scanned, or in part.")] = False,
) -> None:
    """List machines that were scanned, and those that were not with the reason."""
    run.targets()
    with run.workspace() as workspace:
        every = known_machines(workspace, Reading(filters).words("scope"))
        rows = [row for row in every if not missed or row.state != "ok"]
        run.answer(Answer([msgspec.to_builtins(row) for row in rows], MACHINE_COLUMNS))
        read = sum(row.read_at is not None for row in every)
        run.say(f"{counted(read, 'machine')} scanned, {len(every) - read:,} not.")


@listing({name: takes for name, takes in path_lists.PATH_PARAMETERS.items() if name != "fixed"})
def paths(
    run: Invocation,
    filters: Filters,
    fixed: Annotated[bool, typer.Option("--fixed", help="Those that were fixed, too.")] = False,
) -> None:
    """List attack paths, the riskiest first."""
    run.targets()
    reading = Reading({**filters, "fixed": ["yes" if fixed else ""]})
    wanted = path_lists.path_filter(reading)
    _refuse(reading)
    with run.workspace() as workspace:
        rows = path_lists.listed(workspace, wanted)
        run.answer(Answer(rows, PATH_COLUMNS))
        if rows:
            run.say(f"{counted(len(rows), 'attack path')}. `poise show ID` tells one, `poise fix ID` breaks it.")
            more = attack_paths.left_out(workspace)["says"]
            if more:
                run.say(f"Left out: {more}.")
        elif filters:
            run.say("No attack path matches.")
        else:
            run.say(f"No attack paths. {attack_paths.why_no_paths(workspace)['why']} (poise paths why-empty)")


@command
def scans(run: Invocation) -> None:
    """List scans, newest first."""
    run.targets()
    with run.workspace() as workspace:
        page = queries.scans(workspace, Paging(limit=run.shared.limit or SCANS))
        run.answer(Answer([shapes.scan_json(row) for row in page.rows], SCAN_COLUMNS))
        run.say(f"{counted(page.total, 'scan')}.")


@command
def exemptions(run: Invocation) -> None:
    """List exemptions, and checks that are switched off."""
    run.targets()
    with run.workspace() as workspace:
        tell_exemptions(run, workspace)


SCANS = 100
"""Scans that are shown if nothing else is said."""


class Tally:
    """Rows that are counted while they are written."""

    def __init__(self, word: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.word = word
        self._rows = iter(rows)
        self.count = 0

    def __iter__(self) -> Tally:
        return self

    def __next__(self) -> Mapping[str, Any]:
        row = next(self._rows)
        self.count += 1
        return row


def _refuse(reading: Reading) -> None:
    """Refuse what a page would ignore with a note: a script must not get more than it asked for."""
    if reading.notes:
        what, _, expected = reading.notes[0].partition(" was ignored: ")
        raise UsageError(f"--{what} cannot be used.", f"{expected[:1].upper()}{expected[1:]}.")


def _order(run: Invocation) -> Order:
    """Take the store's own order where `--sort` names one, so that nothing has to be held in memory."""
    order = next((order for order in Order if order.value == run.shared.sort), None)
    if order is None:
        return Order.RISK
    run.shared = replace(run.shared, sort="")
    return order


def _sum_up(run: Invocation, workspace: Workspace, tally: Tally, total: int | None) -> None:
    cut = f" of {total:,}" if total is not None and total > tally.count else ""
    assets = workspace.store.assets.count(workspace.viewer, asset_filter(Reading({})))
    run.say(f"{counted(tally.count, tally.word)}{cut}; {counted(assets, 'asset')} in the store.")
