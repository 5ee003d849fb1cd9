"""The API of decisions about attack paths: exempt one, and ask what changes would do. Exemptions are audited."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from poise.api.answers import Asked, whole
from poise.api.description import one
from poise.api.writing import ACTOR, ending, require_own, sent, wrong
from poise.app import paths as attack_paths
from poise.app.simulate import simulate
from poise.model.errors import BadInput, UsageError

router = APIRouter(tags=["attack paths"])
AnAsked = Annotated[Asked, Depends(Asked)]
MOST_CHANGES = 200


class Exempting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why nobody acts on a path, and until when."""

    reason: str
    until: str | None = None
    """Last day that it holds, such as 2027-06-30, or a moment; None for good."""


class Simulating(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Changes: as on the command line, and documents where it takes files."""

    changes: tuple[str, ...] = ()
    """`remove:ASSET` and `fix:PATH[:NUMBER]`."""
    documents: tuple[Any, ...] = ()
    """Lists of assets as `list assets -o json` writes them, and plans as `terraform show -json` writes them."""


@router.put("/paths/{id}/exemption", **one("Decide not to act on a path, with a reason and a last day."))
def exempt(id: str, asked: AnAsked, body: Annotated[Exempting, sent(Exempting)]) -> Response:
    """Exempt a path."""
    asked.find(attack_paths.path_row, id)
    if not body.reason.strip():
        raise wrong("reason", "say why nobody acts on it")
    try:
        attack_paths.exempt_path(asked.workspace, id, body.reason, ending(body.until), ACTOR)
    except UsageError as problem:
        raise wrong("until", problem.what) from problem
    return whole(asked, attack_paths.path(asked.workspace, id))


@router.delete("/paths/{id}/exemption", **one("Take the decision about a path back."))
def count_again(id: str, asked: AnAsked) -> Response:
    """Remove an exemption."""
    require_own(asked.request)
    asked.find(attack_paths.path_row, id)
    attack_paths.exempt_path(asked.workspace, id, "", None, ACTOR)
    return whole(asked, attack_paths.path(asked.workspace, id))


@router.post("/simulate", **one("What changes would open and close. Nothing is touched."))
def simulated(asked: AnAsked, body: Annotated[Simulating, sent(Simulating)]) -> Response:
    """Simulate changes."""
    if not 0 < len(body.changes) + len(body.documents) <= MOST_CHANGES:
        raise wrong("changes", f"expected 1 to {MOST_CHANGES} changes")
    _refuse_files(body.changes)
    try:
        return whole(asked, simulate(asked.workspace, body.changes, body.documents))
    except (UsageError, BadInput) as problem:
        raise wrong("changes", str(problem)) from problem


def _refuse_files(changes: tuple[str, ...]) -> None:
    """Refuse the names of files: what lies on the server is nobody's to read."""
    for change in changes:
        if not change.startswith(("remove:", "fix:")):
            raise wrong("changes", f"{change!r} is neither `remove:ASSET` nor `fix:PATH`; send documents instead")
