"""Titles of findings, as people say them."""

from __future__ import annotations

from collections.abc import Sequence

from poise.attackpaths.facts import Facts
from poise.attackpaths.path import Signature, Stage
from poise.model.graph import Capability

WHO = {
    "internet": "Anyone on the internet",
    "anyone": "Anyone",
    "leaked credential": "Whoever found a leaked credential",
    "public repository": "Any reader of a public repository",
    "foreign account": "A foreign account",
    "foreign application": "Whoever runs {entry}, an application of another tenant,",
    "token issuer": "Anyone with a token of a foreign issuer",
    "narrow network": "Somebody in a partner's network",
    "shared network": "Somebody in a cloud that everybody may rent",
    "assumed breach": "Whoever has taken {entry}",
}
DOES = {
    Capability.READ: "read",
    Capability.WRITE: "change",
    Capability.CODE: "run code on",
    Capability.CREDENTIALS: "act as",
    Capability.ADMIN: "administer",
    Capability.NETWORK: "reach",
}
WHAT = {"sensitive data": "sensitive data in ", "secrets": "the secret ", "critical asset": "the critical asset "}


def title_of(facts: Facts, signature: Signature, stages: Sequence[Stage]) -> str:
    """Return the title of a finding: who can do what, and as whom."""
    last = stages[-1]
    who = WHO[signature.entry].format(entry=facts.name(stages[0].state.node))
    what = f"{WHAT.get(signature.target, '')}{facts.name(last.state.node)}"
    more = f" and {len(last.nodes) - 1} more" if len(last.nodes) > 1 else ""
    through = _through(facts, stages)
    return f"{who} can {DOES[last.state.capability]} {what}{more}{through}"


def _through(facts: Facts, stages: Sequence[Stage]) -> str:
    """Name the last thing that is taken over before the target."""
    held = (Capability.CREDENTIALS, Capability.CODE)
    names = [stage for stage in stages[1:-1] if stage.state.capability in held]
    if not names:
        return ""
    node, others = names[0].state.node, len(names[0].nodes) - 1
    return f" through {facts.name(node)}" + (f" and {others} more" if others else "")
