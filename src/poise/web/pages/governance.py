"""Governance: who is on time and who is not, and what the weekly mails would say."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.api import tables
from poise.app import governing
from poise.app.governing_report import Line, report, report_rows
from poise.app.ticking_digest import messages
from poise.notify.mail import text_lines
from poise.web import files
from poise.web.visit import AVisit

router = APIRouter()
VIEWS = (("owner", "By owner"), ("rule", "By rule"), ("account", "By account"))


@router.get("/governance")
def governance(visit: AVisit) -> Response:
    """Show the report, or give it as a file."""
    found = report(visit.workspace)
    form = visit.address.first("format")
    if form in files.FORMATS:
        return files.download("governance", form, iter(report_rows(found)), tables.GOVERNANCE_COLUMNS)
    view = visit.address.first("view")
    view = view if view in dict(VIEWS) else "owner"
    lines = {"owner": found.owners, "rule": found.rules, "account": found.accounts}[view]
    return visit.page(
        "governance.html",
        report=found,
        lines=lines,
        view=view,
        views=VIEWS,
        rules=governing.rules(visit.workspace),
        link=lambda line, **more: _link(visit, view, line, more),
    )


@router.get("/governance/digest")
def digest(visit: AVisit) -> Response:
    """Show the weekly mails as they would be sent now. None is sent."""
    found = [(one, "\n".join(text_lines(one.notice))) for one in messages(visit.workspace, visit.now)]
    return visit.page("digest.html", found=found)


def _link(visit: AVisit, view: str, line: Line, more: dict[str, str]) -> str | None:
    """Return the list of the findings of a line; None where no filter says the same."""
    where = {"owner": {"owner": line.name}, "account": {"scope": line.name}}.get(view)
    if where is None or not line.name:
        return None
    status = {"status": "fixed"} if more.get("due") == "completed" else {}
    return visit.address.at("recommendations", view="flat", verdict="unhealthy", **where, **status, **more)
