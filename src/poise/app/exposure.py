"""Who outside reaches an asset: by its policy or by being shared, and over the network from the internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from poise.app import network
from poise.app.entitlement import Ground
from poise.app.judge import statement_of
from poise.app.workspace import Workspace
from poise.model.asset import Asset, Document
from poise.model.aws.ec2 import Ec2Instance
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.rds import RdsInstance
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.sql import SqlServer
from poise.model.listings import AssetDetail
from poise.policy import exposures
from poise.policy.answer import Audience, Exposure, Level, Reason
from poise.policy.aws.holdings import Holding

ON_NETWORK = (Ec2Instance, LoadBalancer, ClassicLoadBalancer, RdsInstance, VirtualMachine, SqlServer)
"""Kinds of which the page shows the way over the network, hop by hop."""


class GrantRow(msgspec.Struct, frozen=True, kw_only=True):
    """One grant that reaches somebody outside."""

    audience: Audience
    who: str
    actions: tuple[str, ...]
    confined_by: tuple[str, ...]
    """Condition keys that narrow it."""
    because: Ground


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One way by which somebody outside may reach an asset."""

    title: str
    level: Level
    because: tuple[Ground, ...]
    grants: tuple[GrantRow, ...]
    residual: str


class Exposed(msgspec.Struct, frozen=True, kw_only=True):
    """All ways by which somebody outside may reach an asset."""

    channels: tuple[Channel, ...]
    network: dict[str, Any] | None
    """Reach from the internet as scripts get it; None for what has no place in a network."""


def is_exposable(asset: Asset) -> bool:
    """Say whether exposure means something for a kind of asset."""
    return exposures.is_exposable(type(asset))


def exposure(workspace: Workspace, detail: AssetDetail) -> Exposed:
    """Return who outside reaches an asset, with the rules that decide."""
    asset = detail.asset
    inventory = workspace.store.inventory(detail.row.source)
    document = Holding(asset, inventory).document
    has_hops = isinstance(asset, ON_NETWORK)
    found = exposures.channels(asset, inventory, with_network=not has_hops)
    channels = tuple(_channel(one.title, one.exposure, document) for one in found)
    reached = None
    if has_hops:
        reached = network.reach_json(network.reach(workspace, network.INTERNET, asset.id))
    return Exposed(channels=channels, network=reached)


def _channel(title: str, found: Exposure, document: Document | None) -> Channel:
    return Channel(
        title=title,
        level=found.level,
        because=tuple(_grounds(found.because, document)),
        grants=tuple(
            GrantRow(
                audience=grant.audience,
                who=grant.who,
                actions=grant.actions,
                confined_by=grant.confined_by,
                because=next(iter(_grounds((grant.because,), document))),
            )
            for grant in found.grants
        ),
        residual=found.residual,
    )


def _grounds(reasons: Iterable[Reason], document: Document | None) -> Iterator[Ground]:
    for reason in dict.fromkeys(reasons):
        yield Ground(
            text=reason.text,
            source=reason.source,
            statement=reason.statement,
            sid=reason.sid,
            document=statement_of(document, reason),
        )
