"""What a packet filter does with packets that no rule names."""

from __future__ import annotations

import re

from poise.model.host.system import Firewall

LAST = re.compile(r"-A INPUT -j (DROP|REJECT)\b.*")
"""A last rule of iptables that takes what the others left."""


def is_closed(filter: Firewall) -> bool:
    """Tell whether what no rule names is dropped: by the policy, or by a last rule of the chain that takes the rest."""
    rules = [rule for rule in filter.rules if rule.startswith("-A INPUT ")]
    return filter.input_policy in ("drop", "reject") or bool(rules and LAST.fullmatch(rules[-1]))
