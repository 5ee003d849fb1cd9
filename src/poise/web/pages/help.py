"""Help: the keys, and the words of the product."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.web.visit import PLACES, AVisit

router = APIRouter()

KEYS = (
    ("/", "Search, or the text filter of a list"),
    ("j", "Next row"),
    ("k", "Previous row"),
    ("x", "Tick the row"),
    ("Enter", "Open the row beside the list"),
    ("Shift Enter", "Open the row as a page"),
    ("Esc", "Close, and go back to the row; leave a field"),
    ("[", "Previous page of a list"),
    ("]", "Next page of a list"),
    ("f", "Filters"),
    ("t", "Light or dark"),
    ("?", "This list"),
)
WORDS = (
    ("Asset", "One thing in a cloud that we keep a record of: a bucket, a role, an account."),
    ("Check", "One rule that judges one type of asset."),
    ("Verdict", "What a check says of an asset: healthy, unhealthy, not applicable or unknown, always with a reason."),
    ("Unknown", "Something that the check needs could not be read. It is never counted as healthy."),
    ("Unread", "A fact that the connector was not allowed or able to read, with the reason."),
    ("Evidence", "The value that decided a verdict."),
    ("Finding", "An unhealthy or unknown verdict on an asset, with its history."),
    ("Recommendation", "What a person should do: a check with all its findings."),
    (
        "Risk",
        "The severity of the check with what is known of the asset: an addition, shown in full.",
    ),
    ("Secure score", "The points of the score controls, 0 to 100, with the range it may lie in once all is read."),
    ("Scope", "An account, subscription or project."),
    ("Exemption", "A decision not to act: reason, owner, end date."),
)


@router.get("/help")
def help_page(visit: AVisit) -> Response:
    """Show the keys and the glossary."""
    going = [(f"g {place.key}", place.title) for place in PLACES]
    return visit.page("help.html", keys=(*going, *KEYS), glossary=WORDS)
