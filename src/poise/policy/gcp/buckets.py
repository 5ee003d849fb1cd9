"""How far a bucket is open: its allow policies, its access control lists, and what overrules them.

Source: Cloud Storage documentation, "Public access prevention", "Uniform bucket-level access", "Access control lists".
Prevention overrules policies and lists that name everybody; uniform access switches lists off. Everybody with some
Google account is everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poise.policy.answer import Audience, Exposure, Grant, Level, Reason, Unread
from poise.policy.gcp.policies import Node
from poise.policy.gcp.principals import PUBLIC

ANYONE = frozenset(one.lower() for one in PUBLIC)


def bucket_exposure(
    nodes: Iterable[Node],
    *,
    acl: Iterable[Mapping[str, Any]] | Unread,
    uniform_access: bool,
    prevention: str | Unread,
) -> Exposure:
    """Return how far a bucket is open to people without an account of its owner's.

    ``nodes`` are the bucket and everything above it. ``prevention`` is `enforced`, or what the organization's policy
    makes of `inherited`: `enforced` or `unspecified`. ``acl`` holds the entries of the bucket's list.
    """
    gaps: list[Reason] = []
    grants = [*_of_policies(nodes, gaps), *(() if uniform_access else _of_list(acl, gaps))]
    if prevention == "enforced":
        return Exposure(Level.PRIVATE, (Reason("public access prevention is enforced"),), tuple(grants))
    if grants and isinstance(prevention, Unread):
        return Exposure(Level.UNKNOWN, (_gap(prevention), *(g.because for g in grants)), tuple(grants))
    certain = tuple(grant.because for grant in grants if not grant.confined_by)
    if certain:
        return Exposure(Level.PUBLIC, certain, tuple(grants))
    if gaps:
        return Exposure(Level.UNKNOWN, tuple(gaps), tuple(grants))
    if grants:
        conditions = " or ".join(dict.fromkeys(text for grant in grants for text in grant.confined_by))
        return Exposure(Level.PUBLIC, tuple(grant.because for grant in grants), tuple(grants), conditions)
    return Exposure(Level.PRIVATE, (Reason("neither a policy nor a list names everybody"),))


def _of_policies(nodes: Iterable[Node], gaps: list[Reason]) -> Iterator[Grant]:
    for node in nodes:
        if isinstance(node.bindings, Unread):
            gaps.append(_gap(node.bindings))
            continue
        for one in node.bindings.every:
            if ANYONE & set(one.members.special):
                because = Reason(f"{one.role} on {node.name} is given to everybody", one.index, one.title, node.name)
                confined = () if one.condition is None else (one.condition.written,)
                yield Grant(Audience.ANYONE, "*", (one.role,), because, confined)


def _of_list(acl: Iterable[Mapping[str, Any]] | Unread, gaps: list[Reason]) -> Iterator[Grant]:
    if isinstance(acl, Unread):
        gaps.append(_gap(acl))
        return
    for index, entry in enumerate(acl):
        entity, role = str(entry.get("entity") or ""), str(entry.get("role") or "")
        if entity.lower() in ANYONE:
            because = Reason(f"the access control list gives {role} to {entity}", index, source="access control list")
            yield Grant(Audience.ANYONE, "*", (role,), because)


def _gap(gap: Unread) -> Reason:
    return Reason(f"{gap.input} not read: {gap.reason}", source=gap.input)
