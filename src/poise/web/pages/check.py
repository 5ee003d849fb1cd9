"""One recommendation: what to do, where, and the rule behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import fixes, queries
from poise.model import Check, State
from poise.model.errors import UsageError
from poise.model.finding import Effect, Finding
from poise.model.listings import Counts, FindingFilter, Order
from poise.web import lists, rule
from poise.web.visit import AVisit, Visit

router = APIRouter()

TABS = ("findings", "action", "rule")
EXEMPT = "exempt"
ASKED = ("unhealthy", "unknown", "healthy", "not_applicable", EXEMPT)
NOT_COUNTED = frozenset(Effect) - {Effect.COUNTED}


@dataclass(frozen=True)
class Listed:
    """The assets of a check with one verdict."""

    verdict: str
    rows: Sequence[Finding]
    total: int
    part: lists.Part


@router.get("/recommendations/{check_id}")
def check(visit: AVisit, check_id: str) -> Response:
    """Show a check with its findings; whatever is not unhealthy has a place too."""
    found = visit.find(queries.check_of, check_id)
    wanted = FindingFilter(checks=frozenset({found.id}), scopes=visit.scopes, groups=visit.groups)
    one = next(iter(queries.recommendations(visit.workspace, wanted)), None)
    counts = _counts(one.counts if one else Counts())
    tab = visit.address.first("tab")
    return visit.page(
        "check.html",
        check=found,
        one=one,
        counts=counts,
        tab=tab if tab in TABS else TABS[0],
        rule=rule.of(visit, found),
        owned=visit.workspace.store.owning.by_check(visit.workspace.viewer, [found.id], visit.scopes).get(found.id),
        controls=visit.workspace.standards.controls_of(found.id),
        off=next((r for r in visit.workspace.store.effects.switches() if r.check == found.id and not r.scope), None),
        steps=rule.texts(found),
        scripts=[way for way in fixes.SCRIPTS if getattr(found.fix, way).strip()],
        listed=_listed(visit, found, counts),
    )


@router.get("/recommendations/{check_id}/script")
def script(visit: AVisit, check_id: str) -> Response:
    """Give out the script that cures the findings of a check in the scopes of the frame; nothing runs it here."""
    found = visit.find(queries.check_of, check_id)
    wanted = FindingFilter(scopes=visit.scopes, groups=visit.groups)
    try:
        made = fixes.bulk_fix(visit.workspace, found, visit.address.first("way") or "cli", wanted)
    except UsageError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    name = f"fix-{found.id}.{'tf' if made.way == 'terraform' else 'sh'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made.script, headers=headers, media_type="text/plain; charset=utf-8")


def _counts(counts: Counts) -> dict[str, int]:
    exempt = counts.waived + counts.mitigated + counts.grace + counts.disabled
    shown = {name: getattr(counts, name) for name in ASKED if name != EXEMPT}
    return shown | ({EXEMPT: exempt} if exempt else {})


def _listed(visit: Visit, check: Check, counts: dict[str, int]) -> Listed:
    asked = visit.address.first("verdict")
    verdict = asked if asked in counts else next((name for name in counts if counts[name]), "unhealthy")
    if verdict in (State.HEALTHY, State.NOT_APPLICABLE):
        return _from_all_verdicts(visit, check, verdict, counts[verdict])
    chosen = FindingFilter(
        states=frozenset() if verdict == EXEMPT else frozenset({State(verdict)}),
        effects=NOT_COUNTED if verdict == EXEMPT else frozenset({Effect.COUNTED}),
        checks=frozenset({check.id}),
        scopes=visit.scopes,
        groups=visit.groups,
    )
    page, part = lists.last_page(
        visit.address, Order.RISK, lambda paging: queries.findings(visit.workspace, chosen, paging)
    )
    return Listed(verdict, page.rows, page.total, part)


def _from_all_verdicts(visit: Visit, check: Check, verdict: str, total: int) -> Listed:
    wanted = FindingFilter(
        states=frozenset({State(verdict)}),
        checks=frozenset({check.id}),
        kinds=frozenset({check.asset.KIND}),
        scopes=visit.scopes,
        groups=visit.groups,
    )
    part = lists.part(visit.address, min(total, lists.COUNT_UP_TO))  # these are read one after the other
    rows = islice(queries.all_verdicts(visit.workspace, wanted), part.offset, part.offset + part.size)
    return Listed(verdict, tuple(rows), total, part)
