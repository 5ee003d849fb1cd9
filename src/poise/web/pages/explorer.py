"""Explorer: a question to the graph as sentence, blocks and text; its answer as table or picture; ways between two."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import exploring, saved_queries
from poise.graph.explorer import forms
from poise.graph.explorer.tokens import BadQuery
from poise.model.errors import BadInput, PoiseError, UsageError
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.query import Operator, Query
from poise.model.saved_query import Watch
from poise.model.verdict import Severity
from poise.web import builder, drawing, files
from poise.web.sentence import sentence
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()
HERE = "/explorer"
TABS = ("question", "paths", "ready")
START = "find anything where exposed"
MOST_SHOWN = 1000
"""Rows of a page; exports have all, up to the query's limit."""
COUNTING_S = 2.0
"""How long all counts of a page may take together."""
SUGGESTED = 20
DONE = {"saved": "The query is saved.", "watched": "It is a check from the next scan on.", "removed": "It is removed."}


@dataclass
class Answered:
    """What the page shows of a question."""

    text: str
    """As it was typed, or in its normal form."""
    query: Query | None = None
    found: exploring.Found | None = None
    counts: tuple[int | None, ...] = ()
    problem: str = ""
    pieces: tuple[str, str, str] | None = None
    """The text before the word that cannot be understood, the word, and the text after it."""
    unproven: int = 0
    """Nodes of the first block that are found only if unproven edges are walked."""
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)


@router.get(HERE)
def explorer(visit: AVisit) -> Response:
    """Show the explorer."""
    fields = _fields(visit)
    if "c1.kinds" in fields:
        return _edit(visit, fields)
    asked = visit.address.first("tab")
    tab = asked if asked in TABS else TABS[0]
    answered = _answered(visit) if tab == "question" else Answered(visit.address.first("q"))
    form = visit.address.first("format")
    if form in files.FORMATS and answered.found is not None:
        return files.download("query", form, exploring.cells(answered.found), answered.columns)
    view = "graph" if visit.address.first("view") == "graph" else "table"
    picture = _picture(visit, answered) if view == "graph" else None
    return visit.page(
        "explorer.html",
        tab=tab,
        view=view,
        answered=answered,
        drawn=picture,
        sentence=sentence(answered.query) if answered.query else "",
        cards=forms.to_cards(answered.query).cards if answered.query else (),
        choices=_choices(visit),
        command=f"poise query {shlex.quote(answered.text)}",
        value_text=builder.value_text,
        saved=saved_queries.saved(visit.workspace),
        ready=list(_ready(visit)) if tab == "ready" else [],
        ways=_ways(visit) if tab == "paths" else None,
        done=DONE.get(visit.address.first("done"), ""),
    )


@router.get(f"{HERE}/suggest")
def suggest(visit: AVisit) -> Response:
    """Offer assets for an end of a way."""
    text = visit.address.first("from") or visit.address.first("to")
    found = exploring.named(visit.workspace, text, SUGGESTED, visit.graphs) if text else []
    return visit.fragment("parts/suggested.html", nodes=found)


@router.post(f"{HERE}/save")
def save(visit: AVisit, fields: OwnFields) -> Response:
    """Keep the query, and perhaps make a check of it."""
    name = fields.get("name", "").strip()
    try:
        query = exploring.read_posed(visit.workspace, fields.get("q", ""))
        saved_queries.save(visit.workspace, name, query, PAGES, fields.get("title", ""), is_shared="shared" in fields)
        if fields.get("watch"):
            saved_queries.watch(visit.workspace, name, _watch(fields), PAGES)
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    done = "watched" if fields.get("watch") else "saved"
    return RedirectResponse(visit.address.at("explorer", q=forms.to_text(query), done=done), 303)


@router.post(f"{HERE}/change")
def change(visit: AVisit, fields: OwnFields) -> Response:
    """Remove a saved query, or watch it no longer."""
    try:
        if fields.get("what") == "unwatch":
            saved_queries.watch(visit.workspace, fields.get("name", ""), None, PAGES)
        else:
            saved_queries.remove(visit.workspace, fields.get("name", ""), PAGES)
    except UsageError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(visit.address.at("explorer", tab="ready", done="removed"), 303)


def _watch(fields: dict[str, str]) -> Watch:
    severity = fields.get("severity", "")
    return Watch(
        title=fields.get("title", ""),
        severity=Severity(severity) if severity in set(Severity) else Severity.MEDIUM,
        risk=fields.get("risk", ""),
        fix=fields.get("fix", ""),
    )


