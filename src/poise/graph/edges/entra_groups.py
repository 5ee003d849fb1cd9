"""Who is in which group of Entra, and who may put somebody in: owners of a group add members, themselves too.

Source: Microsoft Learn, "Group owners" (an owner manages the members); a group whose members a rule chooses takes none
by hand ("Dynamic membership groups"), and one that is synchronized is changed where it comes from alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.azure.entra import EntraGroup
from poise.model.graph import Capability, Edge, EdgeKind, Evidence

DYNAMIC = "DynamicMembership"
ROW = "add_group_member"
ADD = "microsoft.directory/groups/members/update"


def find(estate: Estate) -> Found:
    """Yield an edge from each member to its group, and from each owner."""
    for group in estate.of(EntraGroup):
        for member in read(group, "members") or ():
            proof = Evidence(asset=group.id, field="members", says=f"it is a member of {group.name}")
            yield Edge(source=member.lower(), target=group.id, kind=EdgeKind.MEMBER_OF, evidence=(proof,))
        if DYNAMIC not in (read(group, "group_types") or ()) and not read(group, "synchronized"):
            yield from _owned(group)


def _owned(group: EntraGroup) -> Iterator[Edge]:
    for owner in read(group, "owners") or ():
        proof = Evidence(asset=group.id, field="owners", says=f"it owns {group.name}, and may add members")
        yield Edge(
            source=owner.lower(),
            target=group.id,
            kind=EdgeKind.CAN_ESCALATE_TO,
            actions=(ADD,),
            capability=Capability.CREDENTIALS,
            rule=ROW,
            evidence=(proof,),
        )


FAMILY = Family(Width.PROVIDER, find, "azure")
