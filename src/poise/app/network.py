"""Questions about the network: what reaches what, over what was last read."""

from __future__ import annotations

from typing import Any

from poise.app.naming import named
from poise.app.workspace import Workspace
from poise.attackpaths.kinds import MACHINES
from poise.model.asset import Asset
from poise.model.errors import BadInput, UsageError
from poise.policy.aws import reachability as aws
from poise.policy.aws.reaching.world import World as AwsWorld
from poise.policy.azure import reachability as azure
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet
from poise.policy.reach import Networks, Reach, the_internet

INTERNET = "internet"
PROTOCOLS = ("tcp", "udp", "icmp", "icmpv6")
Side = Asset | Networks


def reach(
    workspace: Workspace, source_text: str, target_text: str, port: str | None = None, protocol: str = "tcp"
) -> Reach:
    """Say whether packets get from one end to another.

    An end is an asset by its id or name, `internet`, or addresses (`10.0.0.0/8`, several with commas). ``port`` is
    a port or a range (`8000-8100`); None asks about all. Raises :class:`UsageError` for an end that there is not.
    """
    if protocol not in PROTOCOLS:
        raise UsageError(f"{protocol!r} is not a protocol.", f"Choose from {', '.join(PROTOCOLS)}.")
    ports = _ports(port)
    source, source_from = _end(workspace, source_text)
    target, target_from = _end(workspace, target_text)
    assets = [end for end in (source, target) if isinstance(end, Asset)]
    if not assets:
        raise UsageError("Neither end is an asset.", "Name a machine, subnet, balancer or database by its id or name.")
    if len({asset.PROVIDER for asset in assets}) > 1:
        raise UsageError("The ends are in different clouds.", "Ask for each from `internet`, or from its addresses.")
    inventory = workspace.store.inventory(target_from or source_from)
    try:
        return _judged(assets[0].PROVIDER, inventory, source, target, ports, protocol)
    except BadInput as problem:
        raise UsageError(problem.what, problem.do) from problem


def is_network(text: str) -> bool:
    """Say whether an end is `internet` or addresses, and so no asset."""
    return text.lower() == INTERNET or _addresses(text) is not None


def reach_json(found: Reach) -> dict[str, Any]:
    """Return the answer as scripts get it; ranges at an asset are everything where nothing tells them apart."""
    return {
        "decision": found.decision.value,
        "because": [{"text": one.text, "source": one.source, "rule": one.statement} for one in found.because],
        "protocol": found.protocol,
        "ports": [] if not found.ports else str(found.ports).split(", "),
        "sources": list(_ranges(found.sources)),
        "targets": list(_ranges(found.targets)),
        "unread": [{"input": gap.input, "reason": gap.reason} for gap in found.unread],
    }


def _ranges(addresses: IpSet) -> tuple[str, ...]:
    """Return ranges as people write them: a family that holds the whole internet is `0.0.0.0/0` or `::/0`."""
    v4 = ("0.0.0.0/0",) if addresses.is_internet(V4) else IpSet(v4=addresses.v4).cidrs()
    v6 = ("::/0",) if addresses.is_internet(V6) else IpSet(v6=addresses.v6).cidrs()
    return (*v4, *v6)


def _judged(provider: str, inventory: Any, source: Side, target: Side, ports: PortSet, protocol: str) -> Reach:
    if provider == "aws":
        return aws.reach(AwsWorld(inventory, protocol), source, target, ports)
    if provider == "azure":
        return azure.reach(azure.World(inventory, protocol), source, target, ports)
    raise UsageError(f"Reach is not judged for {provider} assets.", "It is for AWS and Azure.")


def _end(workspace: Workspace, text: str) -> tuple[Side, str]:
    """Return an end, and the source that read it."""
    if text.lower() == INTERNET:
        return the_internet(), ""
    addresses = _addresses(text)
    if addresses is not None:
        return Networks(addresses), ""
    detail = named(workspace, text, rather=MACHINES)
    return detail.asset, detail.row.source


def _addresses(text: str) -> IpSet | None:
    try:
        return IpSet.from_cidrs(text.split(","))
    except BadInput:
        return None


def _ports(text: str | None) -> PortSet:
    if text is None:
        return PortSet.every()
    first, _, last = text.partition("-")
    if not (first.isascii() and first.isdigit() and (not last or (last.isascii() and last.isdigit()))):
        raise UsageError(
            f"{text!r} is not a port.", f"Give a number from 0 to {LAST_PORT}, or a range such as 8000-8100."
        )
    try:
        return PortSet.of((int(first), int(last or first)))
    except BadInput as problem:
        raise UsageError(problem.what, problem.do) from problem
