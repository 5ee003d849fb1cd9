"""Who is in which group of Entra, who may activate that, and who may add members: owners may, themselves too.

Source: Microsoft Learn, "Group owners" (an owner manages the members); a group whose members a rule chooses takes none
by hand ("Dynamic membership groups"), and one that is synchronized is changed where it comes from alone; owners of a
group under restricted management do not reach it ("Restricted management administrative units"). Who is eligible
activates membership or ownership for a while ("Privileged Identity Management (PIM) for Groups").
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.judging import Standing, unread_standing
from poise.model.azure.entra import EntraGroup
from poise.model.graph import Capability, Edge, EdgeKind, EdgeState, Evidence
from poise.policy.answer import Unread
from poise.policy.azure.gathering import MEMBER, target_of

DYNAMIC = "DynamicMembership"
ROW = "add_group_member"
ADD = "microsoft.directory/groups/members/update"
CERTAIN = Standing(EdgeState.CERTAIN, "")


def find(estate: Estate) -> Found:
    """Yield an edge from each member to its group, from each owner, and from whoever may become one of them."""
    for group in estate.of(EntraGroup):
        for member in read(group, "members") or ():
            proof = Evidence(asset=group.id, field="members", says=f"it is a member of {group.name}")
            yield Edge(source=member.lower(), target=group.id, kind=EdgeKind.MEMBER_OF, evidence=(proof,))
        stands = _stands(group, estate)
        if stands is not None:
            for owner in read(group, "owners") or ():
                proof = Evidence(asset=group.id, field="owners", says=f"it owns {group.name}, and may add members")
                yield _owned(group, owner.lower(), stands, proof)
        yield from _eligible(group, stands)


def takes_members(group: EntraGroup) -> bool:
    """Say whether members are added to a group by hand, in this directory."""
    return DYNAMIC not in (read(group, "group_types") or ()) and not read(group, "synchronized")


def _stands(group: EntraGroup, estate: Estate) -> Standing | None:
    """Return how far owners are sure to reach a group; None: they do not."""
    if not takes_members(group):
        return None
    target = target_of(group.id, group.scope, estate.inventory)
    if isinstance(target.units, Unread):
        return unread_standing(target.units.input, target.units.reason)
    return None if target.is_restricted else CERTAIN


def _eligible(group: EntraGroup, stands: Standing | None) -> Iterator[Edge]:
    for one in read(group, "eligible") or ():
        until = f" until {one.ends}" if one.ends else ""
        what = "membership" if one.access == MEMBER else "ownership"
        proof = Evidence(asset=group.id, field="eligible", says=f"it may activate {what} of {group.name}{until}")
        needed = Standing(EdgeState.CONDITIONAL, f"{what} in group {group.name} is activated")
        if one.access != MEMBER and stands is not None:
            yield _owned(group, one.principal_id, needed if stands is CERTAIN else stands, proof)
        elif one.access == MEMBER:
            yield Edge(
                source=one.principal_id,
                target=group.id,
                kind=EdgeKind.MEMBER_OF,
                state=needed.state,
                condition=needed.condition,
                evidence=(proof,),
            )


def _owned(group: EntraGroup, owner: str, stands: Standing, proof: Evidence) -> Edge:
    return Edge(
        source=owner,
        target=group.id,
        kind=EdgeKind.CAN_ESCALATE_TO,
        state=stands.state,
        condition=stands.condition,
        actions=(ADD,),
        capability=Capability.CREDENTIALS,
        rule=ROW,
        evidence=(proof,),
    )


FAMILY = Family(Width.PROVIDER, find, "azure")
