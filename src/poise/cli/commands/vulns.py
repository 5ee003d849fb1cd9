"""`poise vulns`: keeps the index of advisories, and matches stored machines with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from poise.app import vulnerabilities
from poise.app.workspace import utc_now
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Facts
from poise.cli.output.words import counted
from poise.model.errors import BadInput, UsageError
from poise.vulns.feeds import BASES, chosen


@command
def sync(
    run: Invocation,
    feed: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this feed; may be repeated.")] = None,
    no_match: Annotated[bool, typer.Option("--no-match", help="Do not match stored machines afterwards.")] = False,
) -> None:
    """Fetch the feeds of advisories, then match all stored machines.

    Unchanged feeds are not sent again. A feed that cannot be fetched stays as it was, and the command exits with 2.
    """
    done = []
    for one in vulnerabilities.sync(_path(run), chosen(feed or ()), _mirrors(run), utc_now()):
        run.say(_sentence(one))
        done.append(one)
    _answer(run, done)
    if not no_match:
        _match(run)
    failed = [one.feed for one in done if one.state == "failed"]
    if failed:
        raise BadInput(f"{counted(len(failed), 'feed')} could not be fetched: {', '.join(failed)}.", "See above.")


@command
def import_(
    run: Invocation,
    files: Annotated[list[Path], typer.Argument(help="Feeds as they are published, or one bundle of `vulns export`.")],
    no_match: Annotated[bool, typer.Option("--no-match", help="Do not match stored machines afterwards.")] = False,
) -> None:
    """Take feeds from files, where there is no network.

    All stored machines are matched with them afterwards.
    """
    done = []
    for one in vulnerabilities.import_files(_path(run), files, utc_now()):
        run.say(_sentence(one))
        done.append(one)
    _answer(run, done)
    if not no_match:
        _match(run)


@command
def export(run: Invocation, file: Annotated[Path, typer.Argument(help="New file for the bundle.")]) -> None:
    """Write the whole index to one file for a site without network."""
    count = vulnerabilities.export_bundle(_path(run), file)
    _facts(run, {"file": str(file), "feeds": count, "bytes": file.stat().st_size})
    run.say(f"Wrote {counted(count, 'feed')} to {file}.")


@command
def status(run: Invocation) -> None:
    """Show the feeds and their ages."""
    shown = vulnerabilities.status(_path(run), utc_now(), run.setting("vulns.stale_days"))
    document = {"index": str(_path(run)), "feeds": msgspec.to_builtins(shown)}
    pairs = [
        (one.feed, f"{one.records} records, {counted(one.age_days, 'day')} old{_published(one)}{_marks(one)}")
        for one in shown
    ]
    run.answer(Answer(blocks=[Facts(pairs)], document=document))
    if not shown:
        run.say("The index is empty. Run `poise vulns sync`, or `poise vulns import FILE`.")
    elif any(one.is_stale for one in shown):
        run.say("Some feeds are old: newer vulnerabilities are not seen. Run `poise vulns sync`.")


@command
def match(run: Invocation) -> None:
    """Match the stored software of all machines; no disk is read."""
    _facts(run, {"machines": _match(run)})


def _match(run: Invocation) -> int:
    with run.workspace() as workspace:
        done = vulnerabilities.match_stored(workspace, _path(run))
        count = 0 if done is None else vulnerabilities.matched_machines(workspace)
    run.say(f"Matched the software of {counted(count, 'machine')}." if count else "No machine's software is stored.")
    return count


def _published(one: vulnerabilities.Shown) -> str:
    return f", published {one.published:%Y-%m-%d}" if one.published is not None else ""


def _marks(one: vulnerabilities.Shown) -> str:
    refused = f", {one.refused} refused" if one.refused else ""
    malformed = f", {one.malformed} with a malformed version" if one.malformed else ""
    return f"{refused}{malformed}{', STALE' if one.is_stale else ''}"


def _path(run: Invocation) -> Path:
    return vulnerabilities.index_path(run.data_dir, run.setting("vulns.index"))


def _mirrors(run: Invocation) -> dict[str, str]:
    mirrors: dict[str, str] = run.setting("vulns.mirrors")
    unknown = sorted(set(mirrors) - set(BASES))
    if unknown:
        raise UsageError(f"vulns.mirrors names {', '.join(unknown)}.", f"Choose from {', '.join(BASES)}.")
    return mirrors


def _sentence(one: vulnerabilities.Synced) -> str:
    if one.state == "failed":
        return f"{one.feed}: failed. {one.problem}"
    refused = f", {one.refused} refused" if one.refused else ""
    return f"{one.feed}: {one.state}, {counted(one.records, 'record')}{refused}"


def _answer(run: Invocation, done: Iterable[vulnerabilities.Synced]) -> None:
    rows = list(done)
    pairs = [(one.feed, f"{one.state}, {one.records} records") for one in rows]
    run.answer(Answer(blocks=[Facts(pairs)], document={"feeds": msgspec.to_builtins(rows)}))


def _facts(run: Invocation, document: dict[str, object]) -> None:
    run.answer(Answer(blocks=[Facts([(name, str(value)) for name, value in document.items()])], document=document))
