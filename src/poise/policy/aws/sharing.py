"""Judges whom a resource policy lets in: the same for queues, topics, secrets, repositories and their like."""

from __future__ import annotations

from poise.model.verdict import Verdict, healthy, not_applicable, unhealthy, unknown
from poise.policy.answer import Exposure, Level


def open_verdict(exposure: Exposure) -> Verdict:
    """Judge whether a resource policy lets everyone in."""
    reasons = "; ".join(reason.text for reason in exposure.because)
    if exposure.is_public:
        return unhealthy(reasons, seen=list(exposure.actions))
    if exposure.level is Level.UNKNOWN:
        return unknown(reasons)
    return healthy("its policy does not let everyone in")


def shared_verdict(exposure: Exposure) -> Verdict:
    """Judge whether a resource policy lets in accounts that are not among those it was judged to trust."""
    if exposure.accounts:
        return unhealthy(f"its policy lets in {', '.join(exposure.accounts)}", seen=list(exposure.accounts))
    if exposure.is_public:
        return not_applicable("it is open to everyone: another check reports that")
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    return healthy("its policy names no other account")