def _fields(visit: Visit) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in visit.address.pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _edit(visit: Visit, fields: dict[str, list[str]]) -> Response:
    """Answer an edit with the address of the query that it makes."""
    view = visit.address.first("view")
    try:
        text = forms.to_text(builder.edited(fields))
    except BadInput as wrong:
        was = visit.address.first("was") or START
        return RedirectResponse(visit.address.at("explorer", q=was, problem=f"{wrong.what} {wrong.do}".strip()), 303)
    return RedirectResponse(visit.address.at("explorer", q=text, view=view), 303)


def _answered(visit: Visit) -> Answered:
    text = visit.address.first("q") or START
    found = Answered(text, problem=visit.address.first("problem"))
    try:
        found.query = exploring.read_posed(visit.workspace, text)
        found.text = forms.to_text(found.query)
        found.found = exploring.explore(visit.workspace, found.query, cache=visit.graphs)
        found.rows = list(exploring.cells(found.found))
        found.columns = list(found.rows[0]) if found.rows else []
        found.counts = _counts(visit, found.query)
        found.unproven = exploring.unproven(visit.workspace, found.query)
    except BadQuery as wrong:
        start = wrong.column - 1
        found.pieces = (text[:start], text[start : start + len(wrong.word)] or " ", text[start + len(wrong.word) :])
        found.problem = f"{wrong.what} {wrong.do}".strip()
    except PoiseError as wrong:
        found.problem = f"{wrong.what} {wrong.do}".strip()
    return found


def _counts(visit: Visit, query: Query) -> tuple[int | None, ...]:
    """Return how many nodes each block finds; None where counting took too long."""
    started = time.monotonic()
    counted: list[int | None] = []
    for find, place in exploring.prefixes(query.find):
        if time.monotonic() - started > COUNTING_S:
            counted.append(None)
            continue
        try:
            counted.append(visit.workspace.store.exploring.count(find, place, visit.workspace.viewer))
        except UsageError:
            counted.append(None)
    return tuple(counted)


def _picture(visit: Visit, answered: Answered) -> drawing.Drawn | None:
    if answered.found is None or not answered.found.rows:
        return None
    found = exploring.subgraph(visit.workspace, answered.found, MOST_SHOWN, visit.graphs)
    return drawing.drawn(found, visit.address)


def _choices(visit: Visit) -> dict[str, Any]:
    return {
        **exploring.suggestions(visit.workspace, visit.graphs),
        "edge_kinds": tuple(EdgeKind),
        "states": tuple(EdgeState),
        "capabilities": tuple(Capability),
        "comparisons": [(operator.value, operator.value) for operator in Operator],
        "severities": tuple(Severity),
        "levels": [(level.value, level.value) for level in Severity],
    }


def _ready(visit: Visit) -> Iterator[dict[str, Any]]:
    """Yield each ready question with what it finds now; those that are not reached in time have no count."""
    started = time.monotonic()
    for template in exploring.ready():
        count = None
        if time.monotonic() - started < COUNTING_S:
            try:
                count = visit.workspace.store.exploring.count(template.query.find, 0, visit.workspace.viewer)
            except UsageError:
                count = None
        yield {"template": template, "count": count}


def _ways(visit: Visit) -> dict[str, Any]:
    """Return the ways between the two ends of the address."""
    ends = visit.address.first("from"), visit.address.first("to")
    kinds = {EdgeKind(text) for text in visit.address.values("edge") if text in set(EdgeKind)}
    shown: dict[str, Any] = {
        "from": ends[0],
        "to": ends[1],
        "edges": kinds,
        "found": None,
        "problem": "",
        "drawn": None,
    }
    if not all(ends):
        return shown
    try:
        found = exploring.ways(visit.workspace, ends, kinds, visit.graphs)
    except UsageError as wrong:
        return shown | {"problem": f"{wrong.what} {wrong.do}".strip()}
    nodes = {node["id"]: node for way in found["ways"] for node in way["nodes"]}
    edges = {(e["source"], e["target"], e["kind"]): e for way in found["ways"] for e in way["edges"]}
    first = [node["id"] for node in found["ways"][0]["nodes"]] if found["ways"] else []
    graph = {"nodes": list(nodes.values()), "edges": list(edges.values())}
    return shown | {"found": found, "drawn": drawing.drawn(graph, visit.address, first) if first else None}
