"""The API of fixes: scripts that cure all findings of a check. They are given out and never run."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from poise.api.answers import Asked, whole
from poise.api.description import one
from poise.app import fixes, queries
from poise.app.parameters import FINDING_PARAMETERS, finding_filter

router = APIRouter(tags=["findings"])
AnAsked = Annotated[Asked, Depends(Asked)]
CHOOSING = {name: FINDING_PARAMETERS[name] for name in fixes.CHOOSING} | {"way": "cli or terraform"}


@router.get(
    "/checks/{id}/script", **one("A script that cures the findings of a check. Nothing is run.", None, CHOOSING)
)
def script(id: str, asked: AnAsked) -> Response:
    """Give out a script."""
    check = asked.find(queries.check_of, id)
    wanted = finding_filter(asked.reading, asked.workspace.checks)
    asked.refuse_nonsense()
    made = fixes.bulk_fix(asked.workspace, check, asked.reading.word("way") or "cli", wanted)
    return whole(asked, msgspec.to_builtins(made))
