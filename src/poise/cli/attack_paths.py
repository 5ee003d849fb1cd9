"""Attack paths as a person reads them on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Code, Facts, Grid, Heading, Paragraph
from poise.cli.output.words import counted, level_style, moment

if TYPE_CHECKING:
    from poise.app.workspace import Workspace

Json = dict[str, Any]
PATH_ID = re.compile(r"[0-9a-f]{20}")
STEP_COLUMNS = (
    Column("Step", "number"),
    Column("What happens", "story"),
    Column("State", "state"),
    Column("ATT&CK", "technique"),
)
PROOF_COLUMNS = (Column("Proves step", "number"), Column("Where", "place"), Column("What it says", "says"))
LOSS_COLUMNS = (Column("Who", "who"), Column("Loses", "what"), Column("On", "to"), Column("Last used", "last_used"))
SKIPPED_COLUMNS = (Column("Resource", "address"), Column("Why", "why"))
MOST_LOSSES = 8
"""Lost permissions that are told of one fix."""
CHECK_COLUMNS = (Column("Risk", "risk", style=level_style), Column("Finding", "title"), Column("Asset", "asset"))
CHANGE_COLUMNS = (Column("Change", "change"), Column("Asset", "asset"), Column("Facts", "facts", ", ".join))
PATH_COLUMNS = (Column("Risk", "risk.level", style=level_style), Column("Title", "title"), Column("Ways", "count"))
VERDICTS = {
    "verified": "Proven: no way is left.",
    "insufficient": "Insufficient: ways between the same ends are left.",
    "opens": "It opens new ways.",
    "no effect": "It closes none of the ways.",
}


def is_path(workspace: Workspace, id: str) -> bool:
    """Say whether an id is of an attack path."""
    return bool(PATH_ID.fullmatch(id)) and workspace.store.paths.get(workspace.viewer, id) is not None


def shown_path(workspace: Workspace, id: str) -> Answer:
    """Return one path: its steps, what proves them, and its fixes."""
    from poise.app.path_fixes import fixes_of
    from poise.app.paths import path

    found = path(workspace, id)
    found["fixes"] = fixes_of(workspace, id)
    return Answer(blocks=[*_told(found), *_fixes(found["fixes"])], document=found)


def path_fixes(workspace: Workspace, id: str, way: str) -> Answer:
    """Return how to break a path, each fix with its proof; of one way of working if it is named."""
    from poise.app.path_fixes import fixes_of
    from poise.app.paths import path

    title = path(workspace, id)["title"]
    found = fixes_of(workspace, id)
    blocks: list[Block] = [Heading(title)]
    for fix in found:
        blocks += [*_proof(fix), *_steps(fix, way)]
    if not found:
        blocks.append(Paragraph("No change of what was read is known to break it."))
    return Answer(blocks=blocks, document={"path": id, "fixes": found})


def _told(path: Json) -> Iterator[Block]:
    yield Heading(path["title"])
    yield Facts(
        [
            ("Risk", f"{path['risk']['level']} ({path['risk']['points']:g} of 100)"),
            ("Risk of the target", f"{path['target_risk']:g} of 100, over all independent ways to it"),
            ("State", path["status"]),
            ("Ways", f"about {path['count']}" if path["count"] > 1 else "1"),
            ("Choke points", ", ".join(one["name"] for one in path["choke_points"]) or "none"),
            ("First seen", moment(path["first_seen"])),
        ]
    )
    steps = [{"number": number, **step} for number, step in enumerate(path["steps"], 1)]
    yield Grid(steps, STEP_COLUMNS)
    for side in path["sides"]:
        yield Paragraph("Besides, it needs: " + " ".join(step["story"] for step in side))
    yield Heading("What proves it")
    yield Grid(_proofs(steps), PROOF_COLUMNS)


def _proofs(steps: list[Json]) -> list[Json]:
    """Return each fact once, with the steps that it proves."""
    proves: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        for one in step["evidence"]:
            place = f"{one['asset']} {one['field']} {one['place']}".strip()
            proves.setdefault((place, one["says"]), []).append(str(step["number"]))
    return [
        {"number": ", ".join(dict.fromkeys(numbers)), "place": place, "says": says}
        for (place, says), numbers in proves.items()
    ]


def _fixes(fixes: list[Json]) -> Iterator[Block]:
    yield Heading("Fixes")
    for fix in fixes:
        yield from _proof(fix)
    if not fixes:
        yield Paragraph("No change of what was read is known to break it.")


def _proof(fix: Json) -> Iterator[Block]:
    ways = f"{counted(fix['paths_before'], 'way')} before, {fix['paths_after']} after"
    opens = f"; {counted(len(fix['opened']), 'new path')}" if fix["opened"] else ""
    yield Heading(f"{fix['number']}. {fix['change']}")
    yield Paragraph(f"{VERDICTS[fix['verdict']]} {ways}{opens}.")
    if fix["remaining"] and fix["verdict"] == "insufficient":
        yield Paragraph("What is left: " + " ".join(step["story"] for step in fix["remaining"][0]["steps"]))
    if fix["residual_risk"]:
        yield Paragraph(fix["residual_risk"])
    yield from _losses(fix["permissions_lost"])


def _steps(fix: Json, way: str) -> Iterator[Block]:
    for texts in fix["steps"]:
        if way in ("", "console"):
            yield Paragraph(texts["console"])
        if way in ("", "cli"):
            yield Code(texts["cli"], "sh")
        if way in ("", "terraform"):
            yield Code(texts["terraform"], "hcl")


def outcome_blocks(found: Json) -> Iterator[Block]:
    """Yield what changes would do."""
    if found.get("changes"):
        yield Grid(found["changes"], CHANGE_COLUMNS)
    yield Facts(
        [
            ("Attack paths", f"{found['findings_before']} before, {found['findings_after']} after"),
            ("Ways", f"{found['paths_before']} before, {found['paths_after']} after"),
            ("Findings", f"{len(found['checks_closed'])} close, {len(found['checks_opened'])} open"),
            ("Score", f"{found['score_before']:.2%} before, {found['score_after']:.2%} after"),
        ]
    )
    for title, rows in (("Opens", found["opened"]), ("Closes", found["closed"]), ("Leaves unclear", found["unclear"])):
        if rows:
            yield Heading(f"{title} {counted(len(rows), 'attack path')}")
            yield Grid([{"risk": {"level": row.get("level")}} | row for row in rows], PATH_COLUMNS)
    if found["not_simulated"]:
        yield Heading(f"Not simulated: {counted(len(found['not_simulated']), 'change')}")
        yield Grid(found["not_simulated"], SKIPPED_COLUMNS)
    if found["permissions_lost"]:
        yield Heading("Who loses what")
        yield from _losses(found["permissions_lost"])
    for title, rows in (
        ("Findings that open", found["checks_opened"]),
        ("Findings that close", found["checks_closed"]),
    ):
        if rows:
            yield Heading(title)
            yield Grid(rows, CHECK_COLUMNS)


def _losses(rows: list[Json]) -> Iterator[Block]:
    """Yield the first permissions that somebody loses, and how many more there are."""
    if rows:
        yield Grid(rows[:MOST_LOSSES], LOSS_COLUMNS)
    if len(rows) > MOST_LOSSES:
        yield Paragraph(f"and {len(rows) - MOST_LOSSES} more: -o json has them all.")
