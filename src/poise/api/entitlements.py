"""The API of permissions and reach: the questions of the command line, answered by the same functions."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from poise.api.answers import Asked, whole
from poise.api.description import one
from poise.app import entitlements, network
from poise.app.entitlement import Entitlement
from poise.app.entitlements import Abilities, Holders

MOST_ROWS = 200
LONGEST = 2048

router = APIRouter(tags=["questions"])
AnAsked = Annotated[Asked, Depends(Asked)]
Principal = Annotated[
    str,
    Query(min_length=1, max_length=LONGEST, description="A user or role by ARN or name, `everyone`, or an object id"),
]
Action = Annotated[str, Query(min_length=1, max_length=LONGEST, description="An action such as s3:GetObject")]
AnAsset = Annotated[str, Query(min_length=1, max_length=LONGEST, description="An asset by its id or name")]
Through = Annotated[str, Query(max_length=LONGEST, description="A VPC end point that is asked through")]
From = Annotated[
    str, Query(alias="from", min_length=1, max_length=LONGEST, description="An asset, `internet`, or addresses")
]
To = Annotated[
    str, Query(alias="to", min_length=1, max_length=LONGEST, description="An asset, `internet`, or addresses")
]
Port = Annotated[str | None, Query(max_length=11, description="A port or a range such as 8000-8100; all if not given")]
Protocol = Annotated[str, Query(max_length=8, description="tcp, udp, icmp or icmpv6")]
Rows = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows at once")]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="Number of the page, from 1")]


@router.get("/permissions/can", **one("Whether a principal may do something to an asset, and why.", Entitlement))
def can(asked: AnAsked, principal: Principal, action: Action, asset: AnAsset, through: Through = "") -> Response:
    """Answer one question."""
    found = entitlements.can(asked.workspace, principal, action, asset, through)
    return whole(asked, entitlements.entitlement_json(found))


@router.get("/permissions/who-can", **one("Everybody who may do something to an asset, outsiders first.", Holders))
def who_can(asked: AnAsked, action: Action, asset: AnAsset, per_page: Rows = 50, page: Page = 1) -> Response:
    """List everybody who may."""
    found = entitlements.who_can(asked.workspace, action, asset)
    first = (page - 1) * per_page
    shaped = msgspec.to_builtins(msgspec.structs.replace(found, rows=found.rows[first : first + per_page]))
    return whole(asked, {"total": len(found.rows), **shaped})


@router.get("/permissions/what-can", **one("What a principal may do, by kind of asset.", Abilities))
def what_can(asked: AnAsked, principal: Principal) -> Response:
    """Sum up what a principal may do."""
    return whole(asked, msgspec.to_builtins(entitlements.what_can(asked.workspace, principal)))


@router.get("/reach", **one("Whether the network lets one thing reach another, and what decides."))
def reach(asked: AnAsked, source: From, target: To, port: Port = None, protocol: Protocol = "tcp") -> Response:
    """Answer whether packets get there."""
    return whole(asked, network.reach_json(network.reach(asked.workspace, source, target, port, protocol)))
