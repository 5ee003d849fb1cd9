"""`poise why`: the arithmetic and the evidence behind a finding or the score."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from poise.app import changes, explain
from poise.cli.changing import asset_blocks, change_blocks, risk_words
from poise.cli.command import command
from poise.cli.commands.score import Where
from poise.cli.details import evidence, finding_facts, history
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column, plain
from poise.cli.output.blocks import Block, Facts, Grid, Heading, Paragraph
from poise.cli.scores import COLUMNS as SCORE_COLUMNS
from poise.cli.scores import control_rows, overall_words
from poise.model.errors import UsageError
from poise.score.cloud import LEVELS

FACTOR_COLUMNS = (Column("Factor", "name"), Column("Points", "points"), Column("Because", "because"))
LEVEL_COLUMNS = (Column("Risk", "level"), Column("Open", "open"), Column("Each leaves", "base"))
HISTORY_COLUMNS = (Column("Day", "day"), Column("Points", "current"), Column("Of", "max"), Column("Unknown", "unknown"))


@command
def why(
    run: Invocation,
    id: Annotated[str, typer.Argument(metavar="ID|score", help="A finding, or `score`.")],
    where: Where,
    since: Annotated[str, typer.Option("--from", metavar="TIME", help="Why it changed since: 2026-11-25, or 7d.")] = "",
    to: Annotated[str, typer.Option(metavar="TIME", help="Up to this moment.", show_default="now")] = "now",
    check: Annotated[
        str, typer.Option(metavar="ID", help="With --from: all assets behind this check.", show_default=False)
    ] = "",
) -> None:
    """Explain a finding's risk with its evidence, or the score with what each control gives.

    With --from, explain why the score changed: by scope, assets, checks, exemptions and grace.
    """
    if since and id != "score":
        raise UsageError("--from explains the score alone.", "`poise history ID` tells what happened to a finding.")
    if id != "score" and where != Where():
        raise UsageError("--scope, --group and --formula are about the score.", "`poise why score` takes them.")
    if check and not since:
        raise UsageError("--check is about a change of the score.", "Give --from too.")
    with run.workspace() as workspace:
        if since:
            now = workspace.clock()
            moments = (changes.moment_of(since, now), changes.moment_of(to, now))
            span = changes.Span(*moments, where.wanted(workspace), where.formula_of(), check)
            found = changes.score_change(workspace, span)
            blocks = [*change_blocks(found), *(asset_blocks(found) if check else ())]
            run.answer(Answer(blocks=blocks, document=msgspec.to_builtins(found)))
        elif id == "score" and where.formula_of() is changes.Formula.RISK:
            run.answer(_by_risk(explain.explain_risk_score(workspace, where.wanted(workspace))))
        elif id == "score":
            run.answer(_score(explain.explain_score(workspace, where.wanted(workspace))))
        else:
            run.answer(_finding(explain.explain_finding(workspace, id)))


def _finding(found: explain.Explanation) -> Answer:
    finding = found.finding
    rows: list[dict[str, Any]] = msgspec.to_builtins(finding.risk.factors)
    blocks: list[Block] = [
        Heading(finding.title),
        Facts(finding_facts(found)),
        Heading(f"Why it is {finding.verdict.replace('_', ' ')}"),
        Paragraph(finding.reason),
        *evidence(finding.evidence),
        Heading(f"Why its risk is {finding.risk.level}"),
        Grid(rows, FACTOR_COLUMNS) if rows else Paragraph(f"The check is {finding.severity}; nothing changes that."),
    ]
    if found.arithmetic:
        blocks.append(Paragraph(found.arithmetic))
    if found.parameters:
        pairs = [
            (p.name, f"{plain(msgspec.to_builtins(p.value)) or 'none'} ({p.meaning.rstrip('.')})")
            for p in found.parameters
        ]
        blocks += [Heading("Parameters that held"), Facts(pairs)]
    if found.unread:
        blocks += [Heading("Facts that could not be read"), Facts(sorted(found.unread.items()))]
    blocks += [Heading("What happens"), Paragraph(found.why_it_matters), Paragraph(f"Source: {found.source}")]
    blocks += [Heading("History"), Facts(history(found.history))]
    return Answer(blocks=blocks, document=msgspec.to_builtins(found))


def _by_risk(found: explain.RiskExplanation) -> Answer:
    bases, weights = msgspec.structs.asdict(found.rules.used), msgspec.structs.asdict(found.rules.weights)
    product = " x ".join(f"{bases[level]:g}^{level}" for level in LEVELS)
    rows = [{"level": level, "open": found.score.open[level], "base": bases[level]} for level in LEVELS]
    blocks: list[Block] = [
        Heading(risk_words(found.score)),
        Paragraph("score = sum of (asset score x weight) / sum of weights; each asset weighs by how critical it is."),
        Paragraph(f"asset score = {product}; the exponents are its open recommendations of each level."),
        Grid(rows, LEVEL_COLUMNS),
        Heading("What an asset weighs"),
        Facts([(f"criticality {degree}", f"{weight:g}") for degree, weight in weights.items()]),
    ]
    return Answer(blocks=blocks, document=msgspec.to_builtins(found))


def _score(found: explain.ScoreExplanation) -> Answer:
    rows = control_rows(found.score)
    days = [msgspec.to_builtins(day) for day in found.history]
    blocks: list[Block] = [
        Heading(overall_words(found.score)),
        Paragraph("A control gives: its points x healthy / (healthy + unhealthy). Unknown assets are outside of it."),
        Grid(rows, SCORE_COLUMNS),
    ]
    if days:
        blocks += [Heading("Days before"), Grid(days, HISTORY_COLUMNS)]
    return Answer(blocks=blocks, document=msgspec.to_builtins(found))
