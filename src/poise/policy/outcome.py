"""From a three-valued truth to an answer, for all clouds."""

from __future__ import annotations

from collections.abc import Iterable

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.residual import Form, Truth, all_of, any_of, unread

UNSAID = Unread("an input", "it is not said which")
"""Stands in an unknown answer that names no input."""


def truth_of(answer: Answer) -> Truth:
    """Return the truth behind an answer."""
    if answer.residual is not None:
        return answer.residual
    if answer.decision is Decision.UNKNOWN:
        return all_of(unread(gap.input, gap.reason) for gap in answer.unread or (UNSAID,))
    return answer.decision is Decision.ALLOW


def not_read(gap: Unread) -> Answer:
    """Return the answer to what one input decides that was not read."""
    return Answer(Decision.UNKNOWN, (), unread(gap.input, gap.reason), (gap,))


def all_answers(answers: Iterable[Answer]) -> Answer:
    """Return whether all of several things are allowed: the first that is denied decides."""
    answers = tuple(answers)
    denied = next((answer for answer in answers if answer.decision is Decision.DENY), None)
    if denied is not None:
        return denied
    truth = all_of(truth_of(answer) for answer in answers)
    return answer_of(truth, tuple(reason for answer in answers for reason in answer.because))


def any_answers(answers: Iterable[Answer]) -> Answer:
    """Return whether one of several things is allowed: the first that is for certain decides. At least one is given."""
    answers = tuple(answers)
    best = next((answer for answer in answers if answer.decision is Decision.ALLOW), None)
    if best is not None or len(answers) == 1:
        return best or answers[0]
    reasons = tuple(dict.fromkeys(reason for answer in answers for reason in answer.because))
    return answer_of(any_of(map(truth_of, answers)), reasons)


def answer_of(truth: Truth, because: tuple[Reason, ...]) -> Answer:
    """Return the answer: a residual with an unread input in it is `unknown`, any other `conditional`."""
    if isinstance(truth, bool):
        return Answer(Decision.ALLOW if truth else Decision.DENY, because)
    gaps = [leaf for leaf in truth.leaves() if leaf.form is Form.UNREAD]
    missing = tuple(dict.fromkeys(Unread(gap.text, gap.reason) for gap in gaps))
    return Answer(Decision.UNKNOWN if missing else Decision.CONDITIONAL, because, truth, missing)


def answer_from(truth: Truth, allows: Iterable[tuple[Truth, Reason]], denies: Iterable[tuple[Truth, Reason]]) -> Answer:
    """Return the answer with the votes that decided it: denies of a denial, otherwise allows and what narrows them."""
    allows, denies = tuple(allows), tuple(denies)
    if truth is False:
        final = tuple(reason for vote, reason in denies if vote is True)
        return answer_of(truth, final or tuple(reason for _, reason in denies))
    return answer_of(truth, tuple(reason for _, reason in (*allows, *denies)))
