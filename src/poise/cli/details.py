"""The parts of pages about one finding or one asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from poise.cli.output.blocks import Block, Code, Paragraph
from poise.cli.output.words import moment, state_words

if TYPE_CHECKING:
    from poise.app.explain import Explanation, FindingHistory

Pairs = list[tuple[str, str]]


def finding_facts(found: Explanation) -> Pairs:
    """Return what a finding is about."""
    finding = found.finding
    asset = finding.asset
    return [
        ("Verdict", state_words(finding.verdict)),
        ("Risk", finding.risk.level.value),
        ("Check", f"{finding.check} ({finding.severity})"),
        ("Asset", f"{asset.name} ({asset.kind})"),
        ("Id", asset.id),
        ("Where", f"{asset.scope} {asset.region}"),
        ("Read", f"{moment(finding.read_at.isoformat())} from {finding.source}"),
        *([("Place", found.place)] if found.place else []),
        *([("Effect", finding.effect.value)] if finding.effect != "counted" else []),
        *([("Exemption", finding.exemption)] if finding.exemption not in (None, finding.effect.value) else []),
        *(("Left out", f"{one.id}, exempt by {one.exemption}") for one in found.left_out),
        *([("Score control", found.control)] if found.control else []),
    ]


def history(found: FindingHistory) -> Pairs:
    """Return when a finding came, changed and went."""
    times = (("First seen", found.first_seen), ("Changed", found.changed_at), ("Fixed", found.resolved_at))
    pairs = [(name, moment(time.isoformat())) for name, time in times if time]
    return pairs + ([("Came back", f"{found.reopened} times")] if found.reopened else [])


def evidence(value: Any) -> list[Block]:
    """Return the value that decided."""
    if value is None:
        return []
    return [Paragraph("Evidence:"), Code(json_text(value), "json")]


def json_text(value: Any) -> str:
    """Return a value as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
