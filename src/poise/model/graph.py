"""The security graph: nodes, edges, and what proves each edge.

A node is an asset (its id is the asset's) or something that no provider keeps as an asset: the internet, everyone
without credentials, a foreign account, an issuer of tokens, a class of network interfaces, a secret, a vulnerability.
An edge is a fact of the estate, not an attacker's step; steps are derived from edges by `attackpaths/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

INTERNET = "internet"
"""Node: any host of the internet, which can send packets."""
EVERYONE = "everyone"
"""Node: anyone without credentials of the estate, who can call a provider's API anonymously."""


class EdgeState(StrEnum):
    """How far an edge is proven."""

    CERTAIN = "certain"
    CONDITIONAL = "conditional"
    """It holds if `condition` does."""
    UNKNOWN = "unknown"
    """Something that decides it was not read; `condition` names it."""


class EdgeKind(StrEnum):
    """What an edge says of its source and target."""

    CONTAINS = "contains"
    """The target lies in the source: organization, account, network, subnet, cluster, group of resources."""
    MEMBER_OF = "member of"
    """The principal belongs to the group."""
    ROUTES_TO = "routes traffic to"
    """Packets of the source arrive at the target, on `ports`."""
    IS_RUNNING = "is running"
    """The machine or cluster runs the workload, image or software."""
    CAN_AUTHENTICATE_AS = "can authenticate as"
    """Code on the source, or a holder of the secret, can act as the principal."""
    CAN_ASSUME = "can assume"
    """The principal may become the other principal: both the trust and the grant allow it."""
    HAS_PERMISSION = "has permission to"
    """The principal may do `actions` to the target, after all policies."""
    CAN_ESCALATE_TO = "can escalate to"
    """A row of an escalation catalogue (`rule`) holds in full for the principal."""
    HOLDS_SECRET = "holds secret"  # noqa: S105 - a kind of edge
    """A secret was found in the source."""
    HAS_VULNERABILITY = "has vulnerability"
    """A known vulnerability was matched on the source."""
    IS_ENCRYPTED_WITH = "is encrypted with"
    """Reading the source needs the key."""
    COPIES_TO = "moves data to"
    """The source's data are copied to the target: backup, snapshot, replica."""
    LOGS_TO = "delivers logs to"
    """Logs that tell of the source are kept in the target: no copy of its data."""
    PUBLISHES = "publishes"
    """Anyone may copy the target: a shared snapshot or image."""
    MAINTAINS = "maintains"
    """The repository or pipeline deploys the target."""
    TRUSTS_ISSUER = "trusts"
    """The principal accepts tokens of the issuer, foreign account or provider."""


class Capability(StrEnum):
    """What a permission, or an attacker, can do with a node."""

    NETWORK = "network"
    """Send packets to it."""
    CODE = "code"
    """Run code on it."""
    CREDENTIALS = "credentials"
    """Act as it."""
    READ = "read"
    """Read its data."""
    WRITE = "write"
    """Change its data."""
    ADMIN = "admin"
    """Administer it and everything in it."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that proves an edge."""

    asset: str
    """Id of the asset whose record holds the fact."""
    field: str
    """Field of the record; empty for the asset itself."""
    says: str
    """What the fact says, in a few words: a rule, a route, a statement."""
    place: str = ""
    """Where in the field: index of a statement, id of a rule or route."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of the graph."""

    id: str
    """The asset's id, or the name of what is no asset."""
    kind: str
    """Kind of the asset, or `internet`, `everyone`, `account`, `issuer`, `network`, `secret`, `vulnerability`."""
    name: str
    """What people call it."""
    provider: str
    """As of the asset; empty for what belongs to none."""
    scope: str
    """As of the asset; empty for what belongs to none."""
    region: str = ""
    """As of the asset; empty for what belongs to none."""
    insights: Mapping[str, Any] = {}
    """Judgements about it, by name: `exposed`, `sensitive`, `critical`, `has_mfa` ... ; a missing one is unknown."""
    tags: Mapping[str, str] = {}
    """Tags or labels of the asset."""


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """One fact between two nodes."""

    source: str
    """Id of the node that it starts from."""
    target: str
    """Id of the node that it leads to."""
    kind: EdgeKind
    """What it says."""
    state: EdgeState = EdgeState.CERTAIN
    """How far it is proven."""
    condition: str = ""
    """In words, what else must hold or what was not read; empty for a certain edge."""
    actions: tuple[str, ...] = ()
    """For a permission: the actions that are allowed, of those that the graph asks about."""
    capability: Capability | None = None
    """For a permission or escalation: what it gives its holder over the target."""
    ports: tuple[str, ...] = ()
    """For a route: protocol and port ranges, such as `tcp/443` or `udp/1000-2000`."""
    rule: str = ""
    """For an escalation: id of the row in the catalogue."""
    evidence: tuple[Evidence, ...] = ()
    """The facts that prove it."""


class EdgeDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What an edge says beside its ends; edges that say the same share one."""

    kind: EdgeKind
    """What it says; as of :class:`Edge`, like all that follows."""
    state: EdgeState
    """How far it is proven."""
    condition: str
    """What else must hold."""
    actions: tuple[str, ...]
    """Actions that are allowed."""
    capability: Capability | None
    """What it gives."""
    ports: tuple[str, ...]
    """Ports of a route."""
    rule: str
    """Row of an escalation catalogue."""
    evidence: tuple[Evidence, ...]
    """What proves it."""

    @classmethod
    def of(cls, edge: Edge) -> EdgeDetail:
        """Return what an edge says."""
        return cls(
            kind=edge.kind,
            state=edge.state,
            condition=edge.condition,
            actions=edge.actions,
            capability=edge.capability,
            ports=edge.ports,
            rule=edge.rule,
            evidence=edge.evidence,
        )

    def between(self, source: str, target: str) -> Edge:
        """Return it as an edge."""
        return Edge(
            source=source,
            target=target,
            kind=self.kind,
            state=self.state,
            condition=self.condition,
            actions=self.actions,
            capability=self.capability,
            ports=self.ports,
            rule=self.rule,
            evidence=self.evidence,
        )
