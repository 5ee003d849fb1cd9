"""Asks the security graph who is in the groups that are defined by a question."""

from __future__ import annotations

import re

import structlog

from poise.app.exploring import read_posed
from poise.app.graph import graph_of
from poise.app.watching import unlisted
from poise.app.workspace import Workspace
from poise.assess.custom.watched import asks_tags, missing
from poise.graph.explorer import forms
from poise.graph.explorer.bounds import certain, possible, with_any_tags
from poise.graph.explorer.tokens import BadQuery
from poise.model.errors import BadInput, PoiseError
from poise.model.group import Asked
from poise.model.query import Block, Query

log = structlog.get_logger()
NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Name of a ready or saved question."""


class BadQuestion(BadInput):
    """A question that cannot be understood; ``line`` and ``column`` are where, counted from 1."""

    def __init__(self, says: str, place: tuple[int, int], do: str) -> None:
        self.says = says
        self.line, self.column = place
        super().__init__(f"The question, line {self.line}, column {self.column}: {says}", do)


def fill(workspace: Workspace) -> None:
    """Find the assets of every group anew. A question that cannot be asked leaves its group as it was, with the reason.

    Nothing of this stops a scan: what was read and judged must not be lost to it.
    """
    wanted = {row.group.name: row.group.wanted.query for row in workspace.store.groups.all() if row.group.wanted.query}
    answers: dict[str, Asked] = {}
    if wanted:
        try:
            graph_of(workspace)
            gaps = unlisted(workspace)
            answers = {name: _answer(workspace, text, gaps) for name, text in wanted.items()}
        except Exception as crash:  # noqa: BLE001 - see above
            log.warning("groups could not be asked for", error=type(crash).__name__, reason=str(crash))
            answers = {name: Asked(gap=f"the graph could not be asked: {crash}") for name in wanted}
    workspace.store.groups.fill(answers)


def ask(workspace: Workspace, text: str) -> Asked:
    """Return what a question finds now.

    Raises :class:`BadInput` for one that cannot be understood, UsageError for one that takes too long.
    """
    query = read(text)
    graph_of(workspace)
    return _asked(workspace, query.find, unlisted(workspace))


def posed(workspace: Workspace, text: str) -> str:
    """Return the text of a question: itself, or that of the ready or saved one of this name.

    Raises :class:`UsageError` for a name that there is not.
    """
    return forms.to_text(read_posed(workspace, text)) if NAME.fullmatch(text) else text


def read(text: str) -> Query:
    """Return the question of a text. Raises :class:`BadInput`, with line and column where one word is wrong."""
    try:
        return forms.from_text(text)
    except BadQuery as wrong:
        before = text[: wrong.column - 1]
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise BadQuestion(wrong.what.partition(": ")[2], place, wrong.do) from wrong


def _answer(workspace: Workspace, text: str, gaps: dict[str, str]) -> Asked:
    try:
        return _asked(workspace, read(text).find, gaps)
    except PoiseError as problem:
        return Asked(gap=f"its assets are those of an earlier scan: {problem.what}")


def _asked(workspace: Workspace, find: Block, gaps: dict[str, str]) -> Asked:
    ids = workspace.store.exploring.ids
    return Asked(
        found=ids(certain(find)),
        possible=ids(possible(find)),
        by_tags=ids(possible(with_any_tags(find))) if asks_tags(find.where) else None,
        gap=missing(find, gaps),
    )
