"""Which facts a check looks at: those in which its examples differ."""

from __future__ import annotations

from poise.model.asset import to_json
from poise.model.check import Check


def deciding_facts(check: Check) -> tuple[str, ...]:
    """Name the facts in which the examples differ: these are what the rule looks at."""
    seen: dict[str, set[str]] = {}
    for example in check.examples:
        if type(example.asset) is check.asset:
            shaped = to_json(example.asset)
            for fact in ("tags", *check.asset.FACTS):
                gap = shaped["unread"].get(fact)
                value = shaped["tags"] if fact == "tags" else shaped["record"].get(fact)
                seen.setdefault(fact, set()).add(f"unread {gap}" if gap else repr(value))
    return tuple(fact for fact, values in seen.items() if len(values) > 1)
