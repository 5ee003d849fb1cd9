"""Which user is in which group."""

from __future__ import annotations

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.aws.iam import IamGroup, IamUser
from poise.model.graph import Edge, EdgeKind, Evidence


def find(estate: Estate) -> Found:
    """Yield an edge from each user to each of its groups."""
    groups = {(one.scope, one.name): one.id for one in estate.of(IamGroup)}
    for user in estate.of(IamUser):
        for name in read(user, "groups") or ():
            prefix = user.id.partition(":user/")[0]
            yield Edge(
                source=user.id,
                target=groups.get((user.scope, name), f"{prefix}:group/{name}"),
                kind=EdgeKind.MEMBER_OF,
                evidence=(Evidence(asset=user.id, field="groups", says=f"it is in group {name}"),),
            )


FAMILY = Family(Width.SCOPE, find, "aws")
