"""What identity policies grant by themselves: the policies of one principal, taken together.

Boundaries, guardrails and the policies of resources are the business of :mod:`poise.policy.aws.evaluation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from poise.policy import globs
from poise.policy.answer import Answer, Decision, Reason
from poise.policy.aws.context import Context, Value
from poise.policy.aws.document import Statement
from poise.policy.aws.matching import Question, applies
from poise.policy.aws.outcome import answer_of, truth_of
from poise.policy.aws.sources import Documents, Source, reason_of, sources_of
from poise.policy.aws.votes import Votes, collect
from poise.policy.residual import Truth, all_of, any_of, negate, unread

ALL_IAM = "arn:aws*:iam::*"
"""Everything of IAM in any partition."""
WIDENING = (
    *("iam:AttachUserPolicy", "iam:AttachRolePolicy", "iam:AttachGroupPolicy", "iam:PutUserPolicy"),
    *("iam:PutRolePolicy", "iam:PutGroupPolicy", "iam:CreatePolicyVersion", "iam:CreateAccessKey"),
    *("iam:AddUserToGroup", "iam:UpdateAssumeRolePolicy", "iam:CreateLoginProfile"),
)
"""Actions by which a principal can give itself everything: as long as one is left, it is an administrator."""


def allows(
    documents: Documents, action: str, resource: str = "*", context: Mapping[str, Value] | None = None
) -> Answer:
    """Say whether identity policies allow an action on a resource.

    Either may be a pattern: then `allow` means all of it, `conditional` a part. ``context`` holds what is
    known of the request by condition key; None as a value is: known to be missing.
    """
    return ask(sources_of(documents), Question.of(action, resource, Context.of(context)))


def is_admin(documents: Documents, context: Mapping[str, Value] | None = None) -> Answer:
    """Say whether identity policies make an administrator.

    That is: some statement allows every action, or all but a list, on every resource; and of the actions by
    which a principal widens itself at least one is not denied. A conditional deny gives `conditional`.
    """
    sources = sources_of(documents)
    known = Context.of(context)
    broad = any_of((_all_is_allowed(sources, known), *_unclear(sources)))
    if broad is False:
        return Answer(Decision.DENY, (Reason("no statement allows every action on every resource"),))
    answers = [ask(sources, Question.of(action, "*", known)) for action in WIDENING]
    left = any_of(truth_of(answer) for answer in answers)
    because = tuple(reason_of(source, s, "allows every action") for source, s in _statements(sources) if _is_broad(s))
    denied = () if left is True else tuple(dict.fromkeys(r for a in answers for r in a.because))
    return answer_of(all_of((broad, left)), because if left is True else (*because, *denied))


def ask(sources: tuple[Source, ...], question: Question) -> Answer:
    """Answer a question from identity policies alone."""
    votes = collect("identity policies", sources, question)
    truth = all_of((votes.allow, negate(votes.deny)))
    return answer_of(truth, _because(truth, votes, question))


def _statements(sources: Iterable[Source]) -> Iterator[tuple[Source, Statement]]:
    return ((source, statement) for source in sources for statement in source.policy.statements)


def _because(truth: Truth, votes: Votes, question: Question) -> tuple[Reason, ...]:
    if truth is False:
        sure = tuple(reason for about, reason in votes.denies if about is True)
        return sure or (Reason(f"no statement allows {question.shown} on {question.resource}"),)
    granting = tuple(r for about, r in votes.allows if about is True) or tuple(r for _, r in votes.allows)
    return granting if truth is True else (*granting, *(reason for _, reason in votes.denies))


def _all_is_allowed(sources: tuple[Source, ...], known: Context) -> Truth:
    return any_of(applies(s, _everything(s, known)) for _, s in _statements(sources) if _is_broad(s))


def _unclear(sources: tuple[Source, ...]) -> Iterator[Truth]:
    """Yield what may allow everything as far as can be understood."""
    for source in sources:
        if not source.policy.is_readable:
            yield unread(source.name or "policy", "; ".join(source.policy.problems))
    for source, statement in _statements(sources):
        if statement.problem and statement.is_allow:
            yield unread(f"{statement.place} of {source.name or 'policy'}", statement.problem)


def _is_broad(statement: Statement) -> bool:
    """Whether it allows all actions, or all but a list, on all resources."""
    if not statement.is_allow or statement.problem:
        return False
    everywhere = any(globs.covers(r, ALL_IAM) for r in statement.resources or ())
    if statement.actions is not None:
        return everywhere and globs.MANY in statement.actions
    return everywhere and not any(globs.covers(pattern, "iam:*") for pattern in statement.not_actions or ())


def _everything(statement: Statement, context: Context) -> Question:
    """Ask with an action that the statement is about, so that only its conditions are left."""
    asked = (Question.of(action, "*", context) for action in WIDENING)
    about = (question for question in asked if applies(statement, question) is not False)
    return next(about, Question("*", "*", context))
