"""Where attackers stand at first, and under which name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from poise.attackpaths.choices import Choices
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import (
    ACCOUNT,
    FUNCTIONS,
    ISSUER,
    MACHINES,
    NETWORK,
    PROGRAM,
    REPOSITORIES,
    SECRET,
    STORES,
    VAULTS,
)
from poise.attackpaths.steps import State
from poise.model.graph import EVERYONE, INTERNET, Capability, EdgeKind, Node


class Entry(NamedTuple):
    """A state that an attacker may hold from the start."""

    state: State
    kind: str
    """Class: `internet`, `anyone`, `leaked credential`, `public repository`, `foreign account`; see `priors.toml`."""


def entries(facts: Facts, choices: Choices) -> Mapping[State, str]:
    """Return the first states with their class; an assumed breach wins over what else a node is."""
    found: dict[State, str] = {
        State(INTERNET, Capability.NETWORK): INTERNET,
        State(EVERYONE, Capability.CREDENTIALS): "anyone",
    }
    found |= dict(_of_nodes(facts, choices))
    for id in choices.assumed_breaches:
        found |= dict.fromkeys(_taken(facts, id), "assumed breach")
    return found


def _of_nodes(facts: Facts, choices: Choices) -> Iterator[Entry]:
    for id, node in facts.nodes.items():
        if node.kind == SECRET and node.insights.get("leaked") is True:
            yield Entry(State(id, Capability.READ), "leaked credential")
        elif node.kind in REPOSITORIES and node.insights.get("public") is True:
            yield Entry(State(id, Capability.READ), "public repository")
        elif node.kind == ISSUER and node.insights.get("shared") is True:
            yield Entry(State(id, Capability.CREDENTIALS), "token issuer")
        elif node.kind == ACCOUNT and _is_foreign(node, choices):
            yield Entry(State(id, Capability.CREDENTIALS), "foreign account")
        elif node.kind == PROGRAM and _is_of_others(node, choices):
            yield Entry(State(id, Capability.CREDENTIALS), "foreign application")
        elif node.kind == NETWORK and id != INTERNET and not facts.into(EdgeKind.ROUTES_TO, id):
            yield from _network(node, choices)


def _is_foreign(node: Node, choices: Choices) -> bool:
    return (
        node.insights.get("foreign") is not False and node.name.removeprefix("account ") not in choices.trusted_accounts
    )


def _is_of_others(node: Node, choices: Choices) -> bool:
    """Say whether a program is known to be of another tenant, which may sign in with it."""
    trusted = {tenant.lower() for tenant in choices.trusted_tenants}
    home = str(node.insights.get("home_tenant", "")).lower()
    return node.insights.get("foreign") is True and node.insights.get("enabled") is not False and home not in trusted


def _network(node: Node, choices: Choices) -> Iterator[Entry]:
    if node.insights.get("shared") is True:
        yield Entry(State(node.id, Capability.NETWORK), "shared network")
    ranges = node.insights.get("ranges")
    if isinstance(ranges, list | tuple) and not is_trusted(ranges, choices.trusted_networks):
        yield Entry(State(node.id, Capability.NETWORK), "narrow network")


def is_trusted(ranges: Iterable[object], trusted: Iterable[str]) -> bool:
    """Say whether every range lies in one that is trusted."""
    wide = [ipaddress.ip_network(text, strict=False) for text in trusted]
    return all(any(_inside(str(text), net) for net in wide) for text in ranges)


def _inside(text: str, net: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    inner = ipaddress.ip_network(text, strict=False)
    return inner.version == net.version and inner.subnet_of(net)  # type: ignore[arg-type]


def _taken(facts: Facts, id: str) -> tuple[State, ...]:
    kind = facts.kind(id)
    if kind in MACHINES | FUNCTIONS:
        return (State(id, Capability.CODE),)
    if kind in STORES | VAULTS | {SECRET}:
        return (State(id, Capability.READ),)
    return (State(id, Capability.CREDENTIALS), State(id, Capability.CODE)) if kind else ()
