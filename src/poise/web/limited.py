"""What a viewer who may not see everything is not given: writes, and what is about all that is stored.

Lists, sums and details know their viewer. What stands here has no part that a viewer could be shown: decisions of the
organization, settings, scans, and answers that take the whole estate into account.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from poise.web.own import QUESTIONS, Answer

ASKING = frozenset({"/api/v1/query"})
"""Addresses that are asked by sending a question, and change nothing."""
WHOLE = (
    *("/settings", "/simulate", "/act", "/governance/rules", "/governance/exemptions", "/governance/digest"),
    *("/governance/groups", "/attack-paths/top-fixes", "/custom-checks"),
    *(
        "/api/v1/scans",
        "/api/v1/custom-checks",
        "/api/v1/exemptions",
        "/api/v1/governance/rules",
        "/api/v1/notifications",
        "/api/v1/score/settings",
        "/api/v1/paths/top-fixes",
    ),
)
"""Where addresses begin that are about all that is stored."""
PROOFS = re.compile(r"/api/v1/paths/[^/]+/(fixes|what-if)")
"""Proofs of fixes: the whole estate is searched again for them."""
REFUSED = "You see a part of what is stored, and this is about all of it."


class ForLimited:
    """Refuses what is not for a viewer who sees a part."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and is_refused(scope["method"], scope["path"]):
            await self._answer(Request(scope, receive), 403, REFUSED, "")(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_refused(method: str, path: str) -> bool:
    """Whether a request is not for a viewer who sees a part."""
    if method not in QUESTIONS and path not in ASKING:
        return True
    return bool(PROOFS.fullmatch(path)) or any(path == start or path.startswith(f"{start}/") for start in WHOLE)
