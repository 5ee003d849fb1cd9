"""Questions over many subjects: who can do this in a cluster."""

from __future__ import annotations

from collections.abc import Iterator

from poise.policy.answer import Answer, Decision, Unread
from poise.policy.kubernetes.permissions import ANONYMOUS, AUTHENTICATED, MASTERS, Inputs, Request, Subject, can


def who_can(request: Request, inputs: Inputs) -> Iterator[tuple[Subject, Answer]]:
    """Yield every user and service account of a binding that can, or may, do it, and a member of every group.

    Somebody without any credentials is asked too.
    """
    for subject in _subjects(inputs):
        answer = can(subject, request, inputs)
        if answer.decision is not Decision.DENY:
            yield subject, answer


def _subjects(inputs: Inputs) -> list[Subject]:
    bindings = () if isinstance(inputs.bindings, Unread) else inputs.bindings.every
    users = {user for one in bindings for user in one.users} | {ANONYMOUS}
    groups = {group for one in bindings for group in one.groups} | {MASTERS, AUTHENTICATED}
    members = [Subject(f"a member of {group}", frozenset({group})) for group in sorted(groups)]
    return [*map(Subject.of, sorted(users)), *members]
