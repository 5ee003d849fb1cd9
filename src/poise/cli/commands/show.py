"""`poise show`: one thing by its id, whatever it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.app import checks, explain, queries, shapes
from poise.cli.command import command
from poise.cli.details import evidence, finding_facts, history
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column, plain
from poise.cli.output.blocks import Block, Code, Facts, Grid, Heading, Paragraph
from poise.cli.output.words import level_style, moment, state_style, state_words

if TYPE_CHECKING:
    from poise.app.workspace import Workspace
    from poise.model.listings import AssetDetail

FINDING_ID = re.compile(r"[0-9a-f]{20}")
CHECK_ID = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
VERDICT_COLUMNS = (
    Column("Verdict", "verdict", state_words, state_style),
    Column("Risk", "risk.level", style=level_style),
    Column("Check", "check"),
    Column("Why", "reason"),
    Column("Finding", "id"),
)
EDGE_COLUMNS = (
    Column("From", "from"),
    Column("", "kind"),
    Column("To", "to"),
    Column("Gives", "capability"),
    Column("Ports", "ports"),
    Column("Rule", "rule"),
    Column("State", "state"),
    Column("Hangs on", "condition"),
)
SCOPE_COLUMNS = (Column("Scope", "scope"), Column("Name", "name"), Column("Source", "source"), Column("State", "state"))
GAP_COLUMNS = (
    Column("Scope", "scope"),
    Column("Region", "region"),
    Column("Call", "call"),
    Column("Reason", "reason"),
    Column("Permission", "permission"),
)


@command
def show(
    run: Invocation,
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a finding, an asset, a check or a scan.")],
    graph: Annotated[bool, typer.Option("--graph", help="What lies around an asset in the security graph.")] = False,
    hops: Annotated[int, typer.Option(min=1, max=4, help="How far around, with --graph.")] = 1,
) -> None:
    """Show one thing by its id: a finding, an asset, a check or a scan."""
    if graph:
        # Imported here: numpy costs more time than showing anything else.
        from poise.app.graph import neighbourhood

        with run.workspace() as workspace:
            run.answer(_around(neighbourhood(workspace, id, hops)))
        return
    if CHECK_ID.fullmatch(id):
        found = checks.check(id)
        run.answer(Answer(text=checks.render(found), document={**shapes.check_json(found), "risk": found.risk}))
        return
    with run.workspace() as workspace:
        run.answer(_answer(workspace, id))


def _answer(workspace: Workspace, id: str) -> Answer:
    if FINDING_ID.fullmatch(id):
        return _finding(explain.explain_finding(workspace, id))
    if id.isdecimal():
        return _scan(shapes.scan_json(queries.scan(workspace, int(id))))
    return _asset(workspace, queries.asset(workspace, id))


def _around(found: dict[str, Any]) -> Answer:
    names = {node["id"]: node["name"] for node in found["nodes"]}
    rows = [edge | {"from": names[edge["source"]], "to": names[edge["target"]]} for edge in found["edges"]]
    nodes = len(found["nodes"])
    told = f"{nodes - 1} nodes within {found['hops']} hops, {len(rows)} edges."
    if found["left_out"]:
        told += f" {found['left_out']} more nodes are left out."
    blocks: list[Block] = [Heading(f"Around {names[found['center']]}"), Paragraph(told)]
    if rows:
        blocks.append(Grid(rows, EDGE_COLUMNS))
    return Answer(blocks=blocks, document=found)


def _finding(found: explain.Explanation) -> Answer:
    blocks: list[Block] = [
        Heading(found.finding.title),
        Facts([*finding_facts(found), *history(found.history)]),
        Heading("Why"),
        Paragraph(found.finding.reason),
        *evidence(found.finding.evidence),
        Heading("Fix"),
        Paragraph(found.fix.console),
        Code(found.fix.cli, "sh"),
    ]
    return Answer(blocks=blocks, document=msgspec.to_builtins(found))


def _asset(workspace: Workspace, detail: AssetDetail) -> Answer:
    row, asset = detail.row, detail.asset
    verdicts = [shapes.finding_json(queries.to_finding(workspace, one)) for one in detail.verdicts]
    pairs = [
        ("Kind", asset.KIND),
        ("Id", asset.id),
        ("Where", f"{asset.scope} {asset.region}"),
        ("Read", f"{moment(row.read_at.isoformat())} from {row.source}"),
        *([("Gone", moment(row.gone_at.isoformat()))] if row.gone_at else []),
        *([("Tags", plain(dict(row.tags)))] if row.tags else []),
    ]
    facts = [(name, f"not read: {gap}" if gap else _fact(value)) for name, value, gap in explain.shown_facts(asset)]
    blocks: list[Block] = [Heading(asset.name), Facts(pairs), Heading("Facts"), Facts(facts)]
    blocks += [Heading("Verdicts"), Grid(verdicts, VERDICT_COLUMNS) if verdicts else Paragraph("No check judges it.")]
    return Answer(blocks=blocks, document={**shapes.asset_json(row, asset), "verdicts": verdicts})


def _fact(value: Any) -> str:
    return "none" if value is None else plain(value) or "empty"


def _scan(scan: dict[str, Any]) -> Answer:
    coverage = scan["coverage"] or {"scopes": [], "gaps": []}
    gaps = [gap for gap in coverage["gaps"] if not gap["expected"]]
    pairs = [(name.capitalize(), plain(scan[name])) for name in ("command", "source", "state", "started", "finished")]
    blocks: list[Block] = [Heading(f"Scan {scan['id']}"), Facts(pairs)]
    blocks += [Heading("What was read"), Grid(coverage["scopes"], SCOPE_COLUMNS)]
    if gaps:
        blocks += [Heading("What was not"), Grid(gaps, GAP_COLUMNS)]
    return Answer(blocks=blocks, document=scan)
