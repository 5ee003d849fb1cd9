"""`poise exempt`: decisions not to act on findings, with a reason, an approver and an end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.app import exemptions, shapes
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.exempting import COVERED_COLUMNS, SYNCED_COLUMNS, preview_words, tell_exemptions
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.model.check import Category
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.moment import end_of
from poise.model.verdict import Severity

if TYPE_CHECKING:
    from poise.app.exemptions import Preview

Texts = list[str] | None
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would cover, and change nothing.")]


@dataclass(frozen=True)
class Covering:
    """Options that say which findings are meant."""

    check: Annotated[Texts, typer.Option(metavar="ID", help="Check, or beginning of ids: aws.s3. Repeatable.")] = None
    standard: Annotated[
        Texts, typer.Option(metavar="ID[:CONTROL]", help="Checks of a standard, or of one control. Repeatable.")
    ] = None
    category: Annotated[
        Texts, typer.Option(metavar="NAME", help=f"Category of checks: {', '.join(Category)}. Repeatable.")
    ] = None
    severity: Annotated[
        Texts, typer.Option(metavar="LEVEL", help=f"Severity of checks: {', '.join(Severity)}. Repeatable.")
    ] = None
    node: Annotated[Texts, typer.Option(metavar="ID", help="Organization node: all below it. Repeatable.")] = None
    account: Annotated[Texts, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None
    group: Annotated[Texts, typer.Option(metavar="NAME", help="Group of assets. Repeatable.")] = None
    tag: Annotated[Texts, typer.Option(metavar="NAME=VALUE", help="Tag that assets bear. Repeatable: all.")] = None
    asset: Annotated[Texts, typer.Option(metavar="ID", help="Asset id. Repeatable.")] = None
    cve: Annotated[
        Texts, typer.Option(metavar="ID", help="Vulnerability that leaves the findings about these. Repeatable.")
    ] = None
    cvss_at_least: Annotated[
        float | None, typer.Option(metavar="SCORE", help="Vulnerabilities with this CVSS score or more.")
    ] = None
    cvss_at_most: Annotated[
        float | None, typer.Option(metavar="SCORE", help="Vulnerabilities with this CVSS score or less.")
    ] = None

    def covers(self) -> Covers:
        """Return what is meant. Raises :class:`UsageError` for a value that there is not."""
        values: dict[str, Any] = {
            "checks": self.check or [],
            "standards": self.standard or [],
            "categories": self.category or [],
            "severities": self.severity or [],
            "nodes": self.node or [],
            "scopes": self.account or [],
            "groups": self.group or [],
            "tags": dict(_tag(text) for text in self.tag or ()),
            "assets": self.asset or [],
            "cves": self.cve or [],
            "cvss_at_least": self.cvss_at_least,
            "cvss_at_most": self.cvss_at_most,
        }
        try:
            return msgspec.convert(values, Covers)
        except msgspec.ValidationError as problem:
            raise UsageError(
                f"{problem}.".replace("`$.", "`"), "`poise exempt add --help` shows the values."
            ) from problem


@dataclass(frozen=True)
class Deciding:
    """Options that say why, who and how long."""

    until: Annotated[str, typer.Option(metavar="DATE", help="Last day, or moment, on which it holds: 2026-12-31.")]
    reason: Annotated[str, typer.Option(help="Why nothing is done.")]
    approver: Annotated[str, typer.Option(help="Who answers for it.")]
    kind: Annotated[str, typer.Option(metavar="waiver|mitigated", help="Risk accepted, or solved otherwise.")] = (
        "waiver"
    )

    def exemption(self, name: str, covers: Covers) -> Exemption:
        """Return the exemption. Raises :class:`UsageError` for a date or kind that there is not."""
        if self.kind not in list(Kind):
            raise UsageError(f"--kind is {self.kind!r}.", f"Choose from {', '.join(Kind)}.")
        try:
            until = end_of(self.until)
        except ValueError as problem:
            raise UsageError(f"--until is {self.until!r}.", "Expected a date like 2026-12-31.") from problem
        return Exemption(
            name=name, kind=Kind(self.kind), covers=covers, reason=self.reason, approver=self.approver, until=until
        )


@command
def add(
    run: Invocation,
    name: Annotated[str, typer.Argument(help="Name of the exemption; unique.")],
    deciding: Deciding,
    covering: Covering,
    dry_run: DryRun = False,
) -> None:
    """Exempt findings, those that come later too; every option that is given must hold."""
    exemption = deciding.exemption(name, covering.covers())
    run.targets()
    with run.workspace() as workspace:
        found = exemptions.preview(workspace, exemption) if dry_run else exemptions.add(workspace, exemption, actor())
        _tell(run, found, "would cover" if dry_run else "covers")


@command
def list_all(run: Invocation) -> None:
    """List exemptions, and checks that are switched off."""
    run.targets()
    with run.workspace() as workspace:
        tell_exemptions(run, workspace)


@command
def remove(run: Invocation, name: Annotated[str, typer.Argument(help="Name of the exemption.")]) -> None:
    """Remove an exemption; its findings count again at once."""
    with run.workspace() as workspace:
        found = exemptions.remove(workspace, name, actor())
        run.say(f"{name} is removed.")
        if found.origin:
            run.say(f"It comes from {found.origin}: remove it there too, or it comes back with the next apply.")


@command
def apply(
    run: Invocation,
    file: Annotated[Path, typer.Argument(help="File of exemptions: exemptions.toml.")],
    dry_run: DryRun = False,
) -> None:
    """Take exemptions from a file: new ones are added, changed ones replaced, missing ones removed."""
    run.targets()
    with run.workspace() as workspace:
        found = exemptions.sync(workspace, file, actor(), dry_run=dry_run)
        rows: list[dict[str, Any]] = []
        for word, previews in (("add", found.added), ("change", found.changed)):
            for one in previews:
                rows.append({"change": word, "name": one.exemption.name, "covered": one.covered})
                rows[-1]["warnings"] = list(one.warnings)
        rows += [{"change": "remove", "name": name, "covered": 0, "warnings": []} for name in found.removed]
        run.answer(Answer(rows, SYNCED_COLUMNS))
        would = "would be " if dry_run else ""
        run.say(
            f"{len(found.added)} {would}added, {len(found.changed)} {would}changed, "
            f"{len(found.removed)} {would}removed, {found.kept} as before."
        )


def _tell(run: Invocation, found: Preview, verb: str) -> None:
    rows = [shapes.finding_json(finding) for finding in found.findings]
    document = msgspec.to_builtins(found) | {"findings": rows}
    run.answer(Answer(rows, COVERED_COLUMNS, document=document))
    for line in preview_words(found, verb):
        run.say(line)


def _tag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageError(f"--tag is {text!r}.", "Expected NAME=VALUE.")
    return name, value
