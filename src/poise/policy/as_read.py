"""What an unknown answer comes to by what was read alone: a limit that was not read counts as no limit.

A limit takes rights away: guardrails of an organization, session policies, boundaries, deny assignments, locks, what a
directory asks of a sign-in. What could grant a right and was not read makes the answer stay unknown, unless something
that was read grants it.
"""

from __future__ import annotations

from poise.policy.answer import Answer, Decision
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, negate

LIMITS = (
    *("service control policies", "resource control policies", "session policies", "permissions boundary"),
    *("deny assignments", "locks", "conditional access policies"),
)
"""Beginnings of the names of inputs that only take rights away."""


def as_far_as_read(answer: Answer) -> tuple[Decision, Residual | None]:
    """Return the decision by what was read, with the condition that is left; unknown where nothing read grants it."""
    if answer.decision is not Decision.UNKNOWN or answer.residual is None:
        return answer.decision, answer.residual
    truth = _read(answer.residual)
    if isinstance(truth, Residual):
        return Decision.CONDITIONAL, truth
    return (Decision.ALLOW if truth else Decision.UNKNOWN), None


def _read(truth: Residual) -> Truth:
    if truth.form is Form.UNREAD:
        return truth.test == "allow" and truth.text.startswith(LIMITS)
    if truth.form is Form.CONDITION:
        return truth
    parts = [_read(part) for part in truth.parts]
    if truth.form is Form.NOT:
        return negate(parts[0])
    return all_of(parts) if truth.form is Form.ALL else any_of(parts)
