"""`poise compliance`: the state of standards, of one standard's controls, and of two side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from poise.app import compliance as app
from poise.app import compliance_past as past
from poise.app import compliance_reports as reports
from poise.app.changes import moment_of
from poise.app.kept_standards import with_kept
from poise.cli.command import command
from poise.cli.compliance import CHANGED_COLUMNS, SUMMARY_COLUMNS, percent, side_by_side, tree, words
from poise.cli.invocation import Invocation, standards_of
from poise.cli.output.answer import Answer
from poise.cli.output.words import counted
from poise.model.errors import UsageError
from poise.model.viewer import GROUP

if TYPE_CHECKING:
    from poise.app.workspace import Workspace
    from poise.model.standard import Standard

EXPORTS = ("csv", "html", "oscal", "pdf")


@dataclass(frozen=True)
class Looked:
    """What is looked at, and how."""

    scope: Annotated[list[str] | None, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None
    group: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Group of assets. Repeatable.")] = None
    file: Annotated[
        list[Path] | None, typer.Option(metavar="TOML", help="Standard of your own, or a folder of them. Repeatable.")
    ] = None
    compare: Annotated[str | None, typer.Option(metavar="STANDARD", help="Show it beside this one.")] = None
    all: Annotated[bool, typer.Option("--all", help="List standards without data too.")] = False
    findings: Annotated[
        bool, typer.Option("--findings", help="With -o csv: every standard's controls and findings in one file.")
    ] = False

    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="MOMENT", help="State of then: 2026-11-01, a time, or 7d.")
    ] = None
    since: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="Controls that changed since then, to now or to --as-of.")
    ] = None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes that were named, groups among them."""
        return (*(self.scope or ()), *(f"{GROUP}{name}" for name in self.group or ()))


@command
def compliance(
    run: Invocation,
    looked: Looked,
    standard: Annotated[
        str, typer.Argument(metavar="[STANDARD]", help="Id of one standard: shows its controls.", show_default=False)
    ] = "",
) -> None:
    """Show the state of standards and of their controls: all standards, or one with its sections and checks.

    `-o csv`, `-o html` and `-o oscal` write a report of one standard, with its findings.
    """
    is_one = bool(standard) and looked.compare is None
    if (looked.as_of or looked.since) and not is_one:
        raise UsageError("A moment is for one standard.", "`poise at MOMENT` shows all of them.")
    targets = run.targets(EXPORTS if is_one else ())
    if looked.compare is not None and not standard:
        raise UsageError("--compare needs two standards.", "Write poise compliance STANDARD --compare OTHER.")
    if looked.findings and not any(target.format == "csv" for target in targets):
        raise UsageError("--findings writes CSV only.", "Add -o csv=FILE.")
    with run.workspace() as workspace:
        if looked.file:
            workspace.standards = with_kept(workspace.store, standards_of(run.settings, looked.file))
        if is_one:
            _one(run, workspace, looked, standard)
        elif looked.compare is not None:
            found = app.comparison(workspace, standard, looked.compare, looked.scopes)
            run.answer(Answer(blocks=side_by_side(found), document=reports.comparison_json(found)))
        else:
            _every(run, workspace, looked)


def _every(run: Invocation, workspace: Workspace, looked: Looked) -> None:
    found = app.overview(workspace, looked.scopes, hidden_too=looked.all)
    rows = [reports.summary_json(status) for status in found]
    instead = ("csv",) if looked.findings else ()
    run.answer(
        Answer(rows, SUMMARY_COLUMNS),
        lambda _: reports.export_every(workspace, looked.scopes),
        instead=instead,
    )
    if not found:
        run.say("No standard has data here. `poise compliance --all` lists those that there are.")


def _one(run: Invocation, workspace: Workspace, looked: Looked, id: str) -> None:
    standard = workspace.standards.get(id)
    if looked.since is not None:
        _tell_changed(run, workspace, looked, standard)
        return
    if looked.as_of is not None:
        if any(target.format in EXPORTS for target in run.targets(EXPORTS)):
            raise UsageError("Reports hold the present.", "Leave --as-of out, or write json or md.")
        status = past.status_at(workspace, id, moment_of(looked.as_of, workspace.clock()), looked.scopes)
        run.answer(Answer(blocks=tree(standard, status), document=reports.tree_json(standard, status)))
        return
    status = app.standard_status(workspace, id, looked.scopes)
    answer = Answer(blocks=tree(standard, status), document=reports.tree_json(standard, status))
    run.answer(answer, lambda form: reports.export(workspace, id, form, looked.scopes), EXPORTS, EXPORTS)
    tally = status.tally
    run.say(
        f"{standard.name}: {words(status.state)}, {percent(status.percentage)} passed. "
        f"{counted(tally.failed, 'control')} failed, {tally.unknown} not assessed, {tally.manual} manual, "
        f"{tally.not_automated} not yet automated."
    )


def _tell_changed(run: Invocation, workspace: Workspace, looked: Looked, standard: Standard) -> None:
    first = moment_of(looked.since or "", workspace.clock())
    then = moment_of(looked.as_of, workspace.clock()) if looked.as_of else None
    found = past.difference(workspace, standard.id, (first, then), looked.scopes)
    rows = [msgspec.to_builtins(one) for one in found.controls]
    both = {"before": reports.summary_json(found.before), "after": reports.summary_json(found.after)}
    run.answer(Answer(rows, CHANGED_COLUMNS, document=msgspec.to_builtins(found) | both))
    run.say(
        f"{standard.name}: {counted(len(rows), 'control')} changed, "
        f"{percent(found.before.percentage)} passed then, {percent(found.after.percentage)} after."
    )
