"""Checks in CEL that are written on the page: each tried on its examples before it is kept."""

from __future__ import annotations

import tomllib
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import writing_checks as writing
from poise.app.custom.own import skeleton_text
from poise.assess.custom.rule import variables
from poise.model.errors import PoiseError
from poise.model.kinds import by_kind
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()
HERE = "/custom-checks"
USUAL = "AWS::S3::Bucket"
"""Kind that a check begins with if none is chosen."""
DONE = {
    "kept": "The check is kept. It judges from the next scan on.",
    "removed": "The check and its findings are gone.",
}


@router.get(HERE)
def custom_checks(visit: AVisit) -> Response:
    """Show the checks that are kept, and one of them or a new one to write at."""
    name, kind = visit.address.first("name"), visit.address.first("kind")
    kept = writing.written(visit.workspace)
    text = kept.get(name) or skeleton_text(kind if kind in by_kind() else USUAL)
    return _page(visit, {"name": name if name in kept else "", "text": text})


@router.post(HERE)
def change(visit: AVisit, fields: OwnFields) -> Response:
    """Try, keep or remove a check; what is wrong in one is told with its place, and what was typed stays."""
    name, text = fields.get("name", "").strip(), fields.get("text", "").replace("\r\n", "\n")
    shown: dict[str, Any] = {"name": name, "text": text}
    try:
        if fields.get("what") == "remove":
            writing.remove(visit.workspace, name, PAGES)
            return RedirectResponse(f"{HERE}?done=removed", 303)
        if fields.get("what") == "try":
            return _page(visit, shown | {"tried": writing.try_out(visit.workspace, name or "tried", text)})
        writing.keep(visit.workspace, name, text, PAGES)
    except PoiseError as wrong:
        return _page(visit, shown | {"problem": f"{wrong.what} {wrong.do}".strip()}, 422)
    return RedirectResponse(visit.address.at("custom-checks", name=name, done="kept"), 303)


def _page(visit: Visit, shown: dict[str, Any], status: int = 200) -> Response:
    kept = writing.written(visit.workspace)
    known = visit.workspace.kept
    ids = {id.rpartition(".")[2]: id for id in known}
    kind = _kind(shown["text"])
    return visit.page(
        "custom_checks.html",
        status,
        kept=[(name, known.get(ids.get(name, ""))) for name in kept],
        kinds=sorted(by_kind()),
        kind=kind,
        variables=variables(by_kind()[kind]) if kind else {},
        is_kept=shown["name"] in kept,
        done=DONE.get(visit.address.first("done"), ""),
        **{"tried": None, "problem": ""} | shown,
    )


def _kind(text: str) -> str:
    """Return the kind that a definition names; empty if it names none."""
    try:
        found = tomllib.loads(text).get("kind", "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    return found if isinstance(found, str) and found in by_kind() else ""
