"""What the listeners of load balancers speak: plain HTTP, and which versions of TLS."""

from __future__ import annotations

import re
from collections.abc import Iterable

from poise.model.aws.elb import ClassicListener, ClassicLoadBalancer, Listener, ListenerAction, LoadBalancer

HTTP = "HTTP"
HARMLESS = ("fixed-response",)
Version = tuple[int, int]
NAMED = re.compile(r"^ELBSecurityPolicy-(?:TLS13|TLS|FS)-1-([0-3])-[A-Za-z0-9-]+$")
"""Names that tell the lowest version: `ELBSecurityPolicy-TLS13-1-2-2021-06` admits TLS 1.2 and later."""
UNNAMED = {
    "ELBSecurityPolicy-2016-08": (1, 0),
    "ELBSecurityPolicy-2015-05": (1, 0),
    "ELBSecurityPolicy-2015-03": (1, 0),
    "ELBSecurityPolicy-2015-02": (1, 0),
    "ELBSecurityPolicy-2014-10": (1, 0),
    "ELBSecurityPolicy-2014-01": (1, 0),
    "ELBSecurityPolicy-2011-08": (1, 0),
    "ELBSecurityPolicy-FS-2018-06": (1, 0),
}
"""Lowest version of the others (Elastic Load Balancing user guides, "Security policies")."""
TLS_NEGOTIATION = "SSLNegotiationPolicyType"


def lowest_tls(policy: str) -> Version | None:
    """Return the lowest TLS version that a predefined security policy admits; None for a name not known here."""
    named = NAMED.match(policy)
    return (1, int(named[1])) if named else UNNAMED.get(policy)


def serves_plain_http(balancer: LoadBalancer) -> list[int]:
    """Return the ports on which an application load balancer serves over plain HTTP, sorted.

    Sending to HTTPS and a fixed answer are not serving. The rules are looked at only if no default serves and there
    is an HTTP listener at all.
    """
    plain = [one for one in balancer.listeners if one.protocol == HTTP]
    ports = _ports(one for one in plain if _serves(one.default_actions))
    if ports or not plain:
        return ports
    serving = {rule.listener for rule in balancer.rules if _serves(rule.actions)}
    return _ports(one for one in plain if one.arn in serving)


def classic_protocols(listener: ClassicListener, balancer: ClassicLoadBalancer) -> frozenset[str]:
    """Return the protocols that a listener of a classic load balancer admits; empty if that is not known."""
    policies = (one for one in balancer.policies if one.name in listener.policies and one.type == TLS_NEGOTIATION)
    return frozenset(protocol for policy in policies for protocol in policy.protocols)


def _ports(listeners: Iterable[Listener]) -> list[int]:
    return sorted(one.port for one in listeners if one.port is not None)


def _serves(actions: Iterable[ListenerAction]) -> bool:
    return any(not _is_safe(action) for action in actions)


def _is_safe(action: ListenerAction) -> bool:
    if action.type == "redirect":
        return action.redirect_protocol == "HTTPS"
    return action.type in HARMLESS
